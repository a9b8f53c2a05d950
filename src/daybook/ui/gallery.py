"""Every part in every state, on one page: for looking at, and for the browser tests. Served in debug only."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.html import json_script

from daybook.core.reasons import Reason
from daybook.ui.colours import HUES
from daybook.ui.forms import BusinessForm, MoneyField, WeekField
from daybook.ui.listing import Column, Listing
from daybook.ui.states import LOOKS
from daybook.ui.widgets import ColourInput, Combobox, ComboboxMultiple, DateInput, Switch, TimeInput, TwoBlockPicker

BUSINESS = SimpleNamespace(
    name="Lindenhof Music School", slug="lindenhof", time_zone="Europe/Berlin", currency="EUR", locale="en-GB"
)
PEOPLE = [
    "Pia Albrecht",
    "Leo Brandt",
    "Ada Okafor",
    "Jonas Weiß",
    "Mei Tanaka",
    "Sofia Rossi",
    "Noah Lindqvist",
    "Amara Diallo",
    "Theo Novák",
    "Clara Fontaine",
    "Émile Girard",
    "Zoë van Dijk",
]
SERVICES = ["Piano, 45 minutes", "Violin, 30 minutes", "Theory group", "Cello, 60 minutes"]


class SampleForm(BusinessForm):
    """All kinds of fields."""

    name = forms.CharField(label="Name", help_text="As it stands on invoices.", max_length=60)
    client = forms.ChoiceField(
        label="Student",
        choices=[("", "")] + [(str(number), name) for number, name in enumerate(PEOPLE)],
        widget=Combobox(placeholder="Search by name"),
    )
    clients = forms.MultipleChoiceField(
        label="Group",
        required=False,
        choices=[(str(number), name) for number, name in enumerate(PEOPLE)],
        widget=ComboboxMultiple(),
    )
    day = forms.DateField(label="Date", widget=DateInput())
    start = forms.TimeField(label="Start", widget=TimeInput())
    cost = MoneyField(label="Cost", help_text="For the whole session.")
    kind = forms.ChoiceField(
        label="Price", choices=[("hourly", "By the hour"), ("fixed", "Fixed")], widget=forms.RadioSelect
    )
    service = forms.ChoiceField(label="Service", choices=[(name, name) for name in SERVICES])
    colour = forms.CharField(label="Colour", required=False, widget=ColourInput())
    notify = forms.BooleanField(
        label="Send an e-mail to everybody in it",
        required=False,
        help_text="They get the time, the place and a calendar file.",
    )
    visible = forms.BooleanField(label="Can be booked on-line", required=False, widget=Switch())
    assigned = forms.MultipleChoiceField(
        label="Assigned teachers",
        required=False,
        choices=[(str(number), name) for number, name in enumerate(PEOPLE)],
        widget=TwoBlockPicker("Teachers", "Assigned"),
    )
    week = WeekField(label="Availability", required=False)
    note = forms.CharField(label="Note", required=False, widget=forms.Textarea())


COLUMNS = [
    Column("name", "Name", order=("name",), fixed=True),
    Column("status", "Status", order=("status",)),
    Column("next", "Next session", order=("next",)),
    Column("phone", "Phone"),
    Column("balance", "Balance", order=("balance",), numeric=True),
]
FIRST = {
    "name": "Lindenhof",
    "client": "1",
    "clients": ["2", "4"],
    "cost": 4550,
    "kind": "hourly",
    "service": SERVICES[0],
    "colour": "#3a6cab",
    "assigned": ["0", "3"],
    "notify": True,
    "visible": True,
    "week": [
        {"day": "mon", "start": "09:00", "end": "12:30"},
        {"day": "mon", "start": "14:00", "end": "18:00"},
        {"day": "wed", "start": "10:00", "end": "16:00"},
    ],
}


def _rows() -> list[dict[str, Any]]:
    states = ["active", "active", "prospect", "active", "inactive"]
    return [
        {
            "id": number,
            "name": name,
            "status": states[number % 5],
            "next": "Tue 3 Mar, 15:30" if number % 3 else "",
            "phone": f"+49 30 555 01{number:02d}",
            "balance": [12450, -9000, 0, -23175, 5000][number % 5],
        }
        for number, name in enumerate(PEOPLE)
    ]


def gallery(request: HttpRequest, part: str = "") -> HttpResponse:
    """The page, or one of the small ones that it opens."""
    listing = Listing.read(request, "gallery", COLUMNS, "name", size=5)
    rows = [row for row in _rows() if listing.q.lower() in row["name"].lower()]
    status = request.GET.get("status", "")
    rows = [row for row in rows if status in ("", row["status"])]
    key = listing.sort
    rows.sort(key=lambda row: row[key], reverse=listing.descending)
    form = SampleForm(request.POST or None, initial=FIRST, business=BUSINESS)
    if part == "form" and request.method == "POST" and form.is_valid():
        return redirect("/gallery/")
    context = {
        "business": BUSINESS,
        "actor": SimpleNamespace(name="Ada Okafor"),
        "terms": {"client": {"singular": "student", "plural": "students"}},
        "listing": listing,
        "page": listing.page_of(rows, total=len(rows)),
        "form": form,
        "wrong": SampleForm({"name": "", "cost": "12,345", "start": "25:00", "kind": "x"}, business=BUSINESS),
        "states": list(LOOKS),
        "hues": list(HUES),
        "people": PEOPLE,
        "statuses": [("", "All"), ("active", "Active"), ("prospect", "Prospect"), ("inactive", "Inactive")],
        "income": {
            "labels": ["Oct", "Nov", "Dec", "Jan", "Feb", "Mar"],
            "first": "Month",
            "series": [
                {"name": "Received", "values": [412000, 455000, 390050, 478000, 501250, 466000]},
                {"name": "Owed", "values": [52000, 61000, 88000, 40500, 35000, 72000]},
            ],
            "money": True,
        },
        "hours": {
            "labels": ["Pia", "Leo", "Ada", "Jonas"],
            "first": "Teacher",
            "series": [{"name": "Hours", "values": [22, 18, 25, 9]}],
        },
        "reasons": [
            Reason("custom_rate", {"amount": "33.10", "since": "2026-01-01"}),
            Reason("hourly", {"minutes": 85}),
            Reason("rounded", {"before": "46.8917", "after": "46.89"}),
        ],
        "navigation": _navigation(part),
        "creations": [
            SimpleNamespace(label="Session", url="/gallery/form/", icon="session-add", drawer=True),
            SimpleNamespace(label="Student", url="/gallery/form/", icon="user-plus", drawer=True),
        ],
        "palette_items": json_script(
            [
                {"group": "Go to", "label": "Dashboard", "url": "/gallery/", "icon": "dashboard", "keys": "g d"},
                {"group": "Go to", "label": "Students", "url": "/gallery/", "icon": "clients", "keys": "g c"},
                {
                    "group": "Add",
                    "label": "New session",
                    "url": "/gallery/form/",
                    "icon": "session-add",
                    "drawer": True,
                },
            ],
            "palette-items",
        ),
    }
    name = part or "index"
    if name not in {"index", "list", "record", "form", "explain", "popup", "public", "portal", "empty"}:
        raise Http404
    status_code = 422 if request.method == "POST" else 200
    return render(request, f"ui/gallery/{name}.html", context, status=status_code)


def error(request: HttpRequest, status: int) -> HttpResponse:
    """An error page as it looks."""
    if status not in (400, 403, 404, 422, 429, 500, 503):
        raise Http404
    return render(request, f"ui/errors/{status}.html", {"status": status, "minutes": 5})


def _navigation(part: str) -> list[SimpleNamespace]:
    names = [
        ("Dashboard", "dashboard", ""),
        ("Calendar", "calendar", "-"),
        ("Sessions", "sessions", "record"),
        ("Students", "clients", "list"),
        ("Teachers", "practitioners", "-"),
        ("Accounting", "accounting", "form"),
        ("Communications", "communications", "-"),
        ("Reports", "reports", "-"),
        ("Settings", "settings", "-"),
    ]
    entries = []
    for label, icon, own in names:
        on = own == part
        children = (
            [
                SimpleNamespace(label=text, url=f"/gallery/form/#{text}", active=text == "Invoices" and on, count=0)
                for text in ("Payments", "Invoices", "Balances")
            ]
            if label == "Accounting"
            else []
        )
        entries.append(
            SimpleNamespace(
                label=label,
                url=f"/gallery/{own + '/' if own not in ('', '-') else ''}",
                icon=icon,
                active=on,
                is_current=on and not children,
                count=3 if label == "Communications" else 0,
                children=children,
            )
        )
    return entries
