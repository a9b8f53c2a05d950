"""Easy!Appointments: its tables, from a MySQL dump, from CSV files of them, or as the REST API writes them.

A dump of the database is one file with all of them; `user` numbers tie them together.
"""

from collections.abc import Sequence
from datetime import time

from daybook.imports.layouts.base import Column, Layout, Setting, Values
from daybook.imports.layouts.building import joined, text
from daybook.imports.rules.cells import CellProblem, Moment
from daybook.imports.rules.items import Item, PersonItem, PersonRef, Place, ServiceItem, SessionItem

FAMILY = "easyappointments"
_NULL = frozenset({"null", "\\n"})
# Numbers of the roles in every installation.
_ROLES = {
    "2": "practitioner",
    "provider": "practitioner",
    "3": "client",
    "customer": "client",
    "1": "",
    "4": "",
    "admin": "",
    "secretary": "",
}
_OUTCOMES = {
    "cancelled": "canceled",
    "canceled": "canceled",
    "no-show": "missed",
    "no show": "missed",
    "noshow": "missed",
}


def _person(values: Values, setting: Setting) -> Sequence[Item]:
    role = _ROLES.get(text(values, "role"), "client")
    first, last = text(values, "first_name"), text(values, "last_name")
    if not first:
        first, last = last or text(values, "email").partition("@")[0], ""
    if not first:
        raise CellProblem("required", field="first_name")
    address = joined(text(values, "address"), joined(text(values, "zip"), text(values, "city"), by=" "))
    custom = [(f"Field {number}", text(values, f"custom_{number}")) for number in range(1, 6)]
    return [
        PersonItem(
            role,
            first,
            last,
            email=text(values, "email"),
            phone=text(values, "mobile") or text(values, "phone"),
            address=address,
            notes=text(values, "notes"),
            foreign_id=text(values, "foreign_id"),
            custom=tuple((name, value) for name, value in custom if value),
        )
    ]


def _service(values: Values, setting: Setting) -> Sequence[Item]:
    price, currency = values.get("price") or 0, text(values, "currency")
    if currency and len(currency) == 3 and currency.upper() != setting.currency:
        raise CellProblem("other_currency", field="currency", text=currency, currency=setting.currency)
    if price < 0:
        raise CellProblem("negative_amount", field="price")
    return [
        ServiceItem(
            values["name"][:120],
            kind="fixed",
            cost_minor=price,
            minutes=values.get("duration") or 60,
            description=text(values, "description")[:2000],
            client_bookable=not values.get("is_private"),
            foreign_id=text(values, "foreign_id"),
        )
    ]


def _appointment(values: Values, setting: Setting) -> Sequence[Item]:
    starts, ends = values["starts"], values["ends"]
    begins, closes = _clock(starts, "starts"), _clock(ends, "ends")
    if (ends.day, closes) <= (starts.day, begins):
        raise CellProblem("ends_before_start", field="ends", start=f"{begins:%H:%M}", end=f"{closes:%H:%M}")
    outcome = _OUTCOMES.get(text(values, "status").casefold(), "auto")
    number = values["service"]
    return [
        SessionItem(
            service=number,
            service_foreign_id=number,
            practitioner=PersonRef("practitioner", foreign_id=values["provider"]),
            places=(Place(PersonRef("client", foreign_id=values["customer"]), outcome),),
            day=starts.day,
            start=begins,
            end=closes,
            location=text(values, "location")[:120],
            internal_note=joined(text(values, "notes"), text(values, "link"), by="\n"),
            foreign_id=text(values, "foreign_id"),
        )
    ]


def _clock(moment: Moment, field: str) -> time:
    if moment.clock is None:
        raise CellProblem("not_a_time", field=field, text=moment.day.isoformat())
    return moment.clock


def _drop_users(texts: Sequence[str], values: Values) -> str | None:
    """Administrators and secretaries are given their rights here by hand."""
    return "group" if _ROLES.get(values.get("role", ""), "client") == "" else None


def _drop_appointments(texts: Sequence[str], values: Values) -> str | None:
    """Times at which a provider is away are rows of the same table."""
    return (
        "group"
        if values.get("is_away", "") in ("1", "true", "yes") or not values.get("customer", "").strip("NULnul\\")
        else None
    )


USERS = Layout(
    name="easyappointments-users",
    label="Easy!Appointments: people",
    system="easyappointments",
    record="clients",
    family=FAMILY,
    signature=("email", "timezone", "first name|firstname"),
    needs=(frozenset({"first_name"}), frozenset({"last_name"})),
    build=_person,
    drops=_drop_users,
    columns=(
        Column("foreign_id", ("id",), "text"),
        Column("first_name", ("first_name", "firstName"), "name", empty=_NULL),
        Column("last_name", ("last_name", "lastName"), "name", empty=_NULL),
        Column("email", ("email",), "email", empty=_NULL),
        Column("mobile", ("mobile_number", "mobile"), "phone", empty=_NULL),
        Column("phone", ("phone_number", "phone"), "phone", empty=_NULL),
        Column("address", ("address",), "text", empty=_NULL),
        Column("city", ("city",), "text", empty=_NULL),
        Column("zip", ("zip_code", "zip"), "text", empty=_NULL),
        Column("notes", ("notes",), "long_text", empty=_NULL),
        *(
            Column(f"custom_{each}", (f"custom_field_{each}", f"customField{each}"), "text", empty=_NULL)
            for each in range(1, 6)
        ),
        Column("role", ("id_roles", "role"), "text", empty=_NULL),
    ),
)
SERVICES = Layout(
    name="easyappointments-services",
    label="Easy!Appointments: services",
    system="easyappointments",
    record="services",
    family=FAMILY,
    signature=("name", "duration", "price", "attendants number|attendantsnumber"),
    build=_service,
    columns=(
        Column("foreign_id", ("id",), "text"),
        Column("name", ("name",), "text", required=True),
        Column("duration", ("duration",), "whole", empty=_NULL),
        Column("price", ("price",), "money", empty=_NULL),
        Column("currency", ("currency",), "text", empty=_NULL),
        Column("description", ("description",), "long_text", empty=_NULL),
        Column("is_private", ("is_private", "isPrivate"), "yes_no", empty=_NULL),
    ),
)
APPOINTMENTS = Layout(
    name="easyappointments-appointments",
    label="Easy!Appointments",
    system="easyappointments",
    record="sessions",
    family=FAMILY,
    signature=("hash", "id users provider|providerid"),
    build=_appointment,
    drops=_drop_appointments,
    joins=True,
    asks_time_zone=True,
    columns=(
        Column("foreign_id", ("id",), "text"),
        Column("starts", ("start_datetime", "start"), "moment", required=True),
        Column("ends", ("end_datetime", "end"), "moment", required=True),
        Column("location", ("location",), "text", empty=_NULL),
        Column("link", ("meeting_link", "meetingLink"), "text", empty=_NULL),
        Column("status", ("status",), "text", empty=_NULL),
        Column("notes", ("notes",), "long_text", empty=_NULL),
        Column("service", ("id_services", "serviceId"), "text", required=True, empty=_NULL),
        Column("provider", ("id_users_provider", "providerId"), "text", required=True, empty=_NULL),
        Column("customer", ("id_users_customer", "customerId"), "text", required=True, empty=_NULL),
        Column("is_away", ("is_unavailability", "isUnavailability"), "text", empty=_NULL),
    ),
    help="A MySQL dump of the database (.sql), or a .zip of its tables as CSV or JSON.",
)
LAYOUTS = (SERVICES, USERS, APPOINTMENTS)
