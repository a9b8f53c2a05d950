from django.db import models
from django.db.models import Q

from daybook.tenancy.base import LiveManager, TenantModel


class Service(TenantModel):
    """What is offered. An hourly one costs by its length, a fixed one the same whatever its length."""

    class Kind(models.TextChoices):
        HOURLY = "hourly"
        FIXED = "fixed"

    class Visibility(models.TextChoices):
        ALL = "all"
        TEAM = "team"

    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.HOURLY)
    description = models.TextField(blank=True, default="")
    cost_minor = models.BigIntegerField(default=0)
    wage_minor = models.BigIntegerField(default=0)
    tax_rate = models.DecimalField(max_digits=6, decimal_places=3, default=0, help_text="percent, on top of the cost")
    minutes = models.PositiveIntegerField(default=60)
    buffer_before = models.PositiveSmallIntegerField(default=0, help_text="minutes")
    buffer_after = models.PositiveSmallIntegerField(default=0, help_text="minutes")
    is_concurrent = models.BooleanField(
        default=False, help_text="may run beside another session of the same practitioner"
    )
    client_bookable = models.BooleanField(default=False)
    visibility = models.CharField(max_length=8, choices=Visibility, default=Visibility.ALL)
    color = models.CharField(max_length=7, blank=True, default="")
    created_at = models.DateTimeField(auto_now_add=True)
    deleted_at = models.DateTimeField(null=True, editable=False)
    deleted_by = models.UUIDField(null=True, editable=False)

    objects = LiveManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["business", "name"], condition=Q(deleted_at__isnull=True), name="service_name_once"
            ),
            models.CheckConstraint(
                condition=Q(cost_minor__gte=0, wage_minor__gte=0), name="service_prices_not_negative"
            ),
            models.CheckConstraint(condition=Q(tax_rate__gte=0, tax_rate__lte=100), name="service_tax_rate"),
            models.CheckConstraint(condition=Q(minutes__gte=1, minutes__lte=1440), name="service_minutes"),
            models.CheckConstraint(condition=Q(buffer_before__lte=480, buffer_after__lte=480), name="service_buffers"),
        ]

    def __str__(self) -> str:
        return self.name


class Location(TenantModel):
    """Where it happens. Capacity 1 makes it an exclusive room; none is unlimited."""

    name = models.CharField(max_length=120)
    address = models.CharField(max_length=500, blank=True, default="")
    online_link = models.CharField(max_length=500, blank=True, default="")
    capacity = models.PositiveIntegerField(null=True, blank=True)
    client_bookable = models.BooleanField(default=False)
    color = models.CharField(max_length=7, blank=True, default="")
    created_at = models.DateTimeField(auto_now_add=True)
    deleted_at = models.DateTimeField(null=True, editable=False)
    deleted_by = models.UUIDField(null=True, editable=False)

    objects = LiveManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["business", "name"], condition=Q(deleted_at__isnull=True), name="location_name_once"
            ),
            models.CheckConstraint(condition=Q(capacity__isnull=True) | Q(capacity__gte=1), name="location_capacity"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_exclusive(self) -> bool:
        return self.capacity == 1


class ClientRate(TenantModel):
    """A client's own cost for a service, from a date on (requirements 3.3)."""

    client = models.ForeignKey("people.User", on_delete=models.CASCADE, related_name="client_rates")
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="client_rates")
    cost_minor = models.BigIntegerField()
    starts_on = models.DateField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["client", "service", "starts_on"], name="one_client_rate_a_day"),
            models.CheckConstraint(condition=Q(cost_minor__gte=0), name="client_rate_not_negative"),
        ]


class WageRate(TenantModel):
    """A practitioner's own wage for a service, from a date on."""

    practitioner = models.ForeignKey("people.User", on_delete=models.CASCADE, related_name="wage_rates")
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="wage_rates")
    wage_minor = models.BigIntegerField()
    starts_on = models.DateField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practitioner", "service", "starts_on"], name="one_wage_rate_a_day"),
            models.CheckConstraint(condition=Q(wage_minor__gte=0), name="wage_rate_not_negative"),
        ]
