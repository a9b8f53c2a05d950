"""Forms of the second step: a code, a passkey's answer, or the making of a passkey."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from daybook.ui.forms import BusinessForm

LONGEST_ANSWER = 32_000


class CodeForm(BusinessForm):
    """One code: the app's, or a recovery code, which has letters."""

    hide_optional = True
    code = forms.CharField(
        label=_("Code from the app"),
        max_length=60,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "inputmode": "numeric",
                "autocapitalize": "none",
                "spellcheck": "false",
                "class": "code-input",
            }
        ),
    )

    def ask_for_recovery_code(self) -> None:
        self.fields["code"].widget.attrs |= {"autocomplete": "off", "inputmode": "text"}

    def ask_for_any_code(self) -> None:
        self.fields["code"].widget.attrs |= {"inputmode": "text"}


class ProofForm(CodeForm):
    """A code, or what a passkey answered: the script fills that in."""

    passkey = forms.CharField(required=False, max_length=LONGEST_ANSWER, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.data.get(self.add_prefix("passkey")):
            self.fields["code"].required = False


def proof_form(name: str = "proof", data: object = None) -> ProofForm:
    """One that takes any code; `name` tells it from others on its page."""
    form = ProofForm(data, auto_id=f"{name}_%s")
    form.ask_for_any_code()
    return form


class PasskeyForm(BusinessForm):
    """The name of a passkey, and the passkey where it is made."""

    hide_optional = True
    name = forms.CharField(
        label=_("Name"), max_length=60, help_text=_("By which you know it again, such as “Phone” or “Work laptop”.")
    )
    passkey = forms.CharField(required=False, max_length=LONGEST_ANSWER, widget=forms.HiddenInput)

    def require_passkey(self) -> bool:
        """Whether the form is complete. Without scripts nothing makes a passkey, and the form says so."""
        if self.is_valid() and not self.cleaned_data["passkey"]:
            self.add_error(None, _("No passkey came along. Try again; it needs JavaScript."))
        return self.is_valid()
