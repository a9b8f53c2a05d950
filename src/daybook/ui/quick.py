"""Templates compiled to do less: Django's language and its meaning, with the work of a page taken out of its rows.

What cannot change is done when a template is compiled (icons, static addresses) or once (words of the interface,
addresses of pages by name). Variables are looked up by what their values are, without an exception a step, and plain
texts are escaped directly. Whatever is not known here renders as Django has it. Used where templates are cached; with
`DAYBOOK_DEBUG` Django's own nodes render, which say more of a mistake.
"""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any, TypeVar
from uuid import UUID

from django.template import Context, Template, TemplateDoesNotExist
from django.template.base import (
    FilterExpression,
    Lexer,
    Node,
    NodeList,
    Parser,
    TextNode,
    Token,
    Variable,
    VariableDoesNotExist,
    VariableNode,
    render_value_in_context,
)
from django.template.defaulttags import URLNode
from django.template.library import SimpleNode
from django.template.loaders import base, cached
from django.templatetags.i18n import TranslateNode
from django.templatetags.static import StaticNode
from django.urls import NoReverseMatch, get_script_prefix
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from daybook.ui.links import record_link

_MISSING = object()
_Tag = TypeVar("_Tag", bound=Callable[..., str])
_CONSTANT: set[Callable[..., str]] = set()
_BY_KEY: dict[type, bool] = {}  # whether values of a type can be asked by key


def constant(tag: _Tag) -> _Tag:
    """A simple tag whose answer follows from its arguments alone: with constants, it is asked when a template compiles."""
    _CONSTANT.add(tag)
    return tag


class QuickVariable(Variable):
    """A variable that is looked up by the type of what it goes through."""

    __slots__ = ("first", "rest")

    def __init__(self, var: str) -> None:
        super().__init__(var)
        self.first, *self.rest = self.lookups or ()

    def resolve(self, context: Any) -> Any:
        found = self.find(context)
        if found is _MISSING:
            raise VariableDoesNotExist("Failed lookup for key [%s]", (self.var,))
        return found

    def find(self, context: Any) -> Any:
        """The value, or `_MISSING`."""
        first = self.first
        for level in reversed(context.dicts):
            if first in level:
                value = level[first]
                break
        else:
            return _MISSING
        if callable(value):
            return self._find_slowly(context)
        for name in self.rest:
            kind = type(value)
            if kind is dict:
                if name not in value:
                    return self._find_slowly(context) if name.isdigit() or hasattr(value, name) else _MISSING
                value = value[name]
            else:
                by_key = _BY_KEY.get(kind)
                if by_key is None:
                    by_key = _BY_KEY[kind] = hasattr(kind, "__getitem__")
                if by_key:
                    return self._find_slowly(context)
                try:
                    value = getattr(value, name)
                except AttributeError:
                    return self._find_slowly(context)
            if callable(value):
                return self._find_slowly(context)
        return value

    def _find_slowly(self, context: Any) -> Any:
        try:
            return self._resolve_lookup(context)  # type: ignore[attr-defined]
        except VariableDoesNotExist:
            return _MISSING


def _quick(variable: Any) -> Any:
    if isinstance(variable, Variable) and variable.lookups is not None and not variable.translate:
        return QuickVariable(str(variable.var))
    return variable


class QuickExpression(FilterExpression):
    """A filter expression over quick variables."""

    __slots__ = ("is_plain",)

    def __init__(self, token: str, parser: Parser) -> None:
        super().__init__(token, parser)
        self.var = _quick(self.var)
        self.filters = [(func, [(lookup, _quick(arg)) for lookup, arg in args]) for func, args in self.filters]
        self.is_plain = isinstance(self.var, QuickVariable) and not self.filters

    def resolve(self, context: Any, ignore_failures: bool = False) -> Any:
        if not self.is_plain:
            return super().resolve(context, ignore_failures)
        found = self.var.find(context)
        if found is _MISSING:
            return None if ignore_failures else context.template.engine.string_if_invalid
        return found

    @property
    def is_constant(self) -> bool:
        return not self.is_var and not self.filters


def _text(value: Any, context: Context) -> str:
    """A value as a page shows it."""
    kind = type(value)
    if kind is SafeString:
        return value  # type: ignore[no-any-return]
    if kind is str and context.autoescape:
        return escape(value)
    return render_value_in_context(value, context)  # type: ignore[no-any-return, attr-defined]


def _language(context: Any) -> str | None:
    """The language of this rendering, asked for once (no template changes it on its way)."""
    try:
        return context.kept_language  # type: ignore[no-any-return]
    except AttributeError:
        context.kept_language = get_language()
        return context.kept_language  # type: ignore[no-any-return]


class QuickVariableNode(VariableNode):
    def render_annotated(self, context: Context) -> str:
        return _text(self.filter_expression.resolve(context), context)


