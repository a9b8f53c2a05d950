from django.db import models

from daybook.tenancy.base import FrequentModel, TenantModel


class Business(models.Model):
    """The directory of businesses: it stands before any policy, so it holds nothing private."""

    class Plan(models.TextChoices):
        TRIAL = "trial"
        STANDARD = "standard"
        ENTERPRISE = "enterprise"

    id = models.BigAutoField(primary_key=True)
    public_id = models.CharField(max_length=16, unique=True)
    slug = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    time_zone = models.CharField(max_length=64)
    currency = models.CharField(max_length=3)
    locale = models.CharField(max_length=16, default="en")
    first_weekday = models.PositiveSmallIntegerField(default=0, help_text="0 is Monday, 6 is Sunday")
    accent = models.CharField(max_length=7, blank=True, default="", help_text="#rrggbb, or empty for our own")
    plan = models.CharField(max_length=12, choices=Plan, default=Plan.TRIAL)
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(first_weekday__lte=6), name="business_first_weekday")]

    def __str__(self) -> str:
        return self.name

    @property
    def has_api(self) -> bool:
        """Whether the plan opens the API (requirements 8.1)."""
        return self.plan in (self.Plan.TRIAL, self.Plan.ENTERPRISE)


class SignUpAttempt(models.Model):
    """Somebody tried to make a business: kept for the rate limit, by a hashed address. No business is there yet to own it."""

    subject = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["subject", "at"], name="sign_ups_of_subject")]


class BusinessLogo(TenantModel):
    """The business's own picture, kept as a small PNG in the database so that backups hold it."""

    image = models.BinaryField()
    content_type = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["business"], name="one_logo_a_business")]


class Term(TenantModel):
    """The business's own word for one of ours (requirements 1.16)."""

    term = models.CharField(max_length=40)
    singular = models.CharField(max_length=60)
    plural = models.CharField(max_length=60)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["business", "term"], name="one_word_a_term")]


class OnceKey(FrequentModel):
    """What a caller asked to be done once, with the answer it got: written in the transaction of the effect."""

    user_id = models.UUIDField()
    key = models.CharField(max_length=255)
    digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    body = models.TextField(default="")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["business", "user_id", "key"], name="a_key_once")]
