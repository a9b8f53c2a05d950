"""A record's History tab: who did what, when, and what went from what to what, in the words of people."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import Model
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from daybook.audit.models import Version
from daybook.audit.queries import Change, differences, history_of
from daybook.core.ids import parse_id
from daybook.people.rules import DAY_END
from daybook.tenancy.models import Business
from daybook.tenancy.permissions import get as permission_named
from daybook.tenancy.terms import worded
from daybook.ui import format
from daybook.ui.states import LOOKS
from daybook.ui.terms import capital, word
from daybook.ui.widgets import DAYS

NOTHING = "–"

# What a verb is called; one that is not here is shown by its own name. `%(x)s` are the business's words.
VERBS: dict[str, str | Promise] = {
    "add_client": gettext_lazy("Added"),
    "add_practitioner": gettext_lazy("Added"),
    "add_agent": gettext_lazy("Added"),
    "add_staff": gettext_lazy("Added"),
    "add_administrator": gettext_lazy("Added"),
    "change_client": gettext_lazy("Changed"),
    "change_practitioner": gettext_lazy("Changed"),
    "change_agent": gettext_lazy("Changed"),
    "change_staff": gettext_lazy("Changed"),
    "change_administrator": gettext_lazy("Changed"),
    **dict.fromkeys(
        ("delete_client", "delete_practitioner", "delete_agent", "delete_staff", "delete_administrator"),
        gettext_lazy("Deleted"),
    ),
    **dict.fromkeys(
        ("recover_client", "recover_practitioner", "recover_agent", "recover_staff", "recover_administrator"),
        gettext_lazy("Recovered"),
    ),
    "change_own_account": gettext_lazy("Changed own account"),
    "change_password": gettext_lazy("Chose a new password"),
    "change_availability": gettext_lazy("Changed the availability"),
    "set_status": gettext_lazy("Changed the status"),
    "set_permissions": gettext_lazy("Changed permissions"),
    "set_permission_for_many": gettext_lazy("Changed a permission of many"),
    "undo_set_permission": gettext_lazy("Took a change of permissions back"),
    "assign_clients": gettext_lazy("Assigned"),
    "unassign_clients": gettext_lazy("Took the assignment back"),
    "issue_token": gettext_lazy("Made an API token"),
    "revoke_token": gettext_lazy("Revoked an API token"),
    "set_up_second_factor": gettext_lazy("Turned two-step sign-in on"),
    "turn_off_second_factor": gettext_lazy("Turned two-step sign-in off"),
    "reset_second_factor": gettext_lazy("Took two-step sign-in off, for somebody locked out"),
    "add_app": gettext_lazy("Added an authenticator app for signing in"),
    "remove_app": gettext_lazy("Removed the authenticator app for signing in"),
    "add_passkey": gettext_lazy("Added a passkey for signing in"),
    "rename_passkey": gettext_lazy("Renamed a passkey"),
    "remove_passkey": gettext_lazy("Removed a passkey"),
    "distrust_passkey": gettext_lazy("Was refused a passkey of which there may be a copy"),
    "use_recovery_code": gettext_lazy("Signed in with a recovery code"),
    "renew_recovery_codes": gettext_lazy("Made new recovery codes"),
    "create_business": gettext_lazy("Made the business"),
    "take_payment": gettext_lazy("Recorded a payment"),
    "refund_payment": gettext_lazy("Gave money back"),
    "delete_payment": gettext_lazy("Deleted the payment"),
    "recover_payment": gettext_lazy("Brought the payment back"),
    "send_receipt": gettext_lazy("Sent the receipt"),
    "create_invoice": gettext_lazy("Wrote the invoice"),
    "change_invoice": gettext_lazy("Changed the draft"),
    "send_invoice": gettext_lazy("Sent the invoice"),
    "issue_invoice": gettext_lazy("Issued the invoice"),
    "void_invoice": gettext_lazy("Voided the invoice"),
    "use_credit": gettext_lazy("Used credit"),
    "add_session": gettext_lazy("Added"),
    "change_session": gettext_lazy("Changed"),
    "complete_session": gettext_lazy("Saved"),
    "reopen_session": gettext_lazy("Reopened"),
    "delete_session": gettext_lazy("Deleted"),
    "recover_session": gettext_lazy("Recovered"),
    "annotate_payment": gettext_lazy("Changed the note"),
    "set_client_rate": gettext_lazy("Set a custom rate"),
    "delete_client_rate": gettext_lazy("Removed a custom rate"),
    "set_wage_rate": gettext_lazy("Set a wage rate"),
    "delete_wage_rate": gettext_lazy("Removed a wage rate"),
    "recover_client_rate": gettext_lazy("Brought a custom rate back"),
    "recover_wage_rate": gettext_lazy("Brought a wage rate back"),
    **dict.fromkeys(("add_service", "add_location", "create_closure", "create_completion_type"), gettext_lazy("Added")),
    **dict.fromkeys(
        ("change_service", "change_location", "change_closure", "change_completion_type", "update_business"),
        gettext_lazy("Changed"),
    ),
    **dict.fromkeys(
        ("delete_service", "delete_location", "delete_closure", "delete_completion_type"), gettext_lazy("Deleted")
    ),
    **dict.fromkeys(
        ("recover_service", "recover_location", "recover_closure", "recover_completion_type"),
        gettext_lazy("Recovered"),
    ),
    "set_terms": gettext_lazy("Changed the words"),
    "set_sign_in_policy": gettext_lazy("Changed who signs in in two steps"),
    "run_import": gettext_lazy("Imported"),
    "undo_import": gettext_lazy("Took the import back"),
    "make_demo": gettext_lazy("Made up for the demo"),
}

# Column → label. Of an id, what it points to is named.
LABELS: dict[str, str | Promise] = {
    "first_name": gettext_lazy("First name"),
    "last_name": gettext_lazy("Last name"),
    "preferred_name": gettext_lazy("Preferred name"),
    "username": gettext_lazy("User name"),
    "email": gettext_lazy("E-mail"),
    "inactive_on": gettext_lazy("Inactive from"),
    "agent_id": "term:agent",
    "client_id": "term:client",
    "practitioner_id": "term:practitioner",
    "service_id": "term:service",
    "location_id": "term:location",
    "notes": gettext_lazy("Additional information"),
    "custom": gettext_lazy("Own fields"),
    "granted": gettext_lazy("Holds"),
    "starts_at": gettext_lazy("Begins"),
    "ends_at": gettext_lazy("Ends"),
    "wage_minor": "term:wage",
    "cost_minor": gettext_lazy("Cost"),
    "completion_type_id": gettext_lazy("Completion type"),
    "bill_to_id": gettext_lazy("Bill to"),
    "amount_minor": gettext_lazy("Amount"),
    "paid_minor": gettext_lazy("Paid"),
    "allocated_minor": gettext_lazy("Applied to invoices"),
    "refunded_minor": gettext_lazy("Given back"),
    "sent_at": gettext_lazy("Sent"),
    "voided_at": gettext_lazy("Voided"),
    "due_on": gettext_lazy("Due on"),
    "received_on": gettext_lazy("Received on"),
    "kind": gettext_lazy("Price"),
    "minutes": gettext_lazy("Length in minutes"),
    "tax_rate": gettext_lazy("Tax in percent"),
    "is_concurrent": gettext_lazy("May run side by side"),
    "client_bookable": gettext_lazy("Can be requested and booked"),
    "visibility": gettext_lazy("Shown to"),
    "color": gettext_lazy("Colour"),
    "accent": gettext_lazy("Colour"),
    "capacity": gettext_lazy("Places"),
    "online_link": gettext_lazy("On-line link"),
    "starts_on": gettext_lazy("From"),
    "ends_on": gettext_lazy("Until"),
    "locale": gettext_lazy("Dates and amounts as in"),
    "first_weekday": gettext_lazy("Week begins on"),
    "second_factor_for_administrators": gettext_lazy("Administrators sign in in two steps"),
}

# Which columns tell what a row that belongs to the record is, when it comes or goes.
TELLING: dict[str, tuple[str, ...]] = {
    "people_assignment": ("practitioner_id", "client_id"),
    "people_availabilitywindow": ("day", "start", "end"),
    "people_permissionswitch": ("permission", "granted"),
    "people_apitoken": ("name",),
    "scheduling_participant": ("client_id",),
    "scheduling_assistant": ("practitioner_id",),
    "billing_invoiceline": ("description", "amount_minor"),
    "payments_refund": ("amount_minor",),
    "payments_allocation": ("amount_minor",),
    "catalog_clientrate": ("service_id", "cost_minor", "starts_on"),
    "catalog_wagerate": ("service_id", "wage_minor", "starts_on"),
    "tenancy_term": ("singular", "plural"),
}
# What an id in this column points to.
POINTS_TO = {
    "service_id": "catalog.Service",
    "location_id": "catalog.Location",
    "completion_type_id": "scheduling.CompletionType",
}
_PEOPLE = frozenset({"agent_id", "client_id", "practitioner_id", "bill_to_id", "payer_id", "user_id", "owner_id"})
_DATES = frozenset({"birthday", "day_off"})
# Columns that are of no use to people.
_SILENT = frozenset(
    {
        "id",
        "business_id",
        "created_at",
        "deleted_by",
        "deleted_at",
        "search_text",
        "reasons",
        "wage_reasons",
        "assistant_count",
        "digest",
        "recovery_digests",
    }
)


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that changed. `sign` is `+` for what came, `-` for what went, and empty for before → after."""

    label: str
    before: str = ""
    after: str = ""
    sign: str = ""


