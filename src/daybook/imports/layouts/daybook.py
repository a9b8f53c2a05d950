"""Daybook's own layouts: what its exports are to write, and the simplest file to make by hand."""

from collections.abc import Sequence
from decimal import Decimal

from daybook.imports.layouts.base import Column, Layout, Setting, Values
from daybook.imports.layouts.building import drop_totals, end_of, ref, text
from daybook.imports.rules.cells import CellProblem
from daybook.imports.rules.items import Item, PaymentItem, PersonItem, Place, ServiceItem, SessionItem
from daybook.imports.rules.names import split_name

_STATUSES = {
    "active": "active",
    "inactive": "inactive",
    "archived": "inactive",
    "prospect": "prospect",
    "prospective": "prospect",
    "lead": "prospect",
}
_OUTCOMES = {
    "open": "open",
    "scheduled": "open",
    "booked": "open",
    "planned": "open",
    "completed": "completed",
    "complete": "completed",
    "done": "completed",
    "attended": "completed",
    "missed": "missed",
    "no show": "missed",
    "noshow": "missed",
    "canceled": "canceled",
    "cancelled": "canceled",
}
METHODS = {
    "cash": "cash",
    "check": "check",
    "cheque": "check",
    "card": "card",
    "credit card": "card",
    "debit card": "card",
    "bank": "bank",
    "bank transfer": "bank",
    "transfer": "bank",
    "wire": "bank",
    "direct debit": "bank",
    "sepa": "bank",
    "paypal": "paypal",
    "other": "other",
}
_KINDS = {"hourly": "hourly", "per hour": "hourly", "fixed": "fixed", "flat": "fixed", "per session": "fixed"}

_CONTACT = (
    Column(
        "first_name", ("First name", "Given name", "Forename"), "name", help="needed, unless there is a column Name"
    ),
    Column("last_name", ("Last name", "Family name", "Surname"), "name"),
    Column("name", ("Name", "Full name"), "text", help="first and last name in one"),
    Column("preferred_name", ("Preferred name", "Nickname"), "name"),
    Column("email", ("Email", "E-mail", "Email address", "E-mail address", "Mail"), "email"),
    Column("phone", ("Phone", "Telephone", "Phone number", "Mobile", "Mobile phone", "Cell phone"), "phone"),
    Column("address", ("Address",), "long_text"),
    Column("birthday", ("Birthday", "Birth date", "Date of birth", "DOB"), "date"),
)
_FOREIGN = Column(
    "foreign_id",
    ("ID", "External ID", "Reference"),
    "text",
    help="the record's number in the old system: kept, and used to find it again",
)


def _names(values: Values) -> tuple[str, str]:
    """First and last name, from their own columns or from the one of both. Raises CellProblem."""
    first, last = text(values, "first_name"), text(values, "last_name")
    if not first and text(values, "name"):
        first, last = split_name(values["name"])
    if not first:
        first, last = last, ""
    if not first:
        raise CellProblem("required", field="first_name")
    return first, last


def _person(values: Values, role: str) -> PersonItem:
    first, last = _names(values)
    return PersonItem(
        role=role,
        first_name=first,
        last_name=last,
        preferred_name=text(values, "preferred_name"),
        email=text(values, "email"),
        phone=text(values, "phone"),
        address=text(values, "address"),
        birthday=values.get("birthday"),
        status=values.get("status") or "active",
        username=text(values, "username"),
        notes=text(values, "notes"),
        tags=values.get("tags") or (),
        inactive_on=values.get("inactive_on"),
        practitioners=values.get("practitioners") or (),
        agent=text(values, "agent"),
        foreign_id=text(values, "foreign_id"),
    )


def _client(values: Values, setting: Setting) -> Sequence[Item]:
    return [_person(values, "client")]


def _practitioner(values: Values, setting: Setting) -> Sequence[Item]:
    if values.get("status") == "prospect":
        raise CellProblem("not_a_choice", field="status", text="prospect", choices="active, inactive")
    return [_person(values, "practitioner")]


