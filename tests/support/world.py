"""Two businesses with at least one of everything, and a person of each kind who asks for pages."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from daybook.billing.models import Invoice
from daybook.catalog.models import ClientRate, Location, Service, WageRate
from daybook.imports.layouts import LAYOUTS
from daybook.imports.services import save_preset, upload
from daybook.ledger.models import JournalEntry
from daybook.messaging.models import Message
from daybook.ops.demo.make import make_demo
from daybook.ops.demo.shapes import SHAPES
from daybook.payments.models import Payment
from daybook.people.actors import actor_of, issue_token
from daybook.people.models import ApiToken, Assignment, Passkey, PermissionSwitch, SecondFactor, User
from daybook.people.sessions import SessionStore
from daybook.scheduling.models import Closure, CompletionType, Participant, Session
from daybook.tenancy.models import Business
from daybook.tenancy.permissions import for_role
from daybook.tenancy.scope import open_scope
from daybook.tenancy.services import set_logo
from tests.support.pages import Things

TINY = replace(SHAPES["small"], sessions=400, clients=40)
# Texts that only those may read who have the right to.
NOTE = "canary of the notes"
PHONE = "+353 1 555 8317"
# One grey point, as a PNG.
A_PICTURE = b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==")


@dataclass
class Person:
    """Somebody who asks: a login of one business, or nobody."""

    name: str
    slug: str
    user: User | None = None
    cookie: str = ""
    token: str = ""

    def browser(self) -> Client:
        browser = Client(raise_request_exception=False)
        if self.cookie:
            browser.cookies[settings.SESSION_COOKIE_NAME] = self.cookie
        return browser

    def ask(self, method: str, path: str, data: Any = None, *, slug: str = "", **extra: Any) -> HttpResponse:
        """A page of the person's business (or of another's `slug`), asked and taken back again."""
        with taken_back():
            return self.browser().generic(method, f"/b/{slug or self.slug}{path}", data or "", **extra)

    def post(self, path: str, fields: dict[str, Any], *, slug: str = "") -> HttpResponse:
        with taken_back():
            return self.browser().post(f"/b/{slug or self.slug}{path}", fields)

    def call(self, method: str, path: str, body: bytes = b"") -> HttpResponse:
        """An operation of the API, called and taken back again."""
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        with taken_back():
            client = Client(raise_request_exception=False)
            return client.generic(method, f"/api/v1{path}", body, content_type="application/json", headers=headers)


@contextmanager
def taken_back() -> Iterator[None]:
    """What is written inside is not kept."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@dataclass
class World:
    """`things` are of `business`; `own` are those that belong to the client who signs in; `other` is another business."""

    business: Business
    other: Business
    things: Things
    own: Things
    people: dict[str, Person] = field(default_factory=dict)

    def person(self, name: str, **permissions: bool) -> Person:
        """Somebody of this name with some permissions switched; for the life of the caller's transaction."""
        known = self.people[name]
        with open_scope(self.business.pk):
            assert known.user is not None
            for permission, granted in permissions.items():
                PermissionSwitch.objects.update_or_create(
                    user=known.user, permission=permission, defaults={"granted": granted}
                )
        return known


def make_world(now: datetime) -> World:
    """Made in the database that Django uses now, and kept there."""
    business = make_demo(TINY, seed=1, now=now)
    other = make_demo(replace(TINY, slug="elsewhere", business="Elsewhere", sessions=150, clients=24), seed=2, now=now)
    with open_scope(other.pk):
        stranger = _person("stranger", other, User.objects.get(username="admin"), now)
    with open_scope(business.pk):
        world = World(business, other, Things(), Things())
        for name in ("admin", "staff", "practitioner", "client", "client-no-costs", "agent"):
            world.people[name] = _person(name, business, User.objects.get(username=name), now)
        world.people["nobody"] = Person("nobody", business.slug)
        world.people["stranger"] = stranger
        _furnish(world, now)
        _plant_canaries()
    return world


def _person(name: str, business: Business, user: User, now: datetime) -> Person:
    store = SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.save()
    return Person(name, business.slug, user, store.session_key or "", issue_token(user_id=user.pk, now=now))


