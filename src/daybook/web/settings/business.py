"""Settings > Business."""

from __future__ import annotations

from typing import Any

from babel import Locale
from babel.numbers import get_currency_name
from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from daybook.core.periods import zone_names
from daybook.people.queries import administrators_need_one
from daybook.tenancy.models import Business
from daybook.tenancy.queries import logo
from daybook.ui.forms import BusinessForm
from daybook.ui.widgets import ColourInput, Combobox
from daybook.web.catalog.pages import form_page
from daybook.web.doors import go, team_page
from daybook.workflows.change_business import change_business, is_currency_locked

# What people choose from; the API takes every one that there is.
LOCALES = (
    "en", "en-GB", "en-US", "en-AU", "en-CA", "en-IE", "de", "de-AT", "de-CH", "fr", "fr-CA", "fr-CH", "es", "es-MX", "it", "nl", "pt",
    "pt-BR", "pl", "cs", "sk", "hu", "sv", "da", "nb", "fi", "et", "lv", "lt", "sl", "hr", "ro", "el", "tr", "uk", "he", "ja", "ko", "zh",
)  # fmt: skip
CURRENCIES = (
    "EUR", "USD", "GBP", "CHF", "AUD", "CAD", "NZD", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF", "RON", "TRY", "ILS", "JPY", "KRW", "CNY",
    "HKD", "SGD", "INR", "ZAR", "BRL", "MXN", "AED", "KWD", "ISK", "UAH", "PHP", "THB", "MYR", "IDR",
)  # fmt: skip
WEEKDAYS = ((0, gettext_lazy("Monday")), (5, gettext_lazy("Saturday")), (6, gettext_lazy("Sunday")))


class BusinessSettingsForm(BusinessForm):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    time_zone = forms.ChoiceField(label=gettext_lazy("Time zone"), widget=Combobox)
    currency = forms.ChoiceField(label=gettext_lazy("Currency"), widget=Combobox)
    locale = forms.ChoiceField(label=gettext_lazy("Dates and amounts as in"), widget=Combobox)
    first_weekday = forms.TypedChoiceField(label=gettext_lazy("Week begins on"), choices=WEEKDAYS, coerce=int)
    accent = forms.CharField(
        label=gettext_lazy("Colour"),
        required=False,
        widget=ColourInput,
        help_text=gettext_lazy("On your clients' pages, invoices and receipts."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.choose(
            "time_zone",
            [(name, name.replace("_", " ")) for name in sorted(zone_names()) if "/" in name or name == "UTC"],
        )
        self.choose("currency", _with(CURRENCIES, self.business.currency, _currency_label))
        self.choose("locale", _with(LOCALES, self.business.locale, _locale_label))
        if self.business.first_weekday not in (0, 5, 6):
            self.choose("first_weekday", [(day, day_name(day)) for day in range(7)])
        if is_currency_locked():
            self.fields["currency"].disabled = True
            self.fields["currency"].help_text = _("Amounts are kept in it already, so it stays.")

    def choose(self, name: str, choices: list[tuple[Any, str]]) -> None:
        """What a field's list holds."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def for_services(self) -> dict[str, Any]:
        return self.cleaned_data

    @classmethod
    def initial_of(cls, business: Business) -> dict[str, object]:
        return {name: getattr(business, name) for name in cls.base_fields}


def _with(codes: tuple[str, ...], own: str, label: Any) -> list[tuple[str, str]]:
    return [(code, label(code)) for code in (codes if own in codes else (own, *codes))]


def _currency_label(code: str) -> str:
    return f"{code}, {get_currency_name(code, locale='en')}"


def _locale_label(code: str) -> str:
    name = Locale.parse(code.replace("-", "_")).display_name or code
    return name[:1].upper() + name[1:]


def day_name(day: int) -> str:
    return str(Locale("en").days["format"]["wide"][day])


@require_http_methods(["GET", "HEAD", "POST"])
@team_page("manage_settings")
def edit(request: HttpRequest) -> HttpResponse:
    request.actor.require_administrator()

    def save(values: dict[str, Any]) -> HttpResponse:
        change_business(actor=request.actor, **values)
        return go(request, "web:business", said=_("The business is saved."))

    initial = BusinessSettingsForm.initial_of(request.business)
    return form_page(
        request,
        BusinessSettingsForm,
        "web/settings/business.html",
        save=save,
        initial=initial,
        context={"logo": logo(), "two_steps": administrators_need_one()},
    )
