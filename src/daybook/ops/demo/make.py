"""Making a demo business: the plan, then its story batch by batch, then its name."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from random import Random

from django.db import connection
from django.db.models import Model

from daybook.billing.models import NumberSequence
from daybook.catalog.models import ClientRate, Location, Service, WageRate
from daybook.core.money import currency_digits
from daybook.core.periods import day_start, local_date
from daybook.ledger.services import add_scheduled, seal
from daybook.ops.demo.ahead import ahead
from daybook.ops.demo.catalogue import OFFERS, OWN_COMPLETIONS
from daybook.ops.demo.ids import id_stream
from daybook.ops.demo.people import Person
from daybook.ops.demo.plan import Plan, make_plan
from daybook.ops.demo.prices import Outcome
from daybook.ops.demo.rows import Batch
from daybook.ops.demo.shapes import CURRENCY, PASSWORD, TIME_ZONE, Shape
from daybook.ops.demo.statistics import read_statistics, settle
from daybook.ops.demo.story import Outcomes, Story
from daybook.ops.demo.writer import copy_models, write_tables
from daybook.people.models import Assignment, AvailabilityWindow, CalendarColor, PermissionSwitch, User
from daybook.people.permissions import HIDE_COSTS
from daybook.people.rules import search_text
from daybook.scheduling.models import Closure, CompletionType
from daybook.scheduling.rules import modifier_of
from daybook.tenancy.actor import COMMAND
from daybook.tenancy.models import Business
from daybook.tenancy.scope import current_business_id, open_scope
from daybook.workflows.create_business import create_business

UNFINISHED = "--unfinished"
VERB = "make_demo"
LOOK_AFTER = (0, 3, 15)  # batches after which plans made for smaller tables would hurt

Progress = Callable[[int, int], None]


def make_demo(shape: Shape, *, seed: int, now: datetime, progress: Progress = lambda done, of: None) -> Business:
    """Make the business of a shape as it would stand today. It has its slug only when all is there.

    The same seed and day give the same data. `progress` is told of sessions written, and of how many.
    """
    today = local_date(now, TIME_ZONE)
    rng = Random(f"{seed}:{shape.slug}")
    plan = make_plan(shape, rng, id_stream(rng, day_start(today, TIME_ZONE)), today)
    business = _found(plan, shape, now)
    with open_scope(business.pk, actor=COMMAND, verb=VERB):
        _write_plan(plan, rng, now)
        story = Story(plan, rng, _outcomes(plan), CURRENCY, TIME_ZONE)
    _write_story(business.pk, story, now, lambda written: progress(written, shape.sessions))
    with open_scope(business.pk, actor=COMMAND, verb=VERB):
        add_scheduled(story.scheduled)
        NumberSequence.objects.filter(name="invoice").update(last=story.money.last_invoice)
        NumberSequence.objects.filter(name="receipt").update(last=story.money.last_receipt)
        business.slug = shape.slug
        business.save(update_fields=["slug"])
    return business


def _write_story(business_id: int, story: Story, now: datetime, progress: Callable[[int], None]) -> None:
    """Each batch's calendar, then its books. While those are written, the next calendar is, and the one after told.

    Within an outer transaction, which is one connection's alone, calendar and books take turns.
    """

    def written_calendars() -> Iterator[Batch]:
        for batch in ahead(story.batches()):
            with open_scope(business_id, actor=COMMAND, verb=VERB):
                write_tables(batch.calendar(), now)
            yield batch

    in_turn = connection.in_atomic_block
    written = 0
    for number, batch in enumerate(written_calendars() if in_turn else ahead(written_calendars())):
        with open_scope(business_id, actor=COMMAND, verb=VERB):
            write_tables(batch.books(), now)
            seal(now=now)
        written += len(batch.sessions)
        progress(written)
        if not in_turn and number in LOOK_AFTER:
            read_statistics()
    if not in_turn:
        settle()


def _found(plan: Plan, shape: Shape, now: datetime) -> Business:
    """The business under a name for the time of its making, marked as a demo from the start."""
    first = plan.cast.administrator
    business, administrator = create_business(
        name=shape.business, slug=shape.slug + UNFINISHED, currency=CURRENCY, time_zone=TIME_ZONE, plan="enterprise",
        admin_username=first.username or "admin", admin_password=PASSWORD, now=now, locale="en_GB",
        admin_email=first.email, first_name=first.first_name, last_name=first.last_name,
    )  # fmt: skip
    first.id = administrator.pk
    with open_scope(business.pk, actor=COMMAND, verb=VERB):
        business.is_demo = True
        business.save(update_fields=["is_demo"])
    return business


def _write_plan(plan: Plan, rng: Random, now: datetime) -> None:
    """Everything but sessions and money, in the order in which one needs the other."""
    _write_people(plan, now)
    _write_catalogue(plan)
    _write_rates(plan)
    _write_assignments(plan, now)
    _write_availability(plan, rng)
    CompletionType.objects.bulk_create(
        CompletionType(
            id=plan.next_id(), status=each.status, label=each.label, description=each.description,
            modifier=each.modifier, client_modifier=each.client_modifier,
            practitioner_modifier=each.practitioner_modifier,
        )
        for each in OWN_COMPLETIONS
    )  # fmt: skip
    Closure.objects.bulk_create(
        Closure(
            id=plan.next_id(), name=each.name, starts_on=each.first, ends_on=each.last,
            location_id=None if each.place is None else plan.place_ids[each.place],
        )
        for each in plan.closures
    )  # fmt: skip


def _write_people(plan: Plan, now: datetime) -> None:
    administrator = User.objects.get(role="administrator")
    known = [person for person in plan.cast.everyone() if person is not plan.cast.administrator]
    joined = now - timedelta(weeks=plan.shape.weeks_back + 2)
    copy_models([_user(person, administrator.password, joined) for person in known])
    hidden = [client for client in plan.cast.clients if client.hides_costs]
    PermissionSwitch.objects.bulk_create(
        PermissionSwitch(id=plan.next_id(), user_id=client.person.id, permission=HIDE_COSTS, granted=True)
        for client in hidden
    )
    hues = ("#bc4a3c", "#3a6cab", "#3d8a50", "#8250a3")
    CalendarColor.objects.bulk_create(
        CalendarColor(id=plan.next_id(), setter_id=administrator.pk, client_id=client.person.id, color=hues[index])
        for index, client in enumerate(plan.cast.clients[: len(hues)])
    )


def _user(person: Person, password: str, joined: datetime) -> User:
    values = {name: getattr(person, name) for name in person.__slots__}
    return User(
        **values, business_id=current_business_id(), password=password if person.username else "", created_at=joined,
        search_text=search_text(values),
    )  # fmt: skip


def _create(model: type[Model], made: Sequence[Model]) -> None:
    model._default_manager.bulk_create(made, batch_size=2000)


def _write_catalogue(plan: Plan) -> None:
    Service.objects.bulk_create(
        Service(
            id=service_id, name=offer.name, kind=offer.kind, description=offer.description, cost_minor=offer.cost,
            wage_minor=offer.wage, tax_rate=offer.tax_rate, minutes=offer.lengths[0], color=offer.color,
            buffer_before=offer.buffer_before, buffer_after=offer.buffer_after, is_concurrent=offer.is_concurrent,
            client_bookable=offer.client_bookable,
        )
        for service_id, offer in zip(plan.service_ids, OFFERS, strict=True)
    )  # fmt: skip
    Location.objects.bulk_create(
        Location(
            id=place_id, name=place.name, address=place.address, online_link=place.online_link,
            capacity=place.capacity, client_bookable=place.client_bookable,
        )
        for place_id, place in zip(plan.place_ids, plan.places, strict=True)
    )  # fmt: skip


def _write_rates(plan: Plan) -> None:
    clients, practitioners = plan.cast.clients, plan.cast.practitioners
    ClientRate.objects.bulk_create(
        ClientRate(
            id=plan.next_id(), client_id=clients[client].person.id, service_id=plan.service_ids[offer],
            cost_minor=rate.amount_minor, starts_on=rate.starts_on,
        )
        for (client, offer), rates in plan.client_rates.items()
        for rate in rates
    )  # fmt: skip
    WageRate.objects.bulk_create(
        WageRate(
            id=plan.next_id(), practitioner_id=practitioners[index].person.id, service_id=plan.service_ids[offer],
            wage_minor=rate.amount_minor, starts_on=rate.starts_on,
        )
        for (index, offer), rates in plan.wage_rates.items()
        for rate in rates
    )  # fmt: skip


def _write_assignments(plan: Plan, now: datetime) -> None:
    pairs = dict.fromkeys(
        (each, client) for slot in plan.slots for each in slot.practitioners for client in slot.clients
    )
    _create(
        Assignment,
        [
            Assignment(
                id=plan.next_id(),
                practitioner_id=plan.cast.practitioners[practitioner].person.id,
                client_id=plan.cast.clients[client].person.id,
                source="session",
                created_at=now,
            )
            for practitioner, client in pairs
        ],
    )


def _write_availability(plan: Plan, rng: Random) -> None:
    windows = [
        _window(plan, practitioner.person, day, *hours)
        for practitioner in plan.cast.practitioners
        for day, hours in sorted(practitioner.days.items())
    ]
    for client in plan.cast.clients:
        if rng.random() < 0.7:
            opens = 14 * 60 + 30 if client.is_minor else 9 * 60
            windows += [
                _window(plan, client.person, day, opens, 19 * 60 + 30) for day in range(5) if rng.random() < 0.75
            ]
    _create(AvailabilityWindow, windows)


def _window(plan: Plan, person: Person, day: int, first: int, last: int) -> AvailabilityWindow:
    start, end = time(*divmod(first, 60)), time(*divmod(last, 60))
    return AvailabilityWindow(id=plan.next_id(), user_id=person.id, day=day, start=start, end=end)


def _outcomes(plan: Plan) -> Outcomes:
    stored = {(row.status, row.is_default): row for row in CompletionType.objects.filter(is_default=True)}
    own = {row.label: row for row in CompletionType.objects.filter(is_default=False)}

    def outcome(row: CompletionType) -> Outcome:
        digits = currency_digits(CURRENCY)
        return Outcome(
            row.pk,
            row.status,
            modifier_of(row.modifier, row.client_modifier, row.label, currency_digits=digits),
            modifier_of(row.modifier, row.practitioner_modifier, row.label, currency_digits=digits),
        )

    return Outcomes(
        completed=outcome(stored["completed", True]),
        missed=outcome(stored["missed", True]),
        canceled=outcome(stored["canceled", True]),
        late=outcome(own[OWN_COMPLETIONS[0].label]),
        trial=outcome(own[OWN_COMPLETIONS[1].label]),
    )


def is_stale(business: Business, today: date) -> bool:
    """Whether the demo was made so long ago that its calendar runs dry."""
    return today - local_date(business.created_at, TIME_ZONE) > timedelta(weeks=3)
