"""Forms of sessions, completion types and closures."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from daybook.catalog.permissions import visible_locations, visible_services
from daybook.core.errors import DomainError, InvalidInput
from daybook.core.ids import parse_id
from daybook.core.periods import local_instant
from daybook.people.models import User
from daybook.people.permissions import known_people
from daybook.people.queries import by_name
from daybook.scheduling.models import CompletionType
from daybook.scheduling.queries import SessionRow
from daybook.tenancy.actor import Actor
from daybook.ui.forms import BusinessForm, MoneyField
from daybook.ui.terms import capital, word
from daybook.ui.widgets import Combobox, ComboboxMultiple, DateInput, Switch, TimeInput

NO_ID = UUID(int=0)


class SessionForm(BusinessForm):
    """One form for single and group sessions: how many clients are chosen tells which."""

    clients = forms.TypedMultipleChoiceField(coerce=UUID, widget=ComboboxMultiple)
    service = forms.TypedChoiceField(coerce=UUID, widget=Combobox)
    practitioner = forms.TypedChoiceField(coerce=UUID, widget=Combobox)
    assistants = forms.TypedMultipleChoiceField(
        label=_("Also with"), coerce=UUID, widget=ComboboxMultiple, required=False,
        help_text=_("Each one’s time is taken, and each one is paid."),
    )  # fmt: skip
    day = forms.DateField(label=_("Date"), widget=DateInput)
    start = forms.TimeField(label=_("Start"), widget=TimeInput)
    end = forms.TimeField(label=_("End"), widget=TimeInput)
    location = forms.TypedChoiceField(coerce=UUID, widget=Combobox, required=False, empty_value=None)
    public_note = forms.CharField(
        label=_("Note for all"), required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    internal_note = forms.CharField(
        label=_("Note for the team"), required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Never seen by those who take part."),
    )  # fmt: skip

    # Where a refusal of the verb is shown.
    places = {"starts_at": "start", "ends_at": "end"}

    def __init__(
        self, *args: Any, actor: Actor, clients_url: str, current: SessionRow | None = None, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.actor = actor
        self.current = current
        for name, term, plural in (
            ("clients", "client", True), ("service", "service", False),
            ("practitioner", "practitioner", False), ("location", "location", False),
        ):  # fmt: skip
            self.fields[name].label = capital(word(self.terms, term, "plural" if plural else "singular"))
        self.fields["clients"].help_text = _now("One, or several for a group.")
        self.fields["clients"].widget.url = clients_url
        self._offer()

    def _offer(self) -> None:
        current = self.current
        services = list(visible_services(self.actor).order_by("name"))
        self.minutes = {str(service.pk): service.minutes for service in services}
        self._choices(
            "service",
            [(service.pk, service.name) for service in services],
            (current.service_id, current.service) if current else None,
        )
        self._choices(
            "practitioner",
            _names(practitioners_for(self.actor)),
            (current.practitioner_id, current.practitioner) if current else None,
        )
        self._offer_assistants()
        places = [(place.pk, place.name) for place in visible_locations(self.actor).order_by("name")]
        taken = (current.location_id, current.location) if current and current.location_id else None
        self._choices("location", [("", _now("None")), *places], taken)
        self._choices("clients", _names(self._chosen_clients()), None)

    def _offer_assistants(self) -> None:
        """The team names several, where there are several."""
        present = self.current.assistants if self.current else ()
        everybody = self.fields["practitioner"].choices  # type: ignore[attr-defined]
        if not self.actor.is_team or len([value for value, _label in everybody if value]) < 2:
            del self.fields["assistants"]
            return
        names = dict(everybody) | {str(each.id): each.name for each in present}
        self.fields["assistants"].choices = [item for item in names.items() if item[0]]  # type: ignore[attr-defined]

    def _choices(self, name: str, choices: Iterable[tuple[Any, str]], current: tuple[Any, str] | None) -> None:
        """The choices as texts, with the session's own among them even when it is no longer on offer."""
        found = [(str(value), label) for value, label in choices]
        if current and str(current[0]) not in {value for value, _label in found}:
            found.append((str(current[0]), current[1]))
        if not self.fields[name].widget.allow_multiple_selected and not any(value == "" for value, _label in found):
            found.insert(0, ("", ""))
        self.fields[name].choices = found  # type: ignore[attr-defined]

    def _chosen_clients(self) -> Iterable[User]:
        """Clients that are named already, by what was sent or by the session; the others are searched for."""
        given = self.data.getlist("clients") if self.is_bound else self.initial.get("clients") or []  # type: ignore[union-attr, attr-defined]
        ids = [found for each in given if (found := parse_id(each))]
        return by_name(known_people(self.actor, "manage_schedule", "client").filter(pk__in=ids)) if ids else []

    def refuse(self, error: DomainError) -> None:
        if isinstance(error, InvalidInput):
            renamed = [replace(each, field=self.places.get(each.field, each.field)) for each in error.errors]
            return super().refuse(InvalidInput(renamed))
        error.field = self.places.get(error.field or "", error.field)
        return super().refuse(error)

    @property
    def is_enough(self) -> bool:
        """Whether what follows can be told: everything is right, or only the clients are not chosen yet."""
        return self.is_valid() or not self.errors.keys() - {"clients"}

    def for_services(self) -> dict[str, Any]:
        """The cleaned values by the names that the verbs take. An end before the start is one of the next day's small hours."""
        values = self.cleaned_data
        named = {"assistant_ids": values["assistants"]} if "assistants" in self.fields else {}
        zone = self.business.time_zone
        starts_at = local_instant(values["day"], values["start"], zone)
        ends_on = (
            values["day"] + timedelta(days=1) if _crosses_midnight(values["start"], values["end"]) else values["day"]
        )
        return {
            "service_id": values["service"],
            "practitioner_id": values["practitioner"],
            "location_id": values["location"] or None,
            "client_ids": values.get("clients", []),
            "starts_at": starts_at,
            "ends_at": local_instant(ends_on, values["end"], zone),
            "public_note": values["public_note"],
            "internal_note": values["internal_note"],
            **named,
        }


