"""The forms of a person: what it is called, how it is reached, how it signs in, and what belongs to it."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from daybook.core.errors import InvalidInput
from daybook.core.periods import local_date
from daybook.people.models import User
from daybook.people.queries import by_name
from daybook.people.rules import DAY_END, DAYS, Window, clean_person
from daybook.tenancy.actor import Actor
from daybook.ui.forms import BusinessForm, WeekField
from daybook.ui.states import look
from daybook.ui.widgets import ColourInput, Combobox, ComboboxMultiple, DateInput, Switch, TwoBlockPicker
from daybook.web.people.kinds import Kind

OF_CLIENTS = ("agent", "hide_costs", "calendar_color", "practitioners")
CONTACT = ("email", "phone", "address", "birthday")


def choices_of(role: str, *, blank: bool = False) -> list[tuple[str, str]]:
    """People of a role by name; those who are not active say so."""
    people = by_name(User.objects.filter(role=role)).only("id", "first_name", "last_name", "status")
    named = [
        (str(each.pk), each.name if each.status == "active" else f"{each.name} ({str(look(each.status).word).lower()})")
        for each in people
    ]
    return [("", "")] * blank + named


class PersonForm(BusinessForm):
    """Adding and changing a person of one kind; fields that do not belong to the kind are left out."""

    first_name = forms.CharField(label=_("First name"), max_length=100)
    last_name = forms.CharField(label=_("Last name"), max_length=100, required=False)
    preferred_name = forms.CharField(
        label=_("Preferred name"),
        max_length=100,
        required=False,
        help_text=_("What to call this person, where it differs."),
    )
    email = forms.CharField(label=_("E-mail"), max_length=254, required=False, widget=forms.EmailInput)
    phone = forms.CharField(
        label=_("Phone"), max_length=40, required=False, widget=forms.TextInput(attrs={"type": "tel"})
    )
    address = forms.CharField(
        label=_("Address"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    birthday = forms.DateField(label=_("Birthday"), required=False, widget=DateInput)
    status = forms.ChoiceField(
        label=_("Status"), help_text=_("Only active people can sign in and be added to sessions.")
    )
    role = forms.ChoiceField(label=_("Role"))
    username = forms.CharField(
        label=_("User name"), max_length=150, required=False, help_text=_("Empty: no login. Taking it away ends open logins."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )  # fmt: skip
    password = forms.CharField(
        label=_("Password"), max_length=500, required=False, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip
    tags = forms.CharField(label=_("Tags"), max_length=900, required=False, help_text=_("Separated by commas."))
    agent = forms.ChoiceField(label=_("Agent"), required=False, widget=Combobox)
    hide_costs = forms.BooleanField(
        label=_("Hide costs"),
        required=False,
        widget=Switch,
        help_text=_("No price, cost, balance or invoice is shown to this person anywhere."),
    )
    practitioners = forms.MultipleChoiceField(label=_("Works with"), required=False, widget=ComboboxMultiple)
    calendar_color = forms.CharField(
        label=_("Colour in your calendar"), required=False, widget=ColourInput, help_text=_("Only you see it.")
    )
    notes = forms.CharField(
        label=_("Additional information"),
        max_length=20_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("For the team; never shown to clients and agents."),
    )

    def __init__(self, *args: Any, kind: Kind, actor: Actor, is_new: bool, contact: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.kind = kind
        statuses = ("active", "inactive", "prospect") if kind.is_clients else ("active", "inactive")
        self._choose("status", [(name, look(name).word) for name in statuses])
        if kind.is_clients:
            self._choose("agent", choices_of("agent", blank=True))
            self._choose("practitioners", choices_of("practitioner"))
        for name in self._unused(actor, is_new).union(() if contact else CONTACT):
            del self.fields[name]
        if "role" in self.fields:
            self._choose("role", [("staff", _("Staff")), ("administrator", _("Administrator"))])

    def _choose(self, name: str, choices: list[tuple[str, Any]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def _unused(self, actor: Actor, is_new: bool) -> set[str]:
        unused = set() if self.kind.is_clients else set(OF_CLIENTS)
        if self.kind.is_clients and not is_new:
            unused.add("practitioners")  # it has a tab of its own
        if not self.kind.is_team or not actor.is_administrator:
            unused.add("role")
        if not actor.may("see_client_information"):
            unused.add("notes")
        return unused

    def clean(self) -> dict[str, Any]:
        """What the verb would refuse is said at once, beside what the fields themselves refuse."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        told = {name: values[name] for name in (*CONTACT, "username") if values.get(name)}
        try:
            clean_person(told, today=local_date(timezone.now(), self.business.time_zone))
        except InvalidInput as error:
            self.refuse(error)
        return values

    def changes(self) -> dict[str, Any]:
        """The cleaned values by the names that services take; an empty password means none is given."""
        values = dict(self.cleaned_data)
        values["username"] = values["username"] or None
        values["password"] = values["password"] or None
        values["tags"] = [tag.strip() for tag in values["tags"].split(",") if tag.strip()]
        if "agent" in values:
            values["agent_id"] = values.pop("agent") or None
        if "practitioners" in values:
            values["practitioner_ids"] = values.pop("practitioners")
        return values


class AccountForm(BusinessForm):
    """What a person may change about itself."""

    first_name = forms.CharField(label=_("First name"), max_length=100)
    last_name = forms.CharField(label=_("Last name"), max_length=100, required=False)
    preferred_name = forms.CharField(label=_("Preferred name"), max_length=100, required=False)
    email = forms.CharField(
        label=_("E-mail"), max_length=254, required=False, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    phone = forms.CharField(
        label=_("Phone"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )
    address = forms.CharField(
        label=_("Address"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    birthday = forms.DateField(label=_("Birthday"), required=False, widget=DateInput)


class PickForm(BusinessForm):
    """A two-block picker of people."""

    hide_optional = True
    people = forms.MultipleChoiceField(required=False, widget=TwoBlockPicker)

    def __init__(self, *args: Any, role: str, label: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["people"].choices = choices_of(role)  # type: ignore[attr-defined]
        self.fields["people"].label = label
        self.fields["people"].widget.titles = {"available": _("Not assigned"), "chosen": _("Assigned")}  # type: ignore[attr-defined]


class AvailabilityForm(BusinessForm):
    """Weekly windows and, for clients, the date on which they turn inactive."""

    hide_optional = True
    windows = WeekField(label=_("Every week"), required=False)
    inactive_on = forms.DateField(
        label=_("Inactive from"),
        required=False,
        widget=DateInput,
        help_text=_("On this day the status turns to inactive by itself."),
    )

    def __init__(self, *args: Any, has_date: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if not has_date:
            del self.fields["inactive_on"]

    def chosen(self) -> list[Window]:
        return [
            Window(DAYS.index(each["day"]), each["start"], _end(each["end"])) for each in self.cleaned_data["windows"]
        ]


def _end(end: Any) -> Any:
    """The field's last minute stands for midnight."""
    return DAY_END if (end.hour, end.minute) == (23, 59) else end


def week_of(windows: Any) -> list[dict[str, str]]:
    """Windows as the week editor takes them."""
    return [
        {"day": DAYS[each.day], "start": each.start.strftime("%H:%M"), "end": each.end.strftime("%H:%M")}
        for each in windows
    ]
