from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.postgres.fields import ArrayField
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from daybook.tenancy.base import LiveManager, TenantManager, TenantModel
from daybook.tenancy.scope import current_business_id


class UserManager(LiveManager):
    """All people of the open business that are not in the bin."""

    def get_by_natural_key(self, username: str) -> "User":
        user: User = self.get(username__iexact=username)
        return user


class User(TenantModel, AbstractBaseUser):
    """A person of the business, of one role, with a login or without (`username` null)."""

    class Role(models.TextChoices):
        ADMINISTRATOR = "administrator"
        STAFF = "staff"
        PRACTITIONER = "practitioner"
        CLIENT = "client"
        AGENT = "agent"

    class Status(models.TextChoices):
        ACTIVE = "active"
        INACTIVE = "inactive"
        PROSPECT = "prospect"

    role = models.CharField(max_length=16, choices=Role)
    status = models.CharField(max_length=10, choices=Status, default=Status.ACTIVE)
    username = models.CharField(max_length=150, null=True, blank=True)
    first_name = models.CharField(max_length=100)
    last_name = models.CharField(max_length=100, blank=True, default="")
    preferred_name = models.CharField(max_length=100, blank=True, default="")
    email = models.CharField(max_length=254, blank=True, default="")
    phone = models.CharField(max_length=40, blank=True, default="")
    address = models.CharField(max_length=500, blank=True, default="")
    birthday = models.DateField(null=True, blank=True)
    notes = models.TextField(blank=True, default="")
    tags = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    custom = models.JSONField(default=dict, blank=True, help_text="the business's own fields: name to text")
    inactive_on = models.DateField(null=True, blank=True)
    agent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="agent_clients")
    search_text = models.TextField(default="", editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    deleted_at = models.DateTimeField(null=True, editable=False)
    deleted_by = models.UUIDField(null=True, editable=False)

    objects = UserManager()

    # Whether a second factor is asked for before anything else; true only where actors.holder_of found it so.
    must_set_up = False

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "business",
                Lower("username"),
                condition=Q(username__isnull=False, deleted_at__isnull=True),
                name="username_once_a_business",
            ),
            models.CheckConstraint(condition=Q(username__isnull=True) | ~Q(username=""), name="username_not_empty"),
            models.CheckConstraint(
                condition=Q(role="client") | ~Q(status="prospect"), name="only_clients_are_prospects"
            ),
        ]
        indexes = [
            models.Index(
                "business",
                "role",
                Lower("last_name"),
                Lower("first_name"),
                "id",
                name="people_by_name",
                condition=Q(deleted_at__isnull=True),
            ),
            models.Index("business", Lower("email"), name="people_by_email"),
            models.Index(
                fields=["business", "birthday"],
                name="people_by_birthday",
                condition=Q(birthday__isnull=False, deleted_at__isnull=True),
            ),
            models.Index(fields=["agent"], name="people_of_agent", condition=Q(agent__isnull=False)),
            models.Index(
                fields=["business", "role"],
                include=["id", "status", "search_text"],
                name="people_to_search",
                condition=Q(deleted_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def is_active(self) -> bool:  # type: ignore[override]
        """Whether the person may sign in at all (requirements 1.3)."""
        return self.status == self.Status.ACTIVE and self.deleted_at is None

    @property
    def has_login(self) -> bool:
        return self.username is not None


class PermissionSwitch(TenantModel):
    """A permission set for one user against the role's default."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="switches")
    permission = models.CharField(max_length=60)
    granted = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "permission"], name="one_switch_a_permission")]


class Assignment(TenantModel):
    """A client that a practitioner may work with (requirements 1.8)."""

    class Source(models.TextChoices):
        PREASSIGNED = "preassigned"
        SESSION = "session"

    practitioner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="client_assignments")
    client = models.ForeignKey(User, on_delete=models.CASCADE, related_name="practitioner_assignments")
    source = models.CharField(max_length=12, choices=Source, default=Source.PREASSIGNED)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["practitioner", "client"], name="assigned_once")]


class AvailabilityWindow(TenantModel):
    """A weekly window in which a person is available, by the wall clock of the business (requirements 1.9)."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="availability")
    day = models.PositiveSmallIntegerField(help_text="0 is Monday")
    start = models.TimeField()
    end = models.TimeField()

    class Meta:
        ordering = ["day", "start"]
        constraints = [
            models.CheckConstraint(condition=Q(day__lte=6), name="availability_day"),
            models.CheckConstraint(condition=Q(start__lt=F("end")), name="availability_forward"),
            models.UniqueConstraint(fields=["user", "day", "start"], name="availability_once"),
        ]


class CalendarColor(TenantModel):
    """The colour of a client in one team member's own calendar (requirements 1.11)."""

    setter = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    client = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    color = models.CharField(max_length=7)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["setter", "client"], name="one_color_a_setter")]


class ApiToken(TenantModel):
    """A key to the API for one user: shown once, kept as a hash."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=80, blank=True, default="")
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True)


class LoginSession(AbstractBaseSession):
    """An open login. Rows of a user are deleted when its status changes, which ends the login at once."""

    business = models.ForeignKey("tenancy.Business", on_delete=models.CASCADE, related_name="+", db_index=False)
    user = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="logins")

    objects = TenantManager()

    class Meta(AbstractBaseSession.Meta):
        abstract = False

    def save(self, *args: object, **kwargs: object) -> None:
        if self.business_id is None:
            self.business_id = current_business_id()
        super().save(*args, **kwargs)  # type: ignore[arg-type]


class SecondFactor(TenantModel):
    """That a person signs in in two steps: by an authenticator app, by passkeys, or both; and recovery codes.

    There is a row as long as there is an app or a passkey.
    """

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="second_factor")
    secret = models.CharField(
        max_length=200, blank=True, default="", help_text="of the app, sealed, see people.codes; empty without an app"
    )
    last_step = models.BigIntegerField(default=0, help_text="the newest step of time whose code was used")
    recovery_digests = ArrayField(models.CharField(max_length=64), default=list, help_text="of the codes that are left")
    created_at = models.DateTimeField()

    @property
    def has_app(self) -> bool:
        return bool(self.secret)


class Passkey(TenantModel):
    """A key pair of a person, on a device, a security key, or in a password manager; here is its public half."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="passkeys")
    name = models.CharField(max_length=60, help_text="by which its person knows it")
    site = models.CharField(max_length=253, help_text="the host at which it was made; it works at no other")
    credential_id = models.CharField(max_length=1400, help_text="base64url")
    public_key = models.BinaryField(help_text="COSE")
    sign_count = models.BigIntegerField(default=0)
    transports = ArrayField(models.CharField(max_length=20), default=list)
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    copied_at = models.DateTimeField(null=True, help_text="when its count went back; it is not taken since then")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["business", "credential_id"], name="passkey_once_a_business")]

    def works_at(self, site: str) -> bool:
        """Whether it can be asked at that host."""
        return self.site == site and self.copied_at is None


class SignInPolicy(TenantModel):
    """What the business asks of those who sign in; no row asks for nothing."""

    second_factor_for_administrators = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["business"], name="one_sign_in_policy_a_business")]


class SignInAttempt(TenantModel):
    """A failed sign-in, kept for the rate limit: per name and per address, hashed."""

    subject = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["business", "subject", "at"], name="attempts_of_subject")]
