"""Forms that stand before a login."""

from functools import lru_cache

from babel import Locale
from babel.numbers import get_currency_name
from django import forms
from django.utils.translation import gettext_lazy as _

from daybook.core.periods import zone_names
from daybook.ui.forms import BusinessForm
from daybook.ui.widgets import Combobox

LOCALES = (
    "en",
    "en_GB",
    "en_AU",
    "en_CA",
    "en_IE",
    "de",
    "de_AT",
    "de_CH",
    "es",
    "es_MX",
    "fr",
    "fr_CA",
    "it",
    "nl",
    "pt",
    "pt_BR",
    "pl",
    "sv",
    "da",
    "nb",
    "fi",
    "ja",
)
CURRENCIES = (
    "EUR", "USD", "GBP", "CHF", "AUD", "CAD", "NZD", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF", "RON", "BGN", "ISK", "TRY", "ILS", "AED",
    "SAR", "KWD", "ZAR", "NGN", "KES", "EGP", "MAD", "INR", "PKR", "BDT", "SGD", "MYR", "THB", "IDR", "PHP", "VND", "HKD", "TWD", "CNY",
    "KRW", "JPY", "BRL", "MXN", "ARS", "CLP", "COP", "PEN",
)  # fmt: skip


@lru_cache(maxsize=1)
def zone_choices() -> list[tuple[str, str]]:
    """Zones that people live in, by name: `Europe/Berlin` as "Europe / Berlin"."""
    areas = ("Africa/", "America/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")
    names = sorted(name for name in zone_names() if name.startswith(areas))
    return [(name, name.replace("_", " ").replace("/", " / ")) for name in [*names, "UTC"]]


@lru_cache(maxsize=1)
def currency_choices() -> list[tuple[str, str]]:
    return [(code, f"{code} · {get_currency_name(code, locale='en')}") for code in CURRENCIES]


@lru_cache(maxsize=1)
def locale_choices() -> list[tuple[str, str]]:
    return [(code, (Locale.parse(code).display_name or code).capitalize()) for code in LOCALES]


class SignInForm(BusinessForm):
    hide_optional = True
    name = forms.CharField(
        label=_("User name or e-mail"),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=500,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class SignUpForm(BusinessForm):
    name = forms.CharField(
        label=_("Name of your business"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "organization"})
    )
    slug = forms.CharField(
        label=_("Web address"),
        max_length=60,
        required=False,
        help_text=_("Small letters, digits and hyphens. Left empty, it is made from the name."),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false"}),
    )
    currency = forms.ChoiceField(label=_("Currency"), initial="EUR")
    time_zone = forms.ChoiceField(label=_("Time zone"), initial="Europe/Berlin", widget=Combobox)
    locale = forms.ChoiceField(label=_("Dates and amounts as in"), initial="en")
    your_name = forms.CharField(
        label=_("Your name"), max_length=190, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    email = forms.CharField(
        label=_("E-mail"), max_length=254, required=False, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    username = forms.CharField(
        label=_("User name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=500,
        strip=False,
        help_text=_("At least 8 characters. A few words in a row are easy to remember."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)
        choices = {"currency": currency_choices(), "time_zone": zone_choices(), "locale": locale_choices()}
        for name, pairs in choices.items():
            self.fields[name].choices = pairs  # type: ignore[attr-defined]


class FindForm(BusinessForm):
    hide_optional = True
    unknown = _("There is no business by that address here. Look at an e-mail from it, or ask there.")
    slug = forms.CharField(
        label=_("Web address of the business"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false", "autocomplete": "organization"}),
    )


class PasswordLinkForm(BusinessForm):
    """Asking for a link to set a new password."""

    hide_optional = True
    name = forms.CharField(
        label=_("User name or e-mail"),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )


class NewPasswordForm(BusinessForm):
    """Choosing it."""

    hide_optional = True
    password = forms.CharField(
        label=_("New password"),
        max_length=500,
        strip=False,
        help_text=_("At least 8 characters. A few words in a row are easy to remember."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class OwnPasswordForm(NewPasswordForm):
    """A new password of somebody who is signed in."""

    current_password = forms.CharField(
        label=_("Current password"),
        max_length=500,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    field_order = ("current_password", "password")


class TokenForm(BusinessForm):
    """A new API token."""

    hide_optional = True
    name = forms.CharField(
        label=_("What it is for"),
        max_length=80,
        help_text=_("So that you know it again: the program or the person that uses it."),
    )
