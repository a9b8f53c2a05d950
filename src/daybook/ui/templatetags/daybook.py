"""Tags and filters of every page. Loaded everywhere as builtins; all take locale, zone and currency from `business`."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus, urlencode

from django import template
from django.conf import settings
from django.template.base import Node, NodeList, Parser, Token
from django.templatetags.static import static
from django.urls import get_script_prefix
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from daybook.core.money import Money
from daybook.core.reasons import Reason
from daybook.ui import fields, format, sentences
from daybook.ui.colours import hue_class
from daybook.ui.listing import Listing
from daybook.ui.quick import constant
from daybook.ui.states import look
from daybook.ui.terms import capital, word

register = template.Library()
Context = template.Context

ICON_LIST = Path(__file__).resolve().parent.parent / "icons.txt"


@lru_cache(maxsize=1)
def icon_names() -> frozenset[str]:
    """Names that the sprite holds."""
    lines = (line.split("#")[0].strip() for line in ICON_LIST.read_text().splitlines())
    return frozenset(line.partition("=")[0].strip() for line in lines if line)


@register.simple_tag
@lru_cache(maxsize=1)
def icon_sprite() -> str:
    """The sprite's address; asked for by every icon of every row."""
    return static("vendor/icons.svg")


@lru_cache(maxsize=1024)
def _icon(name: str, classes: str, label: str, sprite: str) -> SafeString:
    if name not in icon_names():
        if settings.DEBUG:
            raise ValueError(f"no icon {name!r}: add it to ui/icons.txt and run `make setup`")
        name = "circle"
    named = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="icon{}" {}><use href="{}#{}"/></svg>', f" {classes}" if classes else "", named, sprite, name
    )


def icon_of(name: str) -> SafeString:
    """A plain icon, for tags that have an argument of its name."""
    return _icon(name, "", "", icon_sprite())


@register.simple_tag
@constant
def icon(name: str, classes: str = "", label: str = "") -> SafeString:
    """`{% icon "edit" %}`; with `label` it speaks for itself, without it stands beside its word."""
    return _icon(name, classes, label, icon_sprite())


@register.simple_tag
def root_url(rest: str = "") -> str:
    """The business's first page, or a path below it."""
    return get_script_prefix() + rest


@register.filter
def bcp47(locale: str) -> str:
    """`de_DE` → `de-DE`, as HTML and scripts write it."""
    return format.locale_name(locale).replace("_", "-")


@register.filter
def undo_url(extra_tags: str) -> str:
    """The address after `undo:` in a message's extra tags, or nothing."""
    return next((tag.removeprefix("undo:") for tag in (extra_tags or "").split() if tag.startswith("undo:")), "")


# ── words ──────────────────────────────────────────────────────────────


@register.simple_tag(takes_context=True)
def term(context: Context, name: str, form: str = "singular") -> str:
    """The business's word, lower case: `{% term "client" "plural" %}`."""
    return word(context.get("terms"), name, form)


@register.simple_tag(takes_context=True)
def Term(context: Context, name: str, form: str = "singular") -> str:
    """The same, to begin a sentence or a title."""
    return capital(word(context.get("terms"), name, form))


@register.simple_tag(takes_context=True)
def explanation(context: Context, reason: Reason) -> str:
    """The sentence of one reason."""
    return sentences.explain(reason, context.get("terms"), _locale(context), _currency(context))


@register.simple_tag(takes_context=True)
def refusal(context: Context, error: Any) -> str:
    """The sentence of a refusal or a notice."""
    return sentences.sentence(
        error, context.get("terms"), locale=_locale(context), zone=_zone(context), currency=_currency(context)
    )


# ── money and time ─────────────────────────────────────────────────────


def _of_business(context: Context, name: str, default: str) -> str:
    business = context.get("business")
    return getattr(business, name, None) or default


def _locale(context: Context) -> str:
    return _of_business(context, "locale", "en")


def _zone(context: Context) -> str:
    return _of_business(context, "time_zone", "UTC")


def _currency(context: Context) -> str:
    return _of_business(context, "currency", "EUR")


