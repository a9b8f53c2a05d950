from django.db import models
from django.db.models import F, Q

from daybook.tenancy.base import TenantModel


class NumberSequence(TenantModel):
    """The last number given out, raised under its row lock in the transaction of the document: no gaps."""

    name = models.CharField(max_length=20)
    prefix = models.CharField(max_length=20, blank=True, default="")
    last = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["business", "name"], name="one_sequence_a_name")]


class Invoice(TenantModel):
    """A bill to a payer. Stored states are one-way: draft → issued → void. Paid and overdue follow from the figures."""

    class State(models.TextChoices):
        DRAFT = "draft"
        ISSUED = "issued"
        VOID = "void"

    class Basis(models.TextChoices):
        COMPLETED = "completed"
        SCHEDULED = "scheduled"
        LINES = "lines"

    client = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="invoices")
    bill_to = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="billed_invoices")
    number = models.CharField(max_length=40)
    sequence = models.PositiveBigIntegerField()
    state = models.CharField(max_length=8, choices=State, default=State.DRAFT)
    basis = models.CharField(max_length=10, choices=Basis)
    currency = models.CharField(max_length=3)
    issued_on = models.DateField()
    due_on = models.DateField()
    period_start = models.DateField(null=True)
    period_end = models.DateField(null=True)
    note = models.TextField(blank=True, default="")
    subtotal_minor = models.BigIntegerField(default=0)
    tax_minor = models.BigIntegerField(default=0)
    total_minor = models.BigIntegerField(default=0)
    paid_minor = models.BigIntegerField(default=0, help_text="kept: the sum of allocations")
    sent_at = models.DateTimeField(null=True)
    voided_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["business", "sequence"], name="invoice_number_once"),
            models.CheckConstraint(condition=Q(issued_on__lte=F("due_on")), name="invoice_due_after_issue"),
            models.CheckConstraint(
                condition=Q(paid_minor__gte=0, paid_minor__lte=F("total_minor")), name="invoice_not_overpaid"
            ),
        ]
        indexes = [
            models.Index(fields=["business", "-sequence"], name="invoices_newest_first"),
            models.Index(
                fields=["bill_to", "due_on"],
                name="invoices_unpaid",
                condition=Q(state="issued", paid_minor__lt=F("total_minor")),
            ),
            models.Index(fields=["client", "-sequence"], name="invoices_of_client"),
        ]


class InvoiceLine(TenantModel):
    """A line: quantity × unit amount, tax on top. Session lines bill what the ledger has charged (or will); free ones charge at issue.

    `is_live` is false once the invoice is void, so that a session can be billed again, but never twice. A participant that
    only void invoices billed may leave its session; the line keeps what it said.
    """

    invoice = models.ForeignKey(Invoice, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveIntegerField()
    description = models.CharField(max_length=300)
    quantity = models.DecimalField(max_digits=10, decimal_places=3, default=1)
    unit_minor = models.BigIntegerField()
    tax_rate = models.DecimalField(max_digits=6, decimal_places=3, default=0)
    amount_minor = models.BigIntegerField(help_text="net")
    tax_minor = models.BigIntegerField(default=0)
    participant = models.ForeignKey(
        "scheduling.Participant", null=True, on_delete=models.SET_NULL, related_name="invoice_lines", db_index=False
    )
    is_live = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["participant"], condition=Q(is_live=True), name="billed_once"),
            models.UniqueConstraint(fields=["invoice", "position"], name="line_position_once"),
        ]
