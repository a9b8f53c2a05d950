"""The forms of money."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from daybook.payments.documents import METHODS
from daybook.ui.forms import BusinessForm, MoneyField
from daybook.ui.widgets import Combobox, DateInput
from daybook.web.money.common import payer_choices_url, person_choice

METHOD_CHOICES = [(code, _(word)) for code, word in METHODS.items()]
BASES = [("completed", _("Saved sessions")), ("scheduled", _("Planned sessions"))]


class PersonField(forms.ChoiceField):
    """One who pays, looked up while typing."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=Combobox(), **options)

    def valid_value(self, value: Any) -> bool:
        return bool(person_choice(value))


def _fill_person(form: forms.Form, name: str) -> None:
    """Give a combobox its address and the choice that it shows."""
    field: Any = form.fields[name]
    field.widget.placeholder = _("Name, e-mail or phone")
    field.widget.url = payer_choices_url()
    chosen = form.data.get(form.add_prefix(name)) if form.is_bound else form.initial.get(name)
    field.choices = [("", ""), *person_choice(chosen)]


class PaymentForm(BusinessForm):
    """A payment. The invoice is chosen among those that the page lists."""

    client = PersonField(label=_("From"))
    amount = MoneyField(label=_("Amount"))
    method = forms.ChoiceField(label=_("Method"), choices=METHOD_CHOICES)
    received_on = forms.DateField(label=_("Received on"), widget=DateInput)
    reference = forms.CharField(label=_("Reference"), required=False, max_length=120)
    note = forms.CharField(label=_("Note"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
    invoice = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _fill_person(self, "client")


class RefundForm(BusinessForm):
    amount = MoneyField(label=_("Give back"))
    refunded_on = forms.DateField(label=_("On"), widget=DateInput)
    note = forms.CharField(label=_("Note"), required=False, max_length=500)


class PayForm(BusinessForm):
    """Paying one invoice."""

    amount = MoneyField(label=_("Amount"))
    method = forms.ChoiceField(label=_("Method"), choices=METHOD_CHOICES)
    received_on = forms.DateField(label=_("Received on"), widget=DateInput)
    reference = forms.CharField(label=_("Reference"), required=False, max_length=120)


class WagePaymentForm(BusinessForm):
    amount = MoneyField(label=_("Paid out"))
    method = forms.ChoiceField(label=_("Method"), choices=METHOD_CHOICES, initial="bank")
    paid_on = forms.DateField(label=_("On"), widget=DateInput)
    note = forms.CharField(label=_("Note"), required=False, max_length=300)


class InvoiceForm(BusinessForm):
    """What every invoice has, whatever it bills."""

    client = PersonField(label=_("For"))
    issued_on = forms.DateField(label=_("Issued on"), widget=DateInput)
    due_on = forms.DateField(label=_("Due on"), widget=DateInput)
    note = forms.CharField(
        label=_("Note on the document"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _fill_person(self, "client")


class PeriodInvoiceForm(InvoiceForm):
    date_from = forms.DateField(label=_("From"), widget=DateInput)
    date_to = forms.DateField(label=_("Until"), widget=DateInput)
    basis = forms.ChoiceField(label=_("What to bill"), choices=BASES, initial="completed")


class ManyInvoicesForm(BusinessForm):
    """The same period for many clients."""

    date_from = forms.DateField(label=_("From"), widget=DateInput)
    date_to = forms.DateField(label=_("Until"), widget=DateInput)
    basis = forms.ChoiceField(label=_("What to bill"), choices=BASES, initial="completed")
    due_on = forms.DateField(label=_("Due on"), widget=DateInput)
