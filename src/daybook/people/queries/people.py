"""Reads about people that more than one door needs."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import CharField, Count, F, Func, Q, QuerySet
from django.db.models.functions import Lower

from daybook.people.models import ApiToken, Assignment, AvailabilityWindow, CalendarColor, PermissionSwitch, User
from daybook.people.permissions import HIDE_COSTS, knows_everybody, visible_people
from daybook.people.rules import Window
from daybook.tenancy.actor import Actor
from daybook.tenancy.permissions import effective, for_role


@dataclass(frozen=True, slots=True)
class Related:
    """What belongs to a person and stands in other tables."""

    practitioner_ids: tuple[UUID, ...]
    agent_id: UUID | None
    client_ids: tuple[UUID, ...]
    availability: tuple[Window, ...]
    calendar_color: str
    hide_costs: bool


def related_of(user_ids: Iterable[UUID], *, actor: Actor) -> dict[UUID, Related]:
    """Related data of many people in six queries, as far as the actor may know of it; colours are the actor's own."""
    ids = list(user_ids)
    visible = (
        None
        if knows_everybody(actor)
        else set(visible_people(actor).filter(role__in=("client", "practitioner")).values_list("id", flat=True))
    )
    practitioners: dict[UUID, list[UUID]] = defaultdict(list)
    clients: dict[UUID, list[UUID]] = defaultdict(list)
    windows: dict[UUID, list[Window]] = defaultdict(list)
    assigned = Assignment.objects.order_by("id").values_list("client_id", "practitioner_id")
    for client_id, practitioner_id in assigned.filter(client_id__in=ids, practitioner__deleted_at__isnull=True):
        if visible is None or practitioner_id in visible:
            practitioners[client_id].append(practitioner_id)
    for client_id, practitioner_id in assigned.filter(practitioner_id__in=ids, client__deleted_at__isnull=True):
        if visible is None or client_id in visible:
            clients[practitioner_id].append(client_id)
    agents: dict[UUID, UUID] = {}
    with_agent = User.objects.filter(agent__isnull=False, agent__deleted_at__isnull=True)
    mine = with_agent.filter(Q(agent_id__in=ids) | Q(pk__in=ids)).order_by("id")
    for agent_id, client_id in mine.values_list("agent_id", "id"):
        agents[client_id] = agent_id
        if visible is None or client_id in visible:
            clients[agent_id].append(client_id)
    for row in AvailabilityWindow.objects.filter(user_id__in=ids).order_by("day", "start"):
        windows[row.user_id].append(Window(row.day, row.start, row.end))
    colors = dict(
        CalendarColor.objects.filter(setter_id=actor.user_id, client_id__in=ids).values_list("client_id", "color")
    )
    hidden = set(
        PermissionSwitch.objects.filter(permission=HIDE_COSTS, granted=True, user_id__in=ids).values_list(
            "user_id", flat=True
        )
    )
    return {
        each: Related(
            practitioner_ids=tuple(practitioners[each]),
            agent_id=agents.get(each),
            client_ids=tuple(clients[each]),
            availability=tuple(windows[each]),
            calendar_color=colors.get(each, ""),
            hide_costs=each in hidden,
        )
        for each in ids
    }


def permissions_of(user: User) -> dict[str, bool]:
    """Every permission that a user of this role can have, and whether it holds for this one."""
    switches = PermissionSwitch.objects.filter(user=user).values_list("permission", "granted")
    holds = effective(user.role, switches)  # type: ignore[arg-type]
    return {each.name: each.name in holds for each in for_role(user.role)}  # type: ignore[arg-type]


def holders_of(permission: str, role: str, users: Iterable[User]) -> list[tuple[User, bool]]:
    """Each of these users of a role with whether the permission holds for it (one query)."""
    people = list(users)
    switches = PermissionSwitch.objects.filter(permission=permission, user__in=people)
    switched = dict(switches.values_list("user_id", "granted"))
    default = _default_of(permission, role)
    return [(user, switched.get(user.pk, default)) for user in people]


def count_holders(permission: str, role: str) -> tuple[int, int]:
    """How many people of a role have the permission, and how many there are (two queries)."""
    everybody = User.objects.filter(role=role).count()
    switched = PermissionSwitch.objects.filter(permission=permission, user__role=role, user__deleted_at__isnull=True)
    differing = switched.exclude(granted=_default_of(permission, role)).count()
    return (everybody - differing if _default_of(permission, role) else differing), everybody


def _default_of(permission: str, role: str) -> bool:
    return {each.name: each.defaults[role] for each in for_role(role)}[permission]  # type: ignore[index, arg-type]


def by_name(people: QuerySet[User]) -> QuerySet[User]:
    """The order of every list of people: last name, first name, id."""
    return people.order_by(Lower("last_name"), Lower("first_name"), "id")


def client_colors(setter_id: UUID | None) -> dict[UUID, str]:
    """Colours that one team member gave to clients, for its own calendar."""
    if setter_id is None:
        return {}
    return dict(CalendarColor.objects.filter(setter_id=setter_id).values_list("client_id", "color"))


def assigned_practitioners(client_id: UUID) -> QuerySet[User]:
    """Practitioners of a client, by name."""
    return by_name(User.objects.filter(role="practitioner", client_assignments__client_id=client_id))


def assigned_clients(practitioner_id: UUID) -> QuerySet[User]:
    """Clients of a practitioner, by name."""
    return by_name(User.objects.filter(role="client", practitioner_assignments__practitioner_id=practitioner_id))


def is_assigned(practitioner_id: UUID, client_ids: Iterable[UUID]) -> set[UUID]:
    """Those of the clients that are assigned to the practitioner."""
    found = Assignment.objects.filter(practitioner_id=practitioner_id, client_id__in=list(client_ids))
    return set(found.values_list("client_id", flat=True))


def status_counts(people: QuerySet[User]) -> dict[str, int]:
    """How many people have which status."""
    return dict(people.order_by().values_list("status").annotate(count=Count("id")))


def open_tokens(user_id: UUID) -> QuerySet[ApiToken]:
    """A user's API tokens that still work, newest first."""
    return ApiToken.objects.filter(user_id=user_id, revoked_at__isnull=True).order_by("-created_at")


def due_to_become_inactive(today: date) -> QuerySet[User]:
    """Clients whose inactive date has come by the business's `today` (requirements 1.4)."""
    return User.objects.filter(inactive_on__lte=today, status="active").order_by("id")


def tags_in_use(role: str) -> list[str]:
    """Tags of people of a role, in alphabetical order."""
    each_tag = Func(F("tags"), function="unnest", output_field=CharField())
    found = User.objects.filter(role=role).order_by().annotate(each_tag=each_tag).values_list("each_tag", flat=True)
    return sorted(found.distinct(), key=str.casefold)


def deleted_people(role: str) -> QuerySet[User]:
    """The bin, last deleted first."""
    return User.objects.with_deleted().filter(role=role, deleted_at__isnull=False).order_by("-deleted_at", "id")
