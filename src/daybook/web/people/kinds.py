"""The four lists of people: which roles each holds, what it is called, and what its rows show."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from daybook.people.models import User
from daybook.people.permissions import MANAGE_CLIENTS, MANAGE_PRACTITIONERS, MANAGE_STAFF
from daybook.ui.links import record_link
from daybook.ui.listing import Column

_NAME = Column("name", _("Name"), order=("by_last", "by_first", "id"), fixed=True)
_CONTACT = (
    Column("email", _("E-mail"), order=("by_email", "id")),
    Column("phone", _("Phone")),
)
_STATUS = Column("status", _("Status"), order=("status", "by_last", "by_first", "id"))
_LOGIN = Column("username", _("User name"), order=("by_username", "id"), hidden=True)
_SEEN = Column("last_login", _("Last sign-in"), order=("last_login", "id"), hidden=True)
_ADDED = Column("created_at", _("Added"), order=("created_at", "id"), hidden=True)


@dataclass(frozen=True, slots=True)
class Kind:
    """One list. `name` is its address and its page's name; `one` is a record's page, and the stem of those beside it."""

    name: str
    one: str
    term: str
    roles: tuple[str, ...]
    permission: str
    columns: Sequence[Column]

    def url(self, page: str = "", *args: object) -> str:
        """`kind.url()` is the list; `kind.url("add")` and `kind.url("edit", user.pk)` are pages beside it."""
        return reverse(f"web:{self.one}_{page}" if page else f"web:{self.name}", args=args)

    def record(self, user: User) -> str:
        return record_link(f"web:{self.one}", user.pk)

    @property
    def add_name(self) -> str:
        return f"web:{self.one}_add"

    @property
    def export_name(self) -> str:
        return f"web:{self.one}_export"

    @property
    def bin_name(self) -> str:
        return f"web:{self.one}_bin"

    @property
    def status_name(self) -> str:
        return f"web:{self.one}_status"

    @property
    def empty_name(self) -> str:
        return f"web/people/_empty_{'clients' if self.is_clients else 'other'}.html"

    @property
    def is_clients(self) -> bool:
        return self.name == "clients"

    @property
    def has_clients(self) -> bool:
        return self.name in ("practitioners", "agents")

    @property
    def is_team(self) -> bool:
        return self.name == "staff"


CLIENTS = Kind(
    "clients", "client", "client", ("client",), MANAGE_CLIENTS,
    (
        _NAME, _STATUS, *_CONTACT,
        Column("practitioners", _("With")),
        Column("agent", _("Agent"), hidden=True),
        Column("tags", _("Tags")),
        Column("balance", _("Balance"), numeric=True),
        Column("birthday", _("Birthday"), order=("birthday", "id"), hidden=True),
        _LOGIN, _SEEN, _ADDED,
    ),
)  # fmt: skip
PRACTITIONERS = Kind(
    "practitioners", "practitioner", "practitioner", ("practitioner",), MANAGE_PRACTITIONERS,
    (_NAME, _STATUS, *_CONTACT, Column("clients", _("Clients"), numeric=True), Column("tags", _("Tags"), hidden=True), _LOGIN, _SEEN, _ADDED),
)  # fmt: skip
AGENTS = Kind(
    "agents", "agent", "agent", ("agent",), MANAGE_CLIENTS,
    (_NAME, _STATUS, *_CONTACT, Column("clients", _("Clients"), numeric=True), _LOGIN, _SEEN, _ADDED),
)  # fmt: skip
STAFF = Kind(
    "staff", "staff_member", "staff", ("administrator", "staff"), MANAGE_STAFF,
    (_NAME, Column("role", _("Role"), order=("role", "by_last", "by_first", "id")), _STATUS, *_CONTACT, _LOGIN, Column("last_login", _("Last sign-in"), order=("last_login", "id")), _ADDED),
)  # fmt: skip

KINDS = (CLIENTS, PRACTITIONERS, AGENTS, STAFF)


def kind_of(user: User) -> Kind:
    """The list that a person stands in."""
    return next(kind for kind in KINDS if user.role in kind.roles)


def record_url(user: User) -> str:
    """A person's page."""
    return kind_of(user).record(user)