def _minor(value: Any) -> int:
    return value.minor if isinstance(value, Money) else int(value)


@register.simple_tag(takes_context=True)
def money(context: Context, value: Any, currency: str = "") -> str:
    """An amount in minor units (or `Money`), as the locale writes it. Nothing for None."""
    if value is None or value == "":
        return ""
    of = value.currency if isinstance(value, Money) else currency or _currency(context)
    return format.money(_minor(value), of, _locale(context))


@register.simple_tag(takes_context=True)
def balance(context: Context, value: Any, currency: str = "") -> SafeString | str:
    """A balance (payments less costs): credit in green, owed in ink with its minus sign, zero in grey."""
    if value is None or value == "":
        return ""
    minor = _minor(value)
    kind = "credit" if minor > 0 else "owed" if minor < 0 else "zero"
    return SafeString(f'<span class="money money-{kind}">{escape(money(context, value, currency))}</span>')


def _as_date(context: Context, value: date | datetime) -> date:
    return format.local(value, _zone(context)).date() if isinstance(value, datetime) else value


@register.simple_tag(takes_context=True, name="date")
def date_tag(context: Context, value: Any, style: str = "day") -> SafeString | str:
    """A date or an instant's date in the business's zone. Styles: `day`, `weekday`, `long`, `month`."""
    if not value:
        return ""
    local = _as_date(context, value)
    styles = {"day": format.day, "weekday": format.weekday, "long": format.long_day, "month": format.month}
    return SafeString(f'<time datetime="{local.isoformat()}">{escape(styles[style](local, _locale(context)))}</time>')


@register.simple_tag(takes_context=True, name="time")
def time_tag(context: Context, value: Any) -> SafeString | str:
    """The time of day of an instant in the business's zone, or of a plain time."""
    if value is None or value == "":
        return ""
    clock = format.local(value, _zone(context)).time() if isinstance(value, datetime) else value
    text = format.clock(clock.replace(second=0, microsecond=0), _locale(context))
    return format_html('<time datetime="{}">{}</time>', clock.isoformat("minutes"), text)


@register.simple_tag(takes_context=True, name="datetime")
def datetime_tag(context: Context, value: Any, style: str = "day") -> SafeString | str:
    """Date and time of an instant: `3 Jan 2026, 14:30`."""
    if not value:
        return ""
    local = format.local(value, _zone(context))
    styles = {"day": format.day, "weekday": format.weekday, "long": format.long_day}
    clock = format.clock(local.time().replace(second=0, microsecond=0), _locale(context))
    return format_html(
        '<time datetime="{}">{}, {}</time>',
        local.isoformat("T", "minutes"),
        styles[style](local.date(), _locale(context)),
        clock,
    )


@register.simple_tag(takes_context=True)
def span(context: Context, starts_at: datetime, ends_at: datetime) -> SafeString:
    """From and to, on one clock: `14:30–15:15`."""
    zone, locale = _zone(context), _locale(context)
    first, last = (format.local(value, zone).time().replace(second=0, microsecond=0) for value in (starts_at, ends_at))
    return format_html(
        '<time datetime="{}">{}</time>–{}',
        first.isoformat("minutes"),
        format.clock(first, locale),
        format.clock(last, locale),
    )


@register.simple_tag
def duration(minutes: Any) -> str:
    """A length in minutes, in words."""
    return "" if minutes is None or minutes == "" else format.duration(int(minutes), gettext)


@register.simple_tag(takes_context=True)
def zone_name(context: Context) -> str:
    """The name of the zone that the page's times are in."""
    return format.zone_name(_zone(context), _locale(context))


@register.simple_tag(takes_context=True)
def number(context: Context, value: Any) -> str:
    """A count or a quantity, with the locale's marks."""
    return "" if value is None or value == "" else format.number(value, _locale(context))


_NOT_DIALLED = re.compile(r"[^0-9+]")


