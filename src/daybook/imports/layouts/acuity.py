"""Acuity Scheduling: the client list and the appointments export. Neither has a number for a client."""

from collections.abc import Sequence
from datetime import time

from daybook.imports.layouts.base import Column, Layout, Setting, Values
from daybook.imports.layouts.building import drop_totals, joined, ref, text
from daybook.imports.rules.cells import CellProblem, Moment
from daybook.imports.rules.items import Item, PaymentItem, PersonItem, PersonRef, Place, SessionItem

_NAMES = (
    Column("first_name", ("First Name",), "name"),
    Column("last_name", ("Last Name",), "name"),
    Column("phone", ("Phone",), "phone"),
    Column("email", ("Email",), "email"),
)
# Labels are a business's own words: those that plainly mean an outcome count, the others do not.
_OUTCOMES = {
    "no show": "missed",
    "no-show": "missed",
    "noshow": "missed",
    "canceled": "canceled",
    "cancelled": "canceled",
    "late cancel": "canceled",
}


def _client(values: Values, setting: Setting) -> Sequence[Item]:
    first, last = _name(values)
    return [
        PersonItem(
            "client", first, last, email=text(values, "email"), phone=text(values, "phone"), notes=text(values, "notes")
        )
    ]


def _name(values: Values) -> tuple[str, str]:
    first, last = text(values, "first_name"), text(values, "last_name")
    if not first:
        first, last = last or text(values, "email").partition("@")[0], ""
    if not first:
        raise CellProblem("required", field="first_name")
    return first, last


def _appointment(values: Values, setting: Setting) -> Sequence[Item]:
    starts, ends = values["starts"], values["ends"]
    price, paid = values.get("price") or 0, values.get("paid_online") or 0
    if price < 0 or paid < 0:
        raise CellProblem("negative_amount", field="price" if price < 0 else "paid_online")
    first, last = _name(values)
    client = PersonRef("client", "", first, last, text(values, "email"), text(values, "phone"), make=True)
    begins, closes = _clock(starts, "starts"), _clock(ends, "ends")
    if (ends.day, closes) <= (starts.day, begins):
        raise CellProblem("ends_before_start", field="ends", start=f"{begins:%H:%M}", end=f"{closes:%H:%M}")
    outcome = _OUTCOMES.get(text(values, "label").casefold(), "auto")
    session = SessionItem(
        service=values["type"],
        practitioner=ref(values["calendar"], "practitioner", make=True),
        places=(Place(client, outcome, 0 if outcome == "canceled" else price),),
        day=starts.day,
        start=begins,
        end=closes,
        internal_note=joined(text(values, "notes"), _certificate(values), by="\n"),
        make_service=True,
        service_cost_minor=price,
        foreign_id=text(values, "foreign_id"),
    )
    items: list[Item] = [session]
    if paid:
        booked = values.get("booked")
        received = booked.day if isinstance(booked, Moment) else starts.day
        items.append(PaymentItem(client, received, paid, "card", text(values, "foreign_id"), "Paid online"))
    return items


def _clock(moment: Moment, field: str) -> time:
    if moment.clock is None:
        raise CellProblem("not_a_time", field=field, text=moment.day.isoformat())
    return moment.clock


def _certificate(values: Values) -> str:
    code = text(values, "certificate")
    return f"Certificate {code}" if code else ""


CLIENTS = Layout(
    name="acuity-clients",
    label="Acuity Scheduling: client list",
    system="acuity",
    record="clients",
    signature=("days since last appointment",),
    needs=(frozenset({"first_name", "last_name", "email"}),),
    build=_client,
    drops=drop_totals,
    # How many days ago changes with every export: it is no part of the record.
    columns=(*_NAMES, Column("notes", ("Notes",), "long_text")),
    help="Clients > Import/export > Export client list.",
)
APPOINTMENTS = Layout(
    name="acuity-appointments",
    label="Acuity Scheduling: appointments",
    system="acuity",
    record="sessions",
    signature=("calendar", "type", "appointment price"),
    build=_appointment,
    drops=drop_totals,
    total="price",
    amount=lambda values: (
        None if _OUTCOMES.get(text(values, "label").casefold()) == "canceled" else values.get("price")
    ),
    joins=True,
    asks_time_zone=True,
    columns=(
        Column("starts", ("Start Time",), "moment", required=True),
        Column("ends", ("End Time",), "moment", required=True),
        *_NAMES,
        Column("type", ("Type",), "text", required=True, help="becomes the service"),
        Column("calendar", ("Calendar",), "text", required=True, help="becomes the practitioner"),
        Column("price", ("Appointment Price",), "money"),
        Column("paid_online", ("Amount Paid Online",), "money", help="becomes a payment"),
        Column("certificate", ("Certificate Code",), "text"),
        Column("notes", ("Notes",), "long_text"),
        Column("booked", ("Date Scheduled",), "moment"),
        Column("label", ("Label",), "text"),
        Column("foreign_id", ("Appointment ID",), "text"),
    ),
    help="Reports > Import/export > Export appointments. Times are in the account's time zone.",
)
LAYOUTS = (CLIENTS, APPOINTMENTS)
