"""Tells mypy what the middleware hangs on every request: the business of the scope, and who acts.

Without it each view would need a request class of its own only to say so.
"""

from __future__ import annotations

from collections.abc import Callable

from mypy.nodes import MDEF, SymbolTableNode, Var
from mypy.plugin import ClassDefContext, Plugin
from mypy.types import AnyType, TypeOfAny

REQUEST = "django.http.request.HttpRequest"
ATTRIBUTES = ("business", "actor", "login")


def add_attributes(context: ClassDefContext) -> None:
    info = context.cls.info
    for name in ATTRIBUTES:
        if name not in info.names:
            # Their classes may not have been read yet when Django's is: so any type.
            attribute = Var(name, AnyType(TypeOfAny.explicit))
            attribute.info = info
            attribute._fullname = f"{REQUEST}.{name}"
            info.names[name] = SymbolTableNode(MDEF, attribute, plugin_generated=True)


class RequestPlugin(Plugin):
    def get_customize_class_mro_hook(self, fullname: str) -> Callable[[ClassDefContext], None] | None:
        return add_attributes if fullname == REQUEST else None


def plugin(version: str) -> type[Plugin]:
    return RequestPlugin