@dataclass(slots=True)
class Entry:
    """One verb's effect on the record."""

    at: dt.datetime
    who: str
    verb: str
    lines: list[Line] = field(default_factory=list)


def history(
    row_id: UUID,
    *,
    business: Business,
    words: Mapping[str, Any],
    also: Iterable[UUID] = (),
    without: Collection[str] = (),
    limit: int = 100,
) -> list[Entry]:
    """The record's history (and that of the rows `also`), newest first, as sentences. At most six queries.

    `without` are columns and tables that the reader may not see: that they changed is told, from what to what is not.
    """
    changes = history_of(row_id, also=also, limit=limit)
    reader = _Reader(business, words, changes, without)
    return [reader.entry(change, row_id) for change in changes]


class _Reader:
    """Turns versions into lines; names of what ids point to are looked up once for all."""

    def __init__(
        self, business: Business, words: Mapping[str, Any], changes: Iterable[Change], without: Collection[str]
    ) -> None:
        self.business = business
        self.silent = _SILENT.union(without)
        self.words = words
        versions = [version for change in changes for version in change.versions]
        self.rows = _rows_that_came(versions)
        self.names = _names(versions, self.rows)

    def entry(self, change: Change, row_id: UUID) -> Entry:
        # One verb may touch a row twice; oldest first reads as it happened.
        lines = [line for version in reversed(change.versions) for line in self.lines(version, row_id)]
        return Entry(change.at, self.who(change), self.verb(change), list(dict.fromkeys(lines)))

    def who(self, change: Change) -> str:
        kinds = {"command": _("Command line"), "schedule": _("Schedule"), "gateway": _("Payment gateway")}
        return change.actor_name or kinds.get(change.actor_kind, _("Somebody"))

    def verb(self, change: Change) -> str:
        first = change.versions[-1]  # what began the step: the others followed from it
        known = VERBS.get(first.verb)
        if known:
            return str(known)
        plain = {"I": _("Added"), "U": _("Changed"), "D": _("Removed")}[first.operation]
        return capital(first.verb.replace("_", " ")) if first.verb else plain

    def lines(self, version: Version, row_id: UUID) -> list[Line]:
        if version.table in self.silent:
            return []
        if version.operation == Version.Operation.UPDATE:
            prefix = "" if version.row_id == row_id else self.thing(version)
            return [
                Line(f"{prefix}{self.label(column)}", self.value(column, before), self.value(column, after))
                for column, before, after in differences(version)
                if column not in self.silent
            ]
        if version.row_id == row_id:
            return []
        values = version.changes if version.operation == Version.Operation.DELETE else self.rows.get(version.row_id)
        sign = "-" if version.operation == Version.Operation.DELETE else "+"
        return [Line(self.kind(version), after=self.told(version, values or {}, row_id), sign=sign)]

    def kind(self, version: Version) -> str:
        kinds = {
            "people_assignment": _("Assignment"),
            "people_availabilitywindow": _("Available"),
            "people_permissionswitch": _("Permission"),
            "people_apitoken": _("API token"),
            "people_secondfactor": _("Two-step sign-in"),
            "people_passkey": _("Passkey"),
            "billing_invoiceline": _("Line"),
            "payments_refund": _("Given back"),
            "payments_allocation": _("Applied"),
            "scheduling_participant": capital(word(self.words, "client")),
            "scheduling_assistant": capital(word(self.words, "practitioner")),
            "catalog_clientrate": _("Custom rate"),
            "tenancy_term": _("Word"),
            "catalog_wagerate": capital(word(self.words, "wage")),
        }
        return kinds.get(version.table) or capital(version.table.partition("_")[2].replace("_", " "))

    def thing(self, version: Version) -> str:
        values = self.rows.get(version.row_id) or {}
        told = self.told(version, values, version.parent_id)
        return f"{told}, " if told else ""

    def told(self, version: Version, values: Mapping[str, Any], row_id: UUID | None) -> str:
        """`Pia Vogel`, `Monday 09:00–12:00`: the row in its telling columns, without the record itself."""
        columns = TELLING.get(version.table, ())
        if version.table == "people_availabilitywindow" and values:
            day, start, end = (self.value(column, values.get(column)) for column in columns)
            return f"{day} {start}–{end}"
        if version.table == "people_permissionswitch" and values:
            held = _("on") if values.get("granted") else _("off")
            return f"{self.value('permission', values.get('permission'))}: {held}"
        texts = (self.value(column, values.get(column)) for column in columns if str(values.get(column)) != str(row_id))
        return ", ".join(text for text in texts if text and text != NOTHING)

    def label(self, column: str) -> str:
        label = str(LABELS.get(column, ""))
        if label.startswith("term:"):
            return capital(word(self.words, label.removeprefix("term:")))
        if label:
            return label
        stem = column.removesuffix("_minor").removesuffix("_id").removesuffix("_at")
        return capital(stem.removeprefix("is_").replace("_", " "))

    def value(self, column: str, value: Any) -> str:
        """A stored value as people read it, by what its column is."""
        if value is None or value in ("", [], {}):
            return NOTHING
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if column.endswith("_minor") and isinstance(value, int):
            return format.money(value, self.business.currency, self.business.locale)
        if column in ("day", "first_weekday"):
            return str(DAYS[int(value)][1])
        if column == "permission":
            known = permission_named(str(value))
            return worded(known.label, self.words) if known else str(value)
        if column.endswith("_id"):
            key = parse_id(str(value))
            return (self.names.get(key) if key else None) or _("(gone)")
        if column == "status" and value in LOOKS:
            return str(LOOKS[value].word)
        if isinstance(value, list):
            return ", ".join(str(each) for each in value)
        if isinstance(value, dict):
            return ", ".join(f"{name}: {text}" for name, text in value.items())
        return self.moment(column, value) or str(value)

    def moment(self, column: str, value: Any) -> str:
        """Dates, instants and times of day as the business writes them; nothing for what is none."""
        locale = self.business.locale
        try:
            if column.endswith("_at"):
                at = value if isinstance(value, dt.datetime) else dt.datetime.fromisoformat(str(value))
                local = format.local(at, self.business.time_zone)
                return f"{format.day(local.date(), locale)}, {format.clock(local.time().replace(second=0, microsecond=0), locale)}"
            if column.endswith(("_on", "_date")) or column in _DATES:
                return format.day(value if isinstance(value, dt.date) else dt.date.fromisoformat(str(value)), locale)
            if column in ("start", "end"):
                clock = value if isinstance(value, dt.time) else dt.time.fromisoformat(str(value))
                return "24:00" if clock == DAY_END else format.clock(clock.replace(second=0, microsecond=0), locale)
        except ValueError:
            return ""
        return ""