def _crosses_midnight(start: Any, end: Any) -> bool:
    """Only late sessions that end at night: 23:00–00:30, never a slip such as 15:00–14:00."""
    return end <= start and start.hour >= 18 and end.hour < 6


def initial_of(row: SessionRow, zone: str) -> dict[str, Any]:
    """A session as the form shows it."""
    return {
        "clients": [str(place.client_id) for place in row.participants],
        "service": str(row.service_id),
        "practitioner": str(row.practitioner_id),
        "assistants": [str(each.id) for each in row.assistants],
        "location": str(row.location_id or ""),
        "public_note": row.public_note,
        "internal_note": row.internal_note,
        **clock_values(row.starts_at, row.ends_at, zone),
    }


def clock_values(starts_at: datetime, ends_at: datetime, zone: str) -> dict[str, Any]:
    start, end = starts_at.astimezone(ZoneInfo(zone)), ends_at.astimezone(ZoneInfo(zone))
    return {"day": start.date(), "start": start.time(), "end": end.time()}


def practitioners_for(actor: Actor) -> Iterable[User]:
    """Those who may be given a session by this actor: itself alone for a practitioner."""
    found = known_people(actor, "manage_schedule", "practitioner").filter(status="active")
    if actor.role == "practitioner":
        found = found.filter(pk=actor.user_id or NO_ID)
    return by_name(found)


def _names(people: Iterable[User]) -> list[tuple[UUID, str]]:
    return [(person.pk, person.name) for person in people]