class QuickSimpleNode(SimpleNode):
    """A simple tag: its answer is nearly always safe already."""

    def render(self, context: Context) -> str:
        args = [each.resolve(context) for each in self.args]
        if self.takes_context:
            args.insert(0, context)
        kwargs = {name: each.resolve(context) for name, each in self.kwargs.items()} if self.kwargs else {}
        output = self.func(*args, **kwargs)
        if self.target_var is not None:
            context[self.target_var] = output
            return ""
        if not context.autoescape or type(output) is SafeString:
            return output  # type: ignore[no-any-return]
        return escape(output) if type(output) is str else conditional_escape(output)


class KeptTranslateNode(Node):
    """A constant of the interface: translated once a language."""

    child_nodelists = ()

    def __init__(self, node: TranslateNode) -> None:
        self.node = node
        self.name = node.asvar
        self.texts: dict[str | None, str] = {}

    def render_annotated(self, context: Context) -> str:
        language = _language(context)
        text = self.texts.get(language)
        if text is None:
            said = self.node.render(context)
            text = self.texts[language] = context[self.name] if self.name else said
        if self.name:
            context[self.name] = text
            return ""
        return text


class KeptUrlNode(Node):
    """The address of a page that has one name and no arguments: found once, whatever business is before it."""

    child_nodelists = ()

    def __init__(self, node: URLNode) -> None:
        self.node = node
        self.name = node.asvar
        self.rest: str | None = None

    def render_annotated(self, context: Context) -> str:
        prefix = get_script_prefix()
        if self.rest is None:
            said = self.node.render(context)
            url = str(context[self.name] if self.name else said)
            if not url.startswith(prefix):  # no such page
                return said
            self.rest = url.removeprefix(prefix)
        url = prefix + self.rest
        if self.name:
            context[self.name] = url
            return ""
        return url


class RecordUrlNode(Node):
    """The address of a page whose only argument is an id, as the rows of a list have it."""

    child_nodelists = ()

    def __init__(self, node: URLNode) -> None:
        self.node = node
        self.name = node.asvar
        self.page = str(node.view_name.var)
        self.key = node.args[0]

    def render_annotated(self, context: Context) -> str:
        key = self.key.resolve(context)
        if type(key) is not UUID:
            return self.node.render(context)
        try:
            url = record_link(self.page, key)
        except NoReverseMatch:
            return self.node.render(context)
        if self.name:
            context[self.name] = url
            return ""
        return url


def _are_constant(values: Any) -> bool:
    return all(isinstance(value, QuickExpression) and value.is_constant for value in values)


def _quicker(node: Node) -> Node:
    """The node that does the same with less, where there is one."""
    kind: type = type(node)
    if kind is VariableNode:
        return QuickVariableNode(node.filter_expression)  # type: ignore[attr-defined]
    if isinstance(node, SimpleNode) and kind is SimpleNode:
        constant = node.func in _CONSTANT and node.target_var is None
        if constant and _are_constant([*node.args, *node.kwargs.values()]):
            values = {name: each.var for name, each in node.kwargs.items()}
            return TextNode(node.func(*[each.var for each in node.args], **values))
        return QuickSimpleNode(node.func, node.takes_context, node.args, node.kwargs, node.target_var)
    if isinstance(node, TranslateNode):
        expression = node.filter_expression
        is_literal = isinstance(expression.var, Variable) and expression.var.lookups is None
        kept = is_literal and not expression.filters and not node.noop and node.message_context is None
        return KeptTranslateNode(node) if kept else node
    if isinstance(node, URLNode):
        if node.kwargs or len(node.args) > 1 or not _are_constant([node.view_name]):
            return node
        return RecordUrlNode(node) if node.args else KeptUrlNode(node)
    if isinstance(node, StaticNode) and node.varname is None and _are_constant([node.path]):
        return TextNode(conditional_escape(StaticNode.handle_simple(node.path.var)))
    return node


class QuickParser(Parser):
    def compile_filter(self, token: str) -> QuickExpression:
        return QuickExpression(token, self)

    def extend_nodelist(self, nodelist: NodeList, node: Node, token: Token) -> None:
        quicker = _quicker(node)
        if quicker is not node and isinstance(quicker, TextNode):
            nodelist.contains_nontext = True
        super().extend_nodelist(nodelist, quicker, token)


class QuickTemplate(Template):
    def compile_nodelist(self) -> NodeList:
        parser = QuickParser(
            Lexer(self.source).tokenize(), self.engine.template_libraries, self.engine.template_builtins, self.origin
        )
        nodelist: NodeList = parser.parse()
        self.extra_data: dict[str, Any] = parser.extra_data
        return nodelist


class _QuickLoader(base.Loader):
    """Django's way to a template's text, with our template at its end."""

    def get_template(self, template_name: str, skip: Any = None) -> Template:
        tried = []
        for origin in self.get_template_sources(template_name):
            if skip is not None and origin in skip:
                tried.append((origin, "Skipped to avoid recursion"))
                continue
            try:
                contents = self.get_contents(origin)  # type: ignore[attr-defined]
            except TemplateDoesNotExist:
                tried.append((origin, "Source does not exist"))
                continue
            return QuickTemplate(contents, origin, str(template_name), self.engine)
        raise TemplateDoesNotExist(template_name, tried=tried)


class Loader(cached.Loader, _QuickLoader):
    """Django's cached loader, which asks the next class for a template that it does not have yet: ours."""