def _furnish(world: World, now: datetime) -> None:
    """Say what fills each gap; what the demo does not have is made."""
    admin, client = world.people["admin"].user, world.people["client"].user
    assert admin is not None and client is not None
    someone = (
        User.objects.filter(role="client", status="active", username=None).order_by("id").exclude(agent=None).first()
        or User.objects.filter(role="client", username=None).order_by("id")[0]
    )
    teacher = User.objects.filter(role="practitioner", username=None).order_by("id")[0]
    set_logo(actor=actor_of(admin), image=A_PICTURE)
    world.things.by_gap |= (
        _people(someone, teacher, now)
        | _catalog(someone)
        | _calendar(client, now)
        | _books(client, someone, now)
        | _files(admin, now)
        | {"group": str(uuid4()), "name": "revenue", "role": "client", "token": "none", "article": "add-a-client"}
    )
    world.things.queries["web:calendar_feed"] = f"?from={now.date()}&to={now.date() + timedelta(days=7)}"
    world.things.by_route |= _by_route(admin, teacher, now)
    world.own.by_gap |= _own(client, world.things.by_gap, now)


def _people(someone: User, teacher: User, now: datetime) -> dict[str, str]:
    gone = User.objects.create(role="client", first_name="Gone", last_name="Away", deleted_at=now)
    return {
        "client_id": str(someone.pk),
        "user_id": str(someone.pk),
        "person_id": str(someone.pk),
        "deleted_client_id": str(gone.pk),
        "practitioner_id": str(teacher.pk),
        "agent_id": str(User.objects.filter(role="agent").order_by("id")[0].pk),
        "staff_id": str(User.objects.filter(role="staff", username=None).order_by("id")[0].pk),
    }


def _catalog(someone: User) -> dict[str, str]:
    service = Service.objects.order_by("id")[0]
    rate = ClientRate.objects.first() or ClientRate.objects.create(
        client=someone, service=service, cost_minor=1_000, starts_on=date(2026, 1, 1)
    )
    return {
        "service_id": str(service.pk),
        "location_id": str(Location.objects.order_by("id")[0].pk),
        "rate_id": str(rate.pk),
    }


def _calendar(client: User, now: datetime) -> dict[str, str]:
    saved = _saved_session(client)
    return {
        "session_id": str(saved.pk),
        "deleted_session_id": _deleted(Session.objects.filter(status="open").order_by("-starts_at")[0], now),
        "type_id": str(CompletionType.objects.filter(is_default=False).order_by("id")[0].pk),
        "closure_id": str(Closure.objects.order_by("id")[0].pk),
    }


def _saved_session(client: User) -> Session:
    saved = Session.objects.filter(status="completed").order_by("-starts_at")
    return saved.filter(participants__client=client).first() or saved[0]


def _books(client: User, someone: User, now: datetime) -> dict[str, str]:
    unpaid = Payment.objects.filter(client=someone).order_by("id").first() or _payment(someone, 9_000_002, now)
    message = Message.objects.create(
        to_user=client,
        to_address="someone@example.org",
        event="invoice_sent",
        subject="An invoice",
        body="It is attached.",
        attachment_name="invoice.pdf",
        attachment=b"%PDF-1.7",
        status="failed",
        error="nobody answers",
    )
    return {
        "payment_id": str(unpaid.pk),
        "invoice_id": str(Invoice.objects.filter(state="issued").order_by("id")[0].pk),
        "entry_id": str(JournalEntry.objects.order_by("id")[0].pk),
        "message_id": str(message.pk),
    }


def _files(admin: User, now: datetime) -> dict[str, str]:
    actor = actor_of(admin)
    content = b"First name,Last name,E-mail\nMia,Lang,mia@example.org\n"
    batch = upload(actor=actor, file_name="clients.csv", content=content, now=now)
    preset = save_preset(
        actor=actor, now=now, name="Ours", layout="auto", headings=["Name"], fingerprint="name", options={}
    )
    return {
        "token_id": str(ApiToken.objects.filter(user=admin).order_by("id")[0].pk),
        "passkey_id": _passkey(admin, now),
        "import_id": str(batch.pk),
        "preset_id": str(preset.pk),
        "layout": next(name for name, layout in LAYOUTS.items() if layout.system == "daybook"),
    }