class CompleteForm(BusinessForm):
    """Saving with more than a click: another type for some, amounts by hand."""

    completion_type = forms.TypedChoiceField(label=_("How it went"), coerce=UUID, widget=forms.RadioSelect)
    cost = MoneyField(label=_("Cost by hand"), required=False, help_text=_("For each participant, before tax."))
    wage = MoneyField(label=_("Wage by hand"), required=False)

    def __init__(
        self, *args: Any, row: SessionRow, types: list[CompletionType], may_override: bool, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        choices = [(str(kind.pk), kind.label) for kind in types]
        self.fields["completion_type"].choices = choices  # type: ignore[attr-defined]
        if not may_override:
            del self.fields["cost"], self.fields["wage"]
        elif row.assistants:
            earns = _now("%(wage)s of %(name)s by hand")
            words = {"wage": capital(word(self.terms, "wage"))}
            self.fields["wage"].label = earns % {**words, "name": row.practitioner}
            for each in row.assistants:
                self.fields[f"wage-{each.id}"] = MoneyField(
                    label=earns % {**words, "name": each.name},
                    required=False,
                    currency=self.business.currency,
                    locale=self.business.locale,
                )
        self.fields["completion_type"].initial = choices[0][0] if choices else None
        if row.is_group:
            for place in row.participants:
                self.fields[f"place-{place.client_id}"] = forms.TypedChoiceField(
                    label=place.name,
                    coerce=UUID,
                    required=False,
                    empty_value=None,
                    choices=[("", _now("As above")), *choices],
                )

    @property
    def place_fields(self) -> list[Any]:
        return [self[name] for name in self.fields if name.startswith("place-")]

    @property
    def wage_fields(self) -> list[Any]:
        return [self[name] for name in self.fields if name.startswith("wage-")]

    @property
    def assistant_wages(self) -> dict[UUID, int]:
        """Assistant → wage by hand, for those who were given one."""
        chosen = self.cleaned_data.items()
        return {UUID(name[5:]): value for name, value in chosen if name.startswith("wage-") and value is not None}

    @property
    def own_types(self) -> dict[UUID, UUID]:
        """Client → type, for those whose outcome differs."""
        chosen = self.cleaned_data.items()
        return {UUID(name[6:]): value for name, value in chosen if name.startswith("place-") and value}


STATUSES = [("completed", _("Completed")), ("missed", _("Missed")), ("canceled", _("Canceled"))]
MODIFIERS = [
    ("percentage", _("A share of the full amount, in percent")),
    ("fixed", _("A fixed amount, in whole units of the currency")),
]


class CompletionTypeForm(BusinessForm):
    label = forms.CharField(label=_("Label"), max_length=15, help_text=_("At most 15 characters."))
    status = forms.ChoiceField(label=_("Counts as"), choices=STATUSES, widget=forms.RadioSelect, initial="canceled")
    description = forms.CharField(label=_("Description"), required=False, max_length=300)
    modifier = forms.ChoiceField(label=_("Takes"), choices=MODIFIERS, widget=forms.RadioSelect, initial="percentage")
    client_modifier = forms.IntegerField(min_value=0, max_value=1_000_000, initial=100)
    practitioner_modifier = forms.IntegerField(min_value=0, max_value=1_000_000, initial=100)
    is_enabled = forms.BooleanField(label=_("On offer"), required=False, widget=Switch, initial=True)

    def __init__(self, *args: Any, row: CompletionType | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("client", "practitioner"):
            label = _now("%(who)s: percent or amount") % {"who": capital(word(self.terms, name))}
            self.fields[f"{name}_modifier"].label = label
        if row and row.is_default:
            self.fields["status"].disabled = True

    def for_services(self) -> dict[str, Any]:
        return self.cleaned_data

    @classmethod
    def initial_of(cls, row: CompletionType) -> dict[str, Any]:
        return {name: getattr(row, name) for name in cls.base_fields}


class ClosureForm(BusinessForm):
    name = forms.CharField(label=_("Name"), max_length=120)
    starts_on = forms.DateField(label=_("First day"), widget=DateInput)
    ends_on = forms.DateField(
        label=_("Last day"), widget=DateInput, required=False, help_text=_("Empty: that one day.")
    )
    location_id = forms.TypedChoiceField(coerce=UUID, required=False, empty_value=None)

    def __init__(self, *args: Any, actor: Actor, **options: Any) -> None:
        super().__init__(*args, **options)
        place = self.fields["location_id"]
        place.label = capital(word(self.terms, "location"))
        found = [(str(each.pk), each.name) for each in visible_locations(actor).order_by("name")]
        place.choices = [("", _now("Everywhere")), *found]  # type: ignore[attr-defined]

    def for_services(self) -> dict[str, Any]:
        values = self.cleaned_data
        return values | {"ends_on": values["ends_on"] or values["starts_on"]}
