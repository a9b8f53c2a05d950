"""Teachworks: the templates by which it takes in independent students and teachers. What an export has may differ."""

from collections.abc import Sequence

from daybook.imports.layouts.base import Column, Layout, Setting, Values
from daybook.imports.layouts.building import drop_totals, joined, text
from daybook.imports.rules.cells import CellProblem
from daybook.imports.rules.items import Item, PersonItem

_STATUSES = {"active": "active", "inactive": "inactive", "prospective": "prospect", "prospect": "prospect"}
# The second row of a template is an example to be written over; not everybody does.
_EXAMPLES = frozenset(
    {
        "john smith",
        "jane smith",
        "john doe",
        "jane doe",
        "sample student",
        "sample teacher",
        "example student",
        "example teacher",
    }
)

_CONTACT = (
    Column("first_name", ("First Name",), "name", required=True),
    Column("last_name", ("Last Name",), "name"),
    Column("email", ("Email", "Email Address"), "email"),
    Column("mobile", ("Mobile Phone", "Mobile", "Cell Phone"), "phone"),
    Column("home_phone", ("Home Phone", "Phone"), "phone"),
    Column("work_phone", ("Work Phone",), "phone"),
    Column("address", ("Address", "Address 1", "Street"), "text"),
    Column("address_2", ("Address 2",), "text"),
    Column("city", ("City",), "text"),
    Column("state", ("State", "State/Province", "Province"), "text"),
    Column("zip", ("Zip", "Zip Code", "Zip/Postal Code", "Postal Code"), "text"),
    Column("country", ("Country",), "text"),
    Column("birthday", ("Birth Date", "Birthdate"), "date"),
    Column("subjects", ("Subjects",), "long_text"),
    Column("notes", ("Notes", "Additional Notes"), "long_text"),
    Column("status", ("Status",), "choice", choices=_STATUSES),
)


def _subjects(values: Values) -> tuple[str, ...]:
    """Subjects stand in one cell with commas; each becomes a tag."""
    return tuple(dict.fromkeys(part.strip()[:40] for part in text(values, "subjects").split(",") if part.strip()))


def _address(values: Values) -> str:
    place = joined(text(values, "city"), joined(text(values, "state"), text(values, "zip"), by=" "))
    return joined(text(values, "address"), text(values, "address_2"), place, text(values, "country"))


def _kept(values: Values, *fields: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    """What has no place of its own here stays with the person under its old name."""
    return tuple((name, str(values[field])) for field, name in fields if values.get(field) not in (None, ""))


def _person(values: Values, role: str, custom: tuple[tuple[str, str], ...]) -> PersonItem:
    phones = [text(values, name) for name in ("mobile", "home_phone", "work_phone")]
    phone = next((each for each in phones if each), "")
    status = values.get("status") or "active"
    if role != "client" and status == "prospect":
        raise CellProblem("not_a_choice", field="status", text="Prospective", choices="Active, Inactive")
    return PersonItem(
        role=role,
        first_name=values["first_name"],
        last_name=text(values, "last_name"),
        email=text(values, "email"),
        phone=phone,
        address=_address(values),
        birthday=values.get("birthday"),
        status=status,
        notes=text(values, "notes"),
        tags=_subjects(values),
        foreign_id=text(values, "foreign_id"),
        custom=custom + tuple(("Other phone", each) for each in phones if each and each != phone)[:1],
    )


def _student(values: Values, setting: Setting) -> Sequence[Item]:
    custom = _kept(
        values,
        ("school", "School"),
        ("grade", "Grade"),
        ("started", "Start date"),
        ("billing_method", "Billing method"),
        ("hourly_cost", "Student hourly cost"),
        ("premium", "Cost premium"),
        ("discount", "Discount rate"),
    )
    return [_person(values, "client", custom)]


def _teacher(values: Values, setting: Setting) -> Sequence[Item]:
    custom = _kept(
        values,
        ("position", "Position"),
        ("hired", "Hire date"),
        ("wage_method", "Wage method"),
        ("hourly_wage", "Employee hourly wage"),
        ("tier", "Wage tier"),
    )
    role = "staff" if values.get("is_teacher") is False else "practitioner"
    return [_person(values, role, custom)]


def _drop(texts: Sequence[str], values: Values) -> str | None:
    name = f"{values.get('first_name', '')} {values.get('last_name', '')}".strip().casefold()
    is_example = name in _EXAMPLES and (
        "example" in values.get("email", "") or "example" in values.get("notes", "").casefold()
    )
    return "example" if is_example else drop_totals(texts, values)


STUDENTS = Layout(
    name="teachworks-students",
    label="Teachworks: independent students",
    system="teachworks-students",
    record="clients",
    signature=("first name", "billing method"),
    build=_student,
    drops=_drop,
    columns=(
        *_CONTACT,
        Column("started", ("Start Date",), "date"),
        Column("school", ("School",), "text"),
        Column("grade", ("Grade",), "text"),
        Column("billing_method", ("Billing Method",), "text"),
        Column(
            "hourly_cost", ("Student Hourly Cost",), "text", help="kept with the client: rates here are for a service"
        ),
        Column("premium", ("Cost Premium Name",), "text"),
        Column("discount", ("Discount Rate",), "text"),
        Column("foreign_id", ("Student ID", "ID"), "text"),
    ),
    help="The template for importing independent students.",
)
TEACHERS = Layout(
    name="teachworks-teachers",
    label="Teachworks: teachers and staff",
    system="teachworks-teachers",
    record="practitioners",
    signature=("first name", "wage method"),
    build=_teacher,
    drops=_drop,
    columns=(
        *_CONTACT,
        Column("hired", ("Hire Date",), "date"),
        Column("position", ("Position",), "text"),
        Column("is_teacher", ("Include As Teacher",), "yes_no", help="those who do not teach become staff"),
        Column("wage_method", ("Wage Method",), "text"),
        Column(
            "hourly_wage",
            ("Employee Hourly Wage",),
            "text",
            help="kept with the practitioner: wages here are for a service",
        ),
        Column("tier", ("Wage Tier Name",), "text"),
        Column("foreign_id", ("Employee ID", "ID"), "text"),
    ),
    help="The template for importing teachers and staff.",
)
LAYOUTS = (STUDENTS, TEACHERS)
