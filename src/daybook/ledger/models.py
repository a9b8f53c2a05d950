from django.db import models
from django.db.models import Q

from daybook.tenancy.base import FrequentModel, TenantModel


class Account(TenantModel):
    """Where amounts are kept. Those with an owner hold kept totals, written by a trigger on postings alone.

    All totals are minor units. `charged_minor` and `paid_minor` are as the owner reads them (both grow);
    `balance_minor` is the sum of postings, debit positive: a client that owes has a positive receivable.
    `scheduled_minor` is the cost of open sessions, kept by the scheduling verbs under this row's lock.
    """

    class Kind(models.TextChoices):
        RECEIVABLE = "receivable"
        WAGES_PAYABLE = "wages_payable"
        REVENUE = "revenue"
        TAX_PAYABLE = "tax_payable"
        WAGES = "wages"
        CASH = "cash"
        BANK = "bank"
        CLEARING = "clearing"
        WRITE_OFFS = "write_offs"
        DEFERRED_REVENUE = "deferred_revenue"
        OPENING = "opening"

    kind = models.CharField(max_length=20, choices=Kind)
    owner = models.ForeignKey("people.User", null=True, on_delete=models.PROTECT, related_name="accounts")
    charged_minor = models.BigIntegerField(default=0)
    paid_minor = models.BigIntegerField(default=0)
    balance_minor = models.BigIntegerField(default=0)
    scheduled_minor = models.BigIntegerField(default=0)

    class Meta:
        # The only one: two that say the same would not both be waited for by who makes an account on the way.
        constraints = [
            models.UniqueConstraint(
                fields=["business", "kind", "owner"], name="one_account_an_owner", nulls_distinct=False
            ),
        ]


class JournalEntry(FrequentModel):
    """One event of money, with its reason. Never changed: a correction is a new entry that `reverses` it."""

    class Kind(models.TextChoices):
        CHARGE = "charge"
        WAGE = "wage"
        PAYMENT = "payment"
        REFUND = "refund"
        WAGE_PAYMENT = "wage_payment"
        INVOICE_CHARGE = "invoice_charge"
        WRITE_OFF = "write_off"
        CREDIT = "credit"
        OPENING = "opening"

    kind = models.CharField(max_length=20, choices=Kind)
    occurred_on = models.DateField()
    recorded_at = models.DateTimeField()
    actor_kind = models.CharField(max_length=12)
    actor_id = models.UUIDField(null=True)
    source_kind = models.CharField(max_length=20, help_text="participant, session, payment, refund, invoice …")
    source_id = models.UUIDField()
    description = models.CharField(max_length=300)
    reasons = models.JSONField(default=list)
    reverses = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="reversed_by")

    class Meta:
        indexes = [
            models.Index(fields=["source_id"], name="entries_of_source"),
            models.Index(fields=["business", "occurred_on"], name="entries_by_day"),
        ]


class Posting(FrequentModel):
    """One side of an entry: an amount on an account, debit positive. An entry's postings sum to zero.

    `side` says which of the owner's totals it moves: charged or paid. `occurred_on` is the entry's, kept here so that
    a statement reads one index.
    """

    class Side(models.TextChoices):
        CHARGED = "c"
        PAID = "p"
        NONE = "-"

    entry = models.ForeignKey(JournalEntry, on_delete=models.PROTECT, related_name="postings")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="postings", db_index=False)
    amount_minor = models.BigIntegerField()
    side = models.CharField(max_length=1, choices=Side, default=Side.NONE)
    occurred_on = models.DateField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(amount_minor=0), name="posting_not_zero")]
        indexes = [
            models.Index(fields=["account", "-occurred_on", "-id"], name="postings_of_account"),
            # Sums over a period read this index alone.
            models.Index(
                fields=["business", "occurred_on"],
                include=["amount_minor", "side", "account"],
                condition=~Q(side="-"),
                name="postings_by_day",
            ),
        ]


class Unsealed(models.Model):
    """An entry that no seal covers yet; filled by a trigger, emptied by the sealer."""

    entry = models.OneToOneField(JournalEntry, primary_key=True, on_delete=models.PROTECT, related_name="+")
    business = models.ForeignKey("tenancy.Business", on_delete=models.CASCADE, related_name="+")


class Seal(TenantModel):
    """A batch of entries proven in order: a digest over each one's canonical form and the digest before."""

    number = models.PositiveBigIntegerField()
    entries = models.PositiveIntegerField()
    previous_digest = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["business", "number"], name="seals_in_order")]


class SealedEntry(models.Model):
    """An entry's place in its seal."""

    entry = models.OneToOneField(JournalEntry, primary_key=True, on_delete=models.PROTECT, related_name="sealed")
    business = models.ForeignKey("tenancy.Business", on_delete=models.CASCADE, related_name="+", db_index=False)
    seal = models.ForeignKey(Seal, on_delete=models.PROTECT, related_name="items")
    position = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["seal", "position"], name="a_place_once")]
