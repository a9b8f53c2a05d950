from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q

from daybook.tenancy.base import FrequentModel, LiveManager, TenantModel


class CompletionType(TenantModel):
    """How a session is saved, and what that charges and pays (requirements 4.5, 4.6). Three defaults are made with a business.

    Modifiers are whole numbers: percent, or whole units of the currency for `fixed`.
    """

    class Status(models.TextChoices):
        CANCELED = "canceled"
        MISSED = "missed"
        COMPLETED = "completed"

    class Modifier(models.TextChoices):
        PERCENTAGE = "percentage"
        FIXED = "fixed"

    status = models.CharField(max_length=10, choices=Status)
    label = models.CharField(max_length=15)
    description = models.CharField(max_length=300, blank=True, default="")
    modifier = models.CharField(max_length=10, choices=Modifier, default=Modifier.PERCENTAGE)
    client_modifier = models.PositiveIntegerField(default=100)
    practitioner_modifier = models.PositiveIntegerField(default=100)
    is_default = models.BooleanField(default=False)
    is_enabled = models.BooleanField(default=True)
    deleted_at = models.DateTimeField(null=True, editable=False)
    deleted_by = models.UUIDField(null=True, editable=False)

    objects = LiveManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["business", "status"], condition=Q(is_default=True), name="one_default_a_status"
            ),
            models.UniqueConstraint(
                fields=["business", "label"], condition=Q(deleted_at__isnull=True), name="completion_label_once"
            ),
        ]

    def __str__(self) -> str:
        return self.label


class Closure(TenantModel):
    """Days on which the business (or one location) is closed, visible to all. Both days are included."""

    name = models.CharField(max_length=120)
    starts_on = models.DateField()
    ends_on = models.DateField()
    location = models.ForeignKey(
        "catalog.Location", null=True, blank=True, on_delete=models.CASCADE, related_name="closures"
    )

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(starts_on__lte=F("ends_on")), name="closure_forward")]


class Series(TenantModel):
    """A repeating plan, by the wall clock of its zone; its sessions are rows of their own."""

    recurrence = models.JSONField()
    first_date = models.DateField()
    start = models.TimeField()
    minutes = models.PositiveIntegerField()
    time_zone = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)


class Session(FrequentModel):
    """One dated occurrence of a service with one client or more, and one practitioner or more: `practitioner` leads it,
    the others are its assistants. `assistant_count` is kept, so that they are asked for only where there are any.

    `status` follows from how it was saved; prices and reasons are frozen at that moment, per participant and for the wage.
    """

    class Status(models.TextChoices):
        OPEN = "open"
        CANCELED = "canceled"
        MISSED = "missed"
        COMPLETED = "completed"

    service = models.ForeignKey("catalog.Service", on_delete=models.PROTECT, related_name="sessions")
    location = models.ForeignKey(
        "catalog.Location", null=True, blank=True, on_delete=models.PROTECT, related_name="sessions", db_index=False
    )
    practitioner = models.ForeignKey(
        "people.User", on_delete=models.PROTECT, related_name="taught_sessions", db_index=False
    )
    assistant_count = models.PositiveSmallIntegerField(default=0, db_default=0, editable=False)
    series = models.ForeignKey(Series, null=True, blank=True, on_delete=models.SET_NULL, related_name="sessions")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    status = models.CharField(max_length=10, choices=Status, default=Status.OPEN)
    completion_type = models.ForeignKey(
        CompletionType, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    saved_at = models.DateTimeField(null=True)
    wage_minor = models.BigIntegerField(null=True, help_text="null while open")
    wage_reasons = models.JSONField(null=True)
    public_note = models.TextField(blank=True, default="")
    internal_note = models.TextField(blank=True, default="")
    created_at = models.DateTimeField(auto_now_add=True)
    deleted_at = models.DateTimeField(null=True, editable=False)
    deleted_by = models.UUIDField(null=True, editable=False)

    objects = LiveManager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(starts_at__lt=F("ends_at")), name="session_forward"),
            models.CheckConstraint(
                condition=Q(status="open", saved_at__isnull=True) | (~Q(status="open") & Q(saved_at__isnull=False)),
                name="session_saved_or_open",
            ),
        ]
        indexes = [
            models.Index(
                fields=["business", "starts_at", "id"], name="sessions_by_time", condition=Q(deleted_at__isnull=True)
            ),
            models.Index(fields=["practitioner", "starts_at"], name="sessions_of_practitioner"),
            models.Index(
                fields=["location", "starts_at"], name="sessions_of_location", condition=Q(location__isnull=False)
            ),
            models.Index(
                fields=["business", "starts_at"],
                name="sessions_open",
                condition=Q(deleted_at__isnull=True, status="open"),
            ),
            models.Index(
                fields=["business", "-deleted_at"], name="sessions_deleted", condition=Q(deleted_at__isnull=False)
            ),
        ]


class Participant(FrequentModel):
    """A client's place in one session, with its own outcome and price.

    `scheduled_minor` (tax included) stands on the payer's account while the session is open and not deleted, and is 0 otherwise;
    `cost_minor` (net), `tax_minor` and `reasons` are frozen when it is saved. `starts_at` is the session's, kept for a client's
    own list. `payer` owns the account that is charged.
    """

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="participants", db_index=False)
    client = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="participations", db_index=False)
    payer = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+", db_index=False)
    starts_at = models.DateTimeField()
    status = models.CharField(max_length=10, choices=Session.Status, default=Session.Status.OPEN)
    completion_type = models.ForeignKey(
        CompletionType, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    scheduled_minor = models.BigIntegerField(default=0)
    cost_minor = models.BigIntegerField(null=True, help_text="null while open")
    tax_minor = models.BigIntegerField(default=0)
    reasons = models.JSONField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "client"], name="a_client_once_a_session")]
        indexes = [
            models.Index(fields=["client", "starts_at"], name="participations_of_client"),
            models.Index(fields=["business", "starts_at"], name="participations_by_time"),
        ]


class Assistant(FrequentModel):
    """A further practitioner of a session, paid by a wage of its own. `starts_at` is the session's, kept for its own list."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="assistants", db_index=False)
    practitioner = models.ForeignKey(
        "people.User", on_delete=models.PROTECT, related_name="assisted_sessions", db_index=False
    )
    starts_at = models.DateTimeField()
    wage_minor = models.BigIntegerField(null=True, help_text="null while open")
    wage_reasons = models.JSONField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "practitioner"], name="a_practitioner_once_a_session")
        ]
        indexes = [models.Index(fields=["practitioner", "starts_at"], name="assisted_by_practitioner")]


class Occupancy(FrequentModel):
    """Whose time is taken: a row per practitioner, and per exclusive room, of a session that blocks, buffers included.

    The exclusion constraint is the one judge of double booking (requirements 4.7).
    """

    resource_id = models.UUIDField(help_text="a practitioner's or a location's id")
    span = DateTimeRangeField()
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="occupancies")

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="no_double_booking",
                expressions=[("resource_id", RangeOperators.EQUAL), ("span", RangeOperators.OVERLAPS)],
            )
        ]
