"""The register of permission names. Each room declares its own in its `permissions.py`, once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from daybook.tenancy.actor import ROLES, Role


@dataclass(frozen=True, slots=True)
class Permission:
    """A named right: a label for people (domain words in braces: `{clients}`, `{Client}`), and for each role that may have it whether it does unless switched.

    A role that is not in `defaults` can never have it.
    """

    name: str
    label: str
    defaults: Mapping[Role, bool]


_REGISTER: dict[str, Permission] = {}


def declare(name: str, label: str, **defaults: bool) -> str:
    """Register a permission and give its name back. Administrators always have it, unless it takes something away."""
    assert name not in _REGISTER, f"{name} is declared twice"
    assert set(defaults) <= set(ROLES), defaults
    _REGISTER[name] = Permission(name, label, defaults)  # type: ignore[arg-type]
    return name


def get(name: str) -> Permission | None:
    return _REGISTER.get(name)


def register() -> list[Permission]:
    """All permissions in the order of their declaration."""
    return list(_REGISTER.values())


def for_role(role: Role) -> list[Permission]:
    """Those that a user of `role` can have."""
    return [permission for permission in _REGISTER.values() if role in permission.defaults]


def effective(role: Role, switches: Mapping[str, bool] | Iterable[tuple[str, bool]] = ()) -> frozenset[str]:
    """The names that hold for a user of `role`: the role's defaults with the user's switches over them."""
    chosen = dict(switches)
    return frozenset(
        permission.name
        for permission in _REGISTER.values()
        if role in permission.defaults and chosen.get(permission.name, permission.defaults[role])
    )
