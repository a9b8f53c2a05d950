"""Forms of services, locations and rates."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from daybook.catalog.models import Location, Service
from daybook.ui.forms import BusinessForm, MoneyField
from daybook.ui.terms import capital, word
from daybook.ui.widgets import ColourInput, DateInput, Switch

KINDS = [("hourly", _("By the hour")), ("fixed", _("Fixed, whatever its length"))]
# What a field is called inside, where it differs.
INNER_NAMES = {"cost": "cost_minor", "wage": "wage_minor", "concurrent": "is_concurrent"}
VISIBILITIES = [("all", _("Everybody")), ("team", _("The team alone"))]


class ServiceForm(BusinessForm):
    name = forms.CharField(label=_("Name"), max_length=120)
    kind = forms.ChoiceField(label=_("Price"), choices=KINDS, widget=forms.RadioSelect, initial="hourly")
    cost = MoneyField(label=_("Cost"))
    wage = MoneyField(label=_("Wage"))
    tax_rate = forms.DecimalField(
        label=_("Tax"),
        min_value=0,
        max_value=100,
        max_digits=6,
        decimal_places=3,
        initial=0,
        help_text=_("Percent, on top of the cost."),
    )
    minutes = forms.IntegerField(
        label=_("Usual length"), min_value=1, max_value=1440, initial=60, help_text=_("Minutes.")
    )
    buffer_before = forms.IntegerField(
        label=_("Buffer before"), min_value=0, max_value=480, initial=0, help_text=_("Minutes.")
    )
    buffer_after = forms.IntegerField(
        label=_("Buffer after"), min_value=0, max_value=480, initial=0, help_text=_("Minutes.")
    )
    color = forms.CharField(label=_("Colour"), required=False, widget=ColourInput)
    description = forms.CharField(
        label=_("Description"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    concurrent = forms.BooleanField(label=_("May run side by side"), required=False, widget=Switch)
    visibility = forms.ChoiceField(label=_("Shown to"), choices=VISIBILITIES, initial="all")
    client_bookable = forms.BooleanField(label=_("Can be requested and booked"), required=False, widget=Switch)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        client, practitioner = (capital(word(self.terms, term)) for term in ("client", "practitioner"))
        self.fields["cost"].label = gettext("%(client)s cost") % {"client": client}
        self.fields["wage"].label = gettext("%(practitioner)s wage") % {"practitioner": practitioner}

    def for_services(self) -> dict[str, Any]:
        """The cleaned values by the names that services take."""
        return {INNER_NAMES.get(name, name): value for name, value in self.cleaned_data.items()}

    @classmethod
    def initial_of(cls, service: Service) -> dict[str, object]:
        values = {name: getattr(service, INNER_NAMES.get(name, name)) for name in cls.base_fields}
        values["tax_rate"] = service.tax_rate.normalize() if service.tax_rate else 0
        return values


class LocationForm(BusinessForm):
    name = forms.CharField(label=_("Name"), max_length=120)
    address = forms.CharField(label=_("Address"), required=False, max_length=500)
    online_link = forms.CharField(
        label=_("On-line link"), required=False, max_length=500, help_text=_("Where a session on-line takes place.")
    )
    capacity = forms.IntegerField(
        label=_("Places"), required=False, min_value=1, max_value=100_000,
        help_text=_("1 makes it an exclusive room: one session at a time. Empty: no limit."),
    )  # fmt: skip
    color = forms.CharField(label=_("Colour"), required=False, widget=ColourInput)
    client_bookable = forms.BooleanField(label=_("Can be requested and booked"), required=False, widget=Switch)

    def for_services(self) -> dict[str, Any]:
        return self.cleaned_data

    @classmethod
    def initial_of(cls, location: Location) -> dict[str, object]:
        return {name: getattr(location, name) for name in cls.base_fields}


class RateForm(BusinessForm):
    amount = MoneyField(label=_("Amount"))
    starts_on = forms.DateField(
        label=_("From"), widget=DateInput, help_text=_("Holds from this day on, until a later one begins.")
    )

    def for_services(self) -> dict[str, Any]:
        return self.cleaned_data
