"""Make a business with its first administrator and what every business has from the start."""

import re
import secrets
import string
from datetime import datetime

from babel.core import Locale as BabelLocale
from babel.core import UnknownLocaleError, get_global
from django.db import IntegrityError, transaction

from daybook.billing.models import NumberSequence
from daybook.core.errors import FieldProblem, InvalidInput
from daybook.core.periods import zone_names
from daybook.core.texts import text_problem
from daybook.people.errors import SlugTaken
from daybook.people.models import User
from daybook.people.services import create_user
from daybook.scheduling.models import CompletionType
from daybook.tenancy.actor import COMMAND, Actor
from daybook.tenancy.models import Business
from daybook.tenancy.scope import open_scope

_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?")
_ALPHABET = string.ascii_lowercase + string.digits
# Saved as canceled costs nothing; missed and completed cost in full (requirements 4.5).
DEFAULT_COMPLETION_TYPES = (("canceled", "Canceled", 0), ("missed", "Missed", 100), ("completed", "Completed", 100))


@transaction.atomic
def create_business(
    *,
    name: str,
    slug: str,
    currency: str,
    time_zone: str,
    plan: str,
    admin_username: str,
    admin_password: str,
    now: datetime,
    locale: str = "en",
    admin_email: str = "",
    first_name: str = "",
    last_name: str = "",
    actor: Actor = COMMAND,
) -> tuple[Business, User]:
    """A business, its default completion types and number sequences, and its first administrator.

    Opens the new business's scope for itself. Raises InvalidInput (fields named as the arguments), SlugTaken.
    """
    currency = currency.upper() if isinstance(currency, str) else currency
    problems = _problems(name, slug, currency, time_zone, plan, locale, admin_username)
    if problems:
        raise InvalidInput(problems)
    business = _insert(
        Business(
            public_id="".join(secrets.choice(_ALPHABET) for _ in range(12)),
            name=name.strip(),
            slug=slug,
            currency=currency,
            time_zone=time_zone,
            plan=plan,
            locale=locale,
        )
    )
    with open_scope(business.pk, actor=actor, verb="create_business"):
        CompletionType.objects.bulk_create(
            CompletionType(
                status=status, label=label, client_modifier=share, practitioner_modifier=share, is_default=True
            )
            for status, label, share in DEFAULT_COMPLETION_TYPES
        )
        NumberSequence.objects.bulk_create([NumberSequence(name="invoice"), NumberSequence(name="receipt")])
        administrator = _first_administrator(
            actor=actor,
            now=now,
            username=admin_username,
            password=admin_password,
            email=admin_email,
            first_name=first_name or admin_username,
            last_name=last_name,
        )
    return business, administrator


def slug_of(name: str) -> str:
    """A web address from a name: `Café Blü & Co` is `cafe-blu-co`; may be empty."""
    from daybook.core.texts import normalise

    return re.sub(r"[^a-z0-9]+", "-", normalise(name)).strip("-")[:60].strip("-")


def _first_administrator(*, actor: Actor, username: str, password: str, **values: object) -> User:
    """The administrator; what is wrong with it is told under the names that `create_business` uses."""
    names = {"username": "admin_username", "password": "admin_password", "email": "admin_email"}
    maker = (
        actor
        if actor.kind == "command"
        else Actor(kind="user", role="administrator", name=actor.name, permissions=frozenset({"manage_staff"}))
    )
    try:
        return create_user(actor=maker, role="administrator", username=username, password=password, **values)  # type: ignore[arg-type]
    except InvalidInput as error:
        renamed = [FieldProblem(names.get(each.field, each.field), each.code, each.data) for each in error.errors]
        raise InvalidInput(renamed) from error


def _insert(business: Business) -> Business:
    try:
        with transaction.atomic():
            business.save(force_insert=True)
    except IntegrityError as error:
        raise SlugTaken(field="slug", slug=business.slug) from error
    return business


def _problems(
    name: str, slug: str, currency: str, time_zone: str, plan: str, locale: str, username: str
) -> list[FieldProblem]:
    found = []
    if problem := text_problem(name, longest=120, required=True):
        found.append(FieldProblem("name", *problem))
    if not isinstance(slug, str) or not _SLUG.fullmatch(slug):
        found.append(FieldProblem("slug", "not_a_slug"))
    if currency not in get_global("all_currencies"):
        found.append(FieldProblem("currency", "not_a_currency"))
    if time_zone not in zone_names():
        found.append(FieldProblem("time_zone", "not_a_zone"))
    if plan not in Business.Plan.values:
        found.append(FieldProblem("plan", "unknown_choice", {"choices": ", ".join(Business.Plan.values)}))
    if not is_locale(locale):
        found.append(FieldProblem("locale", "not_a_locale"))
    if problem := text_problem(username, longest=150, required=True):
        found.append(FieldProblem("admin_username", *problem))
    return found


def is_locale(locale: str) -> bool:
    """Whether dates and amounts can be written in this locale (`en`, `de`, `en_GB`)."""
    try:
        BabelLocale.parse(locale.replace("-", "_"))
    except (UnknownLocaleError, ValueError, AttributeError, TypeError):
        return False
    return len(locale) <= 16
