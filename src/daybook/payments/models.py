from django.db import models
from django.db.models import F, Q

from daybook.tenancy.base import LiveManager, TenantModel


class Payment(TenantModel):
    """Money received from a payer. Deleting one reverses it in the ledger and puts it in the bin."""

    class Method(models.TextChoices):
        CASH = "cash"
        CHECK = "check"
        CARD = "card"
        BANK = "bank"
        PAYPAL = "paypal"
        OTHER = "other"

    client = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="payments", db_index=False)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    method = models.CharField(max_length=8, choices=Method)
    received_on = models.DateField()
    reference = models.CharField(max_length=120, blank=True, default="")
    note = models.CharField(max_length=500, blank=True, default="")
    receipt_number = models.PositiveBigIntegerField()
    refunded_minor = models.BigIntegerField(default=0)
    allocated_minor = models.BigIntegerField(default=0)
    gateway = models.CharField(max_length=20, blank=True, default="")
    created_at = models.DateTimeField(auto_now_add=True)
    deleted_at = models.DateTimeField(null=True, editable=False)
    deleted_by = models.UUIDField(null=True, editable=False)

    objects = LiveManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["business", "receipt_number"], name="receipt_number_once"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="payment_positive"),
            models.CheckConstraint(
                condition=Q(refunded_minor__gte=0, refunded_minor__lte=F("amount_minor")), name="refund_within_payment"
            ),
            models.CheckConstraint(
                condition=Q(allocated_minor__gte=0, allocated_minor__lte=F("amount_minor") - F("refunded_minor")),
                name="allocation_within_payment",
            ),
        ]
        indexes = [
            models.Index(
                fields=["business", "-received_on", "-id"],
                name="payments_newest_first",
                condition=Q(deleted_at__isnull=True),
            ),
            models.Index(fields=["client", "-received_on"], name="payments_of_client"),
        ]


class Refund(TenantModel):
    """Money given back from a payment."""

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="refunds")
    amount_minor = models.BigIntegerField()
    refunded_on = models.DateField()
    note = models.CharField(max_length=500, blank=True, default="")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(amount_minor__gt=0), name="refund_positive")]


class Allocation(TenantModel):
    """How much of a payment settles which invoice."""

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="allocations", db_index=False)
    invoice = models.ForeignKey("billing.Invoice", on_delete=models.PROTECT, related_name="allocations")
    amount_minor = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["payment", "invoice"], name="one_allocation_a_pair"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="allocation_positive"),
        ]