@register.filter
def phone(value: str) -> SafeString | str:
    """A number that can be dialled."""
    if not value:
        return ""
    return SafeString(f'<a href="tel:{_NOT_DIALLED.sub("", value)}">{escape(value)}</a>')


@register.filter
def email_link(value: str) -> SafeString | str:
    shown = escape(value) if value else ""
    return SafeString(f'<a href="mailto:{shown}">{shown}</a>') if value else ""


# ── people and states ──────────────────────────────────────────────────


@register.filter
def initials(name: str) -> str:
    return format.initials(name or "")


@register.filter
def hue(value: Any) -> str:
    """The class of a stored colour, or of any text."""
    return hue_class(str(value)) if value else ""


@lru_cache(maxsize=4096)
def _avatar(name: str, size: str, colour: str) -> SafeString:
    return format_html(
        '<span class="avatar{} {}" aria-hidden="true">{}</span>',
        f" avatar-{size}" if size else "",
        hue_class(colour or name),
        format.initials(name),
    )


@register.simple_tag
def avatar(name: str, size: str = "", colour: str = "", image: str = "") -> SafeString:
    """A round with initials, coloured by the name unless a colour is given; size `s` or `l`."""
    if image:
        return format_html(
            '<span class="avatar{}"><img src="{}" alt=""></span>', f" avatar-{size}" if size else "", image
        )
    return _avatar(str(name or ""), size, str(colour or ""))


@register.simple_tag
def state(name: str, label: str = "") -> SafeString:
    """The chip of a state by its code; `label` says another word (a custom completion type)."""
    return _state(str(name), str(label or ""), get_language())


@lru_cache(maxsize=1024)
def _state(name: str, label: str, language: str | None) -> SafeString:
    shown = look(name)
    return format_html('<span class="{}">{}{}</span>', shown.classes, icon(shown.icon), label or shown.word)


@register.simple_tag
def chip(text: str, meaning: str = "", icon_name: str = "") -> SafeString:
    """A chip of any word: `good`, `attention`, `bad`, `info`, `accent`, `quiet`."""
    return format_html(
        '<span class="chip{}">{}{}</span>',
        f" chip-{meaning}" if meaning else "",
        icon(icon_name) if icon_name else "",
        text,
    )


@register.simple_tag
def explain(url: str, label: str = "") -> SafeString:
    """The ⓘ beside a computed figure: opens its reasons, loaded from `url`."""
    before, after = _explain(label or gettext("Why this figure?"))
    return SafeString(f"{before}{escape(url)}{after}")


@lru_cache(maxsize=64)
def _explain(label: str) -> tuple[str, str]:
    return (
        '<button type="button" class="explain" data-popover="',
        f'" aria-haspopup="dialog" aria-label="{escape(label)}">{icon_of("explain")}</button>',
    )


# ── forms ──────────────────────────────────────────────────────────────


@register.simple_tag(takes_context=True)
def field(context: Context, bound: Any, **options: Any) -> SafeString:
    """`{% field form.name %}`; options: `label`, `help`, `placeholder`, `autofocus`, `classes`, `suffix`."""
    return fields.render(bound, options, icon("alert"))


@register.simple_tag(takes_context=True)
def form_errors(context: Context, form: Any) -> SafeString | str:
    """What is wrong with the form as a whole, above its fields. A list of links when several fields are wrong."""
    return fields.summary(form, icon("alert", "icon-l"))


@register.simple_tag
def once() -> SafeString:
    """A hidden key, new with each form: the same post twice is one deed."""
    return format_html('<input type="hidden" name="once" value="{}">', uuid.uuid4())


# ── lists ──────────────────────────────────────────────────────────────


@register.simple_tag(takes_context=True)
def query(context: Context, **changes: Any) -> str:
    """The page's address with some of its parameters changed: `{% query page=2 status="" %}` (empty: left out)."""
    given = _parameters(context)
    if "page" not in changes:
        given.pop("page", None)
    for name, value in changes.items():
        if value is None or value == "":
            given.pop(name, None)
        else:
            given[name] = [str(value)]
    return f"?{urlencode(given, doseq=True)}"


