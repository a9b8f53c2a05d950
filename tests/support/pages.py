"""Every address of Daybook, read from the tables of addresses themselves, and how to fill the gaps in each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import orjson
from django.urls import URLPattern, URLResolver, get_resolver

# Ids of a person in the address of a list of people are of that list's kind.
KINDS = {"clients": "client_id", "practitioners": "practitioner_id", "agents": "agent_id", "staff": "staff_id"}
# One operation of the API calls a member of the team `user_id`.
STAFF_OPERATIONS = {"get_staff", "update_staff", "delete_staff", "recover_staff", "welcome_staff"}


@dataclass(frozen=True)
class Route:
    """An address with gaps: `/clients/{user_id}/`. `gaps` are (name in the address, name of what fills it).

    `method` is empty for pages, which are asked in every way.
    """

    name: str
    address: str
    gaps: tuple[tuple[str, str], ...] = ()
    method: str = ""

    def __str__(self) -> str:
        return f"{self.method or self.name} {self.address}".strip()

    @property
    def is_portal(self) -> bool:
        return self.name.startswith("portal:")

    @property
    def is_deed(self) -> bool:
        """Whether it recovers something deleted: its gap takes a deleted thing."""
        return "recover" in self.name


class Unfilled(AssertionError):
    """Nobody said what fills a gap of this address: add it to `tests.support.world`."""


@lru_cache
def pages() -> tuple[Route, ...]:
    """The pages of the team, of clients and agents, and the public ones."""
    return tuple(_walk(get_resolver("daybook.config.urls"), "/", "", {}))


def _walk(resolver: URLResolver, prefix: str, names: str, defaults: dict[str, Any]) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            name = f"{entry.namespace}:" if entry.namespace else names
            yield from _walk(entry, route, name, defaults | entry.default_kwargs)
        else:
            assert isinstance(entry, URLPattern)
            yield _page(entry, route, names)


def _page(entry: URLPattern, route: str, names: str) -> Route:
    kind = entry.default_args.get("kind")
    gaps, address = [], route
    for name, converter in entry.pattern.converters.items():
        for spelling in (f"<{_converter(converter)}:{name}>", f"<{name}>"):
            address = address.replace(spelling, f"{{{name}}}")
        gaps.append((name, KINDS[kind.name] if kind and name == "user_id" else name))
    assert "<" not in address, f"{route} has a gap that cannot be read"
    assert entry.name, f"{route} has no name"
    return Route(names + entry.name, address, tuple(gaps))


def _converter(converter: Any) -> str:
    return type(converter).__name__.removesuffix("Converter").lower().replace("string", "str")


@lru_cache
def operations() -> tuple[Route, ...]:
    """The operations of the API, from its document."""
    from daybook.api.v1 import api

    found = []
    for address, methods in orjson.loads(api.document())["paths"].items():
        for method, operation in methods.items():
            name = operation["operationId"]
            gaps = [each["name"] for each in operation.get("parameters", []) if each["in"] == "path"]
            filled = [(gap, "staff_id" if name in STAFF_OPERATIONS else gap) for gap in gaps]
            found.append(Route(name, address.removeprefix("/api/v1"), tuple(filled), method.upper()))
    return tuple(found)


@dataclass
class Things:
    """What fills the gaps: a text by the name of the gap; by (route, gap) where one address wants a thing of its own.

    `queries` follow the addresses that answer nothing without.
    """

    by_gap: dict[str, str] = field(default_factory=dict)
    by_route: dict[tuple[str, str], str] = field(default_factory=dict)
    queries: dict[str, str] = field(default_factory=dict)

    def address_of(self, route: Route) -> str:
        """Raises Unfilled."""
        address = route.address
        for gap, wanted in route.gaps:
            value = self.by_route.get((route.name, gap))
            if value is None and route.is_deed:
                value = self.by_gap.get(f"deleted_{wanted}")
            if value is None:
                value = self.by_gap.get(wanted)
            if value is None:
                raise Unfilled(f"nothing fills {gap!r} of {route}")
            address = address.replace(f"{{{gap}}}", value)
        return address + self.queries.get(route.name, "")