def _service(values: Values, setting: Setting) -> Sequence[Item]:
    for field in ("cost", "wage"):
        if (values.get(field) or 0) < 0:
            raise CellProblem("negative_amount", field=field)
    for field, lowest, highest in (("minutes", 1, 1440), ("buffer_before", 0, 480), ("buffer_after", 0, 480)):
        if values.get(field) is not None and not lowest <= values[field] <= highest:
            raise CellProblem("out_of_range", field=field, lowest=lowest, highest=highest)
    return [
        ServiceItem(
            name=values["name"],
            kind=values.get("kind") or "hourly",
            cost_minor=values.get("cost") or 0,
            wage_minor=values.get("wage") or 0,
            minutes=values.get("minutes") or 60,
            description=text(values, "description"),
            tax_rate=values.get("tax_rate") or Decimal(0),
            buffer_before=values.get("buffer_before") or 0,
            buffer_after=values.get("buffer_after") or 0,
            is_concurrent=bool(values.get("concurrent")),
            client_bookable=bool(values.get("client_bookable")),
            foreign_id=text(values, "foreign_id"),
        )
    ]


def _session(values: Values, setting: Setting) -> Sequence[Item]:
    status, cost = values.get("status") or "open", values.get("cost")
    if cost is not None and cost < 0:
        raise CellProblem("negative_amount", field="cost")
    if status == "open":
        cost = None  # an open session costs what the rates say when it is saved
    places = tuple(Place(ref(name, "client"), status, cost) for name in values["clients"])
    leading, *assistants = (ref(name, "practitioner") for name in values["practitioner"])
    return [
        SessionItem(
            service=values["service"],
            practitioner=leading,
            assistants=tuple(assistants),
            places=places,
            day=values["date"],
            start=values["start"],
            end=end_of(values),
            location=text(values, "location"),
            public_note=text(values, "public_note"),
            internal_note=text(values, "internal_note"),
            foreign_id=text(values, "foreign_id"),
        )
    ]


def _session_amount(values: Values) -> int | None:
    """What the row charges: its cost for each client; nothing while the session is open."""
    if values.get("cost") is None or (values.get("status") or "open") == "open":
        return None
    return int(values["cost"]) * len(values.get("clients") or ())


def _payment(values: Values, setting: Setting) -> Sequence[Item]:
    if values["amount"] <= 0:
        raise CellProblem("not_positive", field="amount")
    return [
        PaymentItem(
            client=ref(values["client"], "client"),
            received_on=values["date"],
            amount_minor=values["amount"],
            method=values.get("method") or "other",
            reference=text(values, "reference"),
            note=text(values, "note"),
            foreign_id=text(values, "foreign_id"),
        )
    ]


_NAMED = (frozenset({"first_name", "last_name", "name"}),)