def _parameters(context: Context) -> dict[str, list[str]]:
    return dict(context["request"].GET.lists()) if "request" in context else {}


@register.simple_tag(takes_context=True)
def table_head(context: Context, listing: Listing, check: bool = False, menu: bool = False) -> SafeString:
    """The `thead` of a list: sort links with `aria-sort`, hidden columns left out."""
    cells = []
    for column in listing.columns:
        if column.name in listing.hidden:
            continue
        classes = mark_safe(' class="num"') if column.numeric else ""
        if not column.order:
            cells.append(format_html('<th scope="col"{}>{}</th>', classes, column.label))
            continue
        current = column.name == listing.sort
        target = f"-{column.name}" if current and not listing.descending else column.name
        direction = mark_safe(f' aria-sort="{"descending" if listing.descending else "ascending"}"') if current else ""
        arrow = icon("arrow-down" if current and listing.descending else "arrow-up" if current else "arrows-sort")
        cells.append(
            format_html(
                '<th scope="col"{}{}><a href="{}" data-swap data-sort="{}">{}{}</a></th>',
                classes,
                direction,
                query(context, sort=target),
                column.name,
                column.label,
                arrow,
            )
        )
    first = (
        format_html(
            '<th class="check"><label><input type="checkbox" data-check-all aria-label="{}"></label></th>',
            gettext("Tick all on this page"),
        )
        if check
        else ""
    )
    last = (
        format_html('<th class="row-menu"><span class="visually-hidden">{}</span></th>', gettext("Actions"))
        if menu
        else ""
    )
    return format_html("<thead><tr>{}{}{}</tr></thead>", first, mark_safe("".join(cells)), last)


@register.inclusion_tag("ui/_column_choice.html", takes_context=True)
def column_choice(context: Context, listing: Listing) -> dict[str, Any]:
    """The button that opens the choice of columns."""
    columns = [(column, column.name not in listing.hidden) for column in listing.columns if not column.fixed]
    return {"columns": columns, "listing": listing}


@register.inclusion_tag("ui/_search.html", takes_context=True)
def search_box(context: Context, listing: Listing, label: str = "", placeholder: str = "") -> dict[str, Any]:
    """The search field of a list: swaps the list while typing, keeps the rest of the address."""
    kept = [(name, value) for name, value in listing.address.items() if name not in {"q", "page"}]
    return {"listing": listing, "label": label or gettext("Search"), "placeholder": placeholder, "kept": kept}


@register.inclusion_tag("ui/_filter.html", takes_context=True)
def filter_chip(context: Context, name: str, label: str, choices: Any, icon: str = "filter") -> dict[str, Any]:
    """A filter that says what it is set to. `choices`: pairs of value and word."""
    given = _parameters(context)
    current = (given.pop(name, None) or [""])[-1]
    given.pop("page", None)
    rest = urlencode(given, doseq=True)
    clear = f"?{rest}"
    start = f"?{rest}&{name}=" if rest else f"?{name}="
    words = [(str(value), str(text)) for value, text in choices]
    shown = next((text for value, text in words if value and value == current), "")
    tick = f'<span class="ms-auto">{icon_of("check")}</span>'
    options = [
        f'<a href="{escape(start + quote_plus(value) if value else clear)}" data-swap aria-current="true">{escape(text)}{tick}</a>'
        if value == current
        else f'<a href="{escape(start + quote_plus(value) if value else clear)}" data-swap>{escape(text)}</a>'
        for value, text in words
    ]
    return {
        "name": name,
        "label": label,
        "icon": icon,
        "options": mark_safe("".join(options)),
        "shown": shown,
        "clear": clear,
        "id": f"filter-{name}",
    }


@register.inclusion_tag("ui/_pager.html", takes_context=True)
def pager(context: Context, page: Any) -> dict[str, Any]:
    """Where one is in a list, with the pages beside it."""
    return {
        "page": page,
        "next": query(context, page=page.number + 1) if page.has_next else "",
        "previous": query(context, page=page.number - 1 if page.number > 2 else "") if page.has_previous else "",
    }