def _by_route(admin: User, teacher: User, now: datetime) -> dict[tuple[str, str], str]:
    """What fills a gap otherwise on one page than on the others."""
    wage_rate = WageRate.objects.first() or WageRate.objects.create(
        practitioner=teacher, service=Service.objects.order_by("id")[0], wage_minor=1_000, starts_on=date(2026, 1, 1)
    )
    of_teacher = ("web:wage_rates", "web:wage_rate_set")
    of_wage = ("web:wage_rate_delete", "get_wage_rate", "update_wage_rate", "delete_wage_rate")
    return (
        {(name, "person_id"): str(teacher.pk) for name in of_teacher}
        | {(name, "rate_id"): str(wage_rate.pk) for name in of_wage}
        | {
            ("web:session_complete", "session_id"): _open_session(now),
            ("web:password_set", "user_id"): str(admin.pk),
            ("web:password_set", "token"): default_token_generator.make_token(admin),
            ("portal:help_article", "article"): "my-sessions",
        }
    )


def _own(client: User, things: Mapping[str, str], now: datetime) -> dict[str, str]:
    """What is the client's own."""
    paid = Payment.objects.filter(client=client).order_by("id").first() or _payment(client, 9_000_001, now)
    invoice = Invoice.objects.filter(client=client).order_by("id").first()
    return {
        "article": "my-sessions",
        "session_id": things["session_id"],
        "payment_id": str(paid.pk),
        "invoice_id": str(invoice.pk) if invoice else things["invoice_id"],
        "passkey_id": _passkey(client, now),
    }


def _passkey(user: User, now: datetime) -> str:
    SecondFactor.objects.create(user=user, recovery_digests=["0" * 64], created_at=now)
    passkey = Passkey.objects.create(
        user=user, name="Laptop", site="localhost", credential_id=str(user.pk), public_key=b"none", created_at=now
    )
    return str(passkey.pk)


def _payment(client: User, number: int, now: datetime) -> Payment:
    return Payment.objects.create(
        client=client,
        amount_minor=5_000,
        currency="EUR",
        method="cash",
        received_on=now.date(),
        receipt_number=number,
    )


def _open_session(now: datetime) -> str:
    """A session that is over and waits to be saved."""
    waiting = Session.objects.filter(status="open", ends_at__lt=now).order_by("-starts_at").first()
    return str((waiting or Session.objects.filter(status="open").order_by("starts_at")[0]).pk)


def _deleted(session: Session, now: datetime) -> str:
    gone = Session.objects.with_deleted().filter(deleted_at__isnull=False).first()
    if gone is None:
        session.deleted_at = now
        session.save(update_fields=["deleted_at"])
        gone = session
    return str(gone.pk)


def _plant_canaries() -> None:
    """Texts and figures by which a page that says too much gives itself away."""
    User.objects.filter(role="client").update(notes=NOTE, phone=PHONE)
    Session.objects.filter(status="completed").update(internal_note=NOTE)


def without_permission(role: str) -> dict[str, bool]:
    """Every permission of a role switched off."""
    return {each.name: False for each in for_role(role)}  # type: ignore[arg-type]


def with_permission(role: str) -> dict[str, bool]:
    """Every permission of a role switched on."""
    return {each.name: True for each in for_role(role)}  # type: ignore[arg-type]


def their_clients(practitioner: User) -> set[Any]:
    return set(Assignment.objects.filter(practitioner=practitioner).values_list("client_id", flat=True))


def no_costs_things(world: World) -> Things:
    """What belongs to the client from whom costs are hidden."""
    user = world.people["client-no-costs"].user
    assert user is not None
    place = Participant.objects.filter(client=user, status="completed").order_by("-starts_at").first()
    place = place or Participant.objects.filter(client=user).order_by("-starts_at").first()
    payment = Payment.objects.filter(client=user).first() or _payment(user, 9_000_003, datetime.now(UTC))
    invoice = Invoice.objects.filter(client=user).first()
    things = Things(dict(world.things.by_gap), dict(world.things.by_route), world.things.queries)
    things.by_gap |= {"client_id": str(user.pk), "user_id": str(user.pk), "payment_id": str(payment.pk)}
    if place is not None:
        things.by_gap["session_id"] = str(place.session_id)
    if invoice is not None:
        things.by_gap["invoice_id"] = str(invoice.pk)
    return things