CLIENTS = Layout(
    name="daybook-clients",
    label="Daybook: clients",
    system="daybook",
    record="clients",
    weight=1,
    needs=_NAMED,
    build=_client,
    drops=drop_totals,
    columns=(
        *_CONTACT,
        Column("status", ("Status",), "choice", choices=_STATUSES, help="active, inactive or prospect"),
        Column(
            "inactive_on", ("Inactive on", "Inactive date"), "date", help="the day on which the client becomes inactive"
        ),
        Column(
            "username",
            ("User name", "Username", "Login"),
            "text",
            help="lets the client sign in, once a password is set",
        ),
        Column(
            "practitioners",
            ("Practitioners", "Practitioner", "Assigned practitioners", "Teacher", "Tutor"),
            "names",
            help="names or e-mails, with ; between them",
        ),
        Column("agent", ("Agent",), "text", help="name or e-mail"),
        Column("tags", ("Tags", "Labels"), "names", help="with ; between them"),
        Column("notes", ("Notes", "Note", "Additional information"), "long_text"),
        _FOREIGN,
    ),
    help="One client a row.",
)
PRACTITIONERS = Layout(
    name="daybook-practitioners",
    label="Daybook: practitioners",
    system="daybook",
    record="practitioners",
    needs=_NAMED,
    build=_practitioner,
    drops=drop_totals,
    columns=(
        *_CONTACT,
        Column("status", ("Status",), "choice", choices=_STATUSES, help="active or inactive"),
        Column("username", ("User name", "Username", "Login"), "text"),
        Column("tags", ("Tags", "Labels"), "names", help="with ; between them"),
        Column("notes", ("Notes", "Note", "Additional information"), "long_text"),
        _FOREIGN,
    ),
    help="One practitioner a row.",
)
SERVICES = Layout(
    name="daybook-services",
    label="Daybook: services",
    system="daybook",
    record="services",
    weight=2,
    build=_service,
    drops=drop_totals,
    needs=(frozenset({"kind", "cost", "wage"}),),
    columns=(
        Column("name", ("Name", "Service", "Service name"), "text", required=True),
        Column("kind", ("Type", "Kind"), "choice", choices=_KINDS, help="hourly or fixed"),
        Column(
            "cost",
            ("Cost", "Client cost", "Price", "Rate"),
            "money",
            help="for an hour, or for a session of a fixed service",
        ),
        Column("wage", ("Wage", "Practitioner wage"), "money"),
        Column(
            "minutes",
            ("Minutes", "Length", "Duration", "Default length"),
            "whole",
            help="how long a session usually is",
        ),
        Column("tax_rate", ("Tax rate", "Tax", "VAT"), "percent", help="percent, on top of the cost"),
        Column("buffer_before", ("Buffer before",), "whole", help="minutes"),
        Column("buffer_after", ("Buffer after",), "whole", help="minutes"),
        Column(
            "concurrent",
            ("Concurrent", "Side by side"),
            "yes_no",
            help="yes when it may run beside another session of the same practitioner",
        ),
        Column("client_bookable", ("Client bookable", "Bookable"), "yes_no"),
        Column("description", ("Description",), "long_text"),
        Column("foreign_id", ("ID", "External ID"), "text"),
    ),
    help="One service a row.",
)
SESSIONS = Layout(
    name="daybook-sessions",
    label="Daybook: sessions",
    system="daybook",
    record="sessions",
    weight=3,
    build=_session,
    drops=drop_totals,
    total="cost",
    amount=_session_amount,
    needs=(frozenset({"end", "minutes"}),),
    columns=(
        Column("date", ("Date", "Day"), "date", required=True),
        Column("start", ("Start", "Start time", "Starts", "From", "Starts at"), "time", required=True),
        Column("end", ("End", "End time", "Ends", "To", "Until", "Ends at"), "time", help="or a column Minutes"),
        Column("minutes", ("Minutes", "Duration", "Length"), "whole"),
        Column("service", ("Service",), "text", required=True, help="by name: it must be there"),
        Column(
            "practitioner",
            ("Practitioner", "Practitioners", "Teacher", "Tutor", "Therapist"),
            "names",
            required=True,
            help="name or e-mail; several with ; between them, the leading one first",
        ),
        Column(
            "clients",
            ("Clients", "Client", "Students", "Student"),
            "names",
            required=True,
            help="names or e-mails, with ; between them",
        ),
        Column("location", ("Location", "Room", "Place"), "text", help="made when it is not there"),
        Column(
            "status",
            ("Status",),
            "choice",
            choices=_OUTCOMES,
            help="open, completed, missed or canceled; open when left out",
        ),
        Column("cost", ("Cost", "Client cost", "Price"), "money", help="for each client; by the rates when left out"),
        Column("public_note", ("Public note", "Note", "Notes"), "long_text"),
        Column("internal_note", ("Internal note",), "long_text"),
        Column("foreign_id", ("ID", "External ID"), "text"),
    ),
    help="One session a row. Dates and times are local.",
)
PAYMENTS = Layout(
    name="daybook-payments",
    label="Daybook: payments",
    system="daybook",
    record="payments",
    weight=2,
    build=_payment,
    drops=drop_totals,
    total="amount",
    amount=lambda values: values.get("amount"),
    columns=(
        Column("client", ("Client", "Payer", "Student", "Name"), "text", required=True, help="name or e-mail"),
        Column("date", ("Date", "Received on", "Received", "Paid on", "Payment date"), "date", required=True),
        Column("amount", ("Amount", "Paid", "Payment"), "money", required=True),
        Column(
            "method",
            ("Method", "Payment method", "Type"),
            "choice",
            choices=METHODS,
            help="cash, check, card, bank, paypal or other",
        ),
        Column("reference", ("Reference", "Ref", "Number"), "text"),
        Column("note", ("Note", "Notes", "Comment"), "text"),
        Column("foreign_id", ("ID", "External ID"), "text"),
    ),
    help="One payment a row.",
)
LAYOUTS = (CLIENTS, PRACTITIONERS, SERVICES, SESSIONS, PAYMENTS)