class WrappedNode(Node):
    """A part with markup inside: the words around it, and a template for them."""

    def __init__(self, name: str, options: Mapping[str, Any], inside: NodeList) -> None:
        self.name = name
        self.options = options
        self.inside = inside

    def render(self, context: Context) -> SafeString:
        options = {key: value.resolve(context) for key, value in self.options.items()}
        inner = self.inside.render(context)
        # As `include` does: found once a rendering, though a menu stands in every row.
        root: dict[Any, Any] = context.render_context.dicts[0]
        kept = root.setdefault(self, {})
        shown = kept.get(self.name)
        if shown is None:
            shown = kept[self.name] = context.template.engine.get_template(self.name)  # type: ignore[union-attr]
        with context.push(**options, inside=inner):
            rendered: SafeString = shown.render(context)
            return rendered


def _wrapping(tag_name: str, template_name: str) -> None:
    def compile_tag(parser: Parser, token: Token) -> WrappedNode:
        options = {}
        for part in token.split_contents()[1:]:
            key, found, value = part.partition("=")
            if not found:
                raise template.TemplateSyntaxError(f"{tag_name} takes name=value only, not {part}")
            options[key] = parser.compile_filter(value)
        inside = parser.parse((f"end{tag_name}",))
        parser.delete_first_token()
        return WrappedNode(template_name, options, inside)

    register.tag(tag_name, compile_tag)


# {% page_head title="…" count=7 %}buttons{% endpage_head %}
_wrapping("page_head", "ui/_page_head.html")
# {% empty drawing="clients" title="…" text="…" %}buttons{% endempty %}
_wrapping("empty", "ui/_empty.html")
# {% menu label="More" %}links and buttons{% endmenu %}
_wrapping("menu", "ui/_menu.html")


@register.simple_tag
def menu_id() -> str:
    """A page-wide number for a menu's id."""
    return f"menu-{uuid.uuid4().hex[:8]}"


@register.simple_tag
@constant
def drawing(name: str) -> SafeString:
    """A line drawing of ours, in the page's own colours."""
    return _drawing(name)


@lru_cache(maxsize=32)
def _drawing(name: str) -> SafeString:
    path = ICON_LIST.parent / "templates" / "ui" / "drawings" / f"{name}.svg"
    return mark_safe(path.read_text().strip())


@register.inclusion_tag("ui/_chart.html", takes_context=True)
def chart(context: Context, data: Mapping[str, Any], label: str, kind: str = "bar") -> dict[str, Any]:
    """A chart with its table beside it.

    `data`: `labels` (texts), `series` ([{name, values}]; amounts in minor units with `money: True`), `stacked`.
    """
    is_money = bool(data.get("money"))
    currency, locale = _currency(context), _locale(context)
    show = (
        (lambda value: "" if value is None else format.money(int(value), currency, locale))
        if is_money
        else lambda value: "" if value is None else format.number(value, locale)
    )
    series = [{"name": str(each["name"]), "values": list(each["values"])} for each in data["series"]]
    labels = [str(text) for text in data["labels"]]
    rows = [(text, [show(each["values"][index]) for each in series]) for index, text in enumerate(labels)]
    plain = {
        "kind": kind,
        "labels": labels,
        "series": series,
        "stacked": bool(data.get("stacked")),
        "money": is_money,
        "currency": currency,
        "locale": bcp47(locale),
    }
    return {
        "id": f"chart-{uuid.uuid4().hex[:8]}",
        "label": label,
        "plain": plain,
        "rows": rows,
        "series": series,
        "kind": kind,
        "first": data.get("first", ""),
    }


@register.simple_tag
def attributes(**values: Any) -> SafeString:
    """`name="value"` for each that is not empty."""
    return format_html_join("", ' {}="{}"', ((key.replace("_", "-"), value) for key, value in values.items() if value))


@register.filter
def plus_class(widget: Any, classes: str) -> SafeString:
    """A bound field's widget with classes added."""
    return conditional_escape(widget.as_widget(attrs={"class": classes}))