def _rows_that_came(versions: list[Version]) -> dict[UUID, dict[str, Any]]:
    """The telling columns of rows that were inserted or changed and are still there, one query a table."""
    wanted: dict[str, set[UUID]] = {}
    for version in versions:
        if version.table in TELLING and version.operation != Version.Operation.DELETE:
            wanted.setdefault(version.table, set()).add(version.row_id)
    found: dict[UUID, dict[str, Any]] = {}
    for table, ids in wanted.items():
        rows = _with_deleted(_model_of(table)).filter(pk__in=ids).values("pk", *TELLING[table])
        found |= {row["pk"]: row for row in rows}
    gone = {version.row_id: version.changes for version in versions if version.operation == Version.Operation.DELETE}
    return {key: values for key, values in gone.items() if values} | found


def _names(versions: list[Version], rows: Mapping[UUID, Mapping[str, Any]]) -> dict[UUID, str]:
    """What every id that will be shown points to."""
    ids: dict[str, set[UUID]] = {}
    for column, value in _id_values(versions, rows):
        target = "people.User" if column in _PEOPLE else POINTS_TO.get(column)
        key = parse_id(str(value))
        if target and key:
            ids.setdefault(target, set()).add(key)
    names: dict[UUID, str] = {}
    for target, keys in ids.items():
        names |= {row.pk: str(row) for row in _with_deleted(apps.get_model(target)).filter(pk__in=keys)}
    return names


def _id_values(versions: list[Version], rows: Mapping[UUID, Mapping[str, Any]]) -> Iterable[tuple[str, Any]]:
    for version in versions:
        for column, before, after in differences(version):
            yield column, before
            yield column, after
    for values in rows.values():
        yield from values.items()


def _model_of(table: str) -> type[Model]:
    return next(model for model in apps.get_models() if model._meta.db_table == table)


def _with_deleted(model: type[Model]) -> Any:
    manager = model._default_manager
    return manager.with_deleted() if hasattr(manager, "with_deleted") else manager.all()
