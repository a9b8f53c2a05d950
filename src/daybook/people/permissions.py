"""Permissions about people, and what the team may open (requirements 1.15); which people an actor may see."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q, QuerySet

from daybook.core.errors import NotFound
from daybook.core.ids import parse_id
from daybook.people.models import Assignment, PermissionSwitch, User
from daybook.tenancy.actor import Actor
from daybook.tenancy.permissions import declare

# What the team may open: administrators always may, staff unless switched off.
MANAGE_CLIENTS = declare("manage_clients", "{Clients}: open, add and change", administrator=True, staff=True)
MANAGE_PRACTITIONERS = declare(
    "manage_practitioners", "{Practitioners}: open, add and change", administrator=True, staff=True
)
MANAGE_STAFF = declare(
    "manage_staff", "{Staff} and {administrators}: open, add and change", administrator=True, staff=False
)
MANAGE_SCHEDULE = declare(
    "manage_schedule",
    "Calendar and {sessions}: open, add, change, take back deleted ones",
    administrator=True,
    staff=True,
)
MANAGE_ACCOUNTING = declare(
    "manage_accounting", "Accounting: balances, {payments}, {invoices}, rates", administrator=True, staff=True
)
MANAGE_COMMUNICATIONS = declare("manage_communications", "Communications: outbox", administrator=True, staff=True)
SEE_INSIGHTS = declare("see_insights", "Reports and the dashboard's money", administrator=True, staff=True)
MANAGE_SETTINGS = declare(
    "manage_settings", "Settings: business, {services}, {locations}, permissions", administrator=True, staff=False
)

# What a practitioner may do.
ADD_SESSIONS = declare("add_sessions", "Add {sessions} for assigned {clients}", practitioner=False)
EDIT_SESSIONS = declare("edit_sessions", "Change own {sessions}", practitioner=False)
COMPLETE_SESSIONS = declare("complete_sessions", "Complete own {sessions}", practitioner=True)
COST_OVERRIDE = declare(
    "cost_override", "Set cost and {wage} by hand when completing", administrator=True, staff=True, practitioner=False
)
SEE_CLIENT_INFORMATION = declare(
    "see_client_information",
    "See the additional information about {clients}",
    administrator=True,
    staff=True,
    practitioner=False,
)
SEE_CONTACT_DATA = declare(
    "see_contact_data", "See contact data of {clients}", administrator=True, staff=True, practitioner=True
)
SEE_WAGES = declare("see_wages", "See own {wages}", administrator=True, staff=True, practitioner=True)

# What a client may do. `hide_costs` takes away: it is off for all unless switched on.
REQUEST_SESSIONS = declare("request_sessions", "Request {sessions}", client=True)
CANCEL_SESSIONS = declare("cancel_sessions", "Cancel own {sessions}", client=False)
JOIN_CLASSES = declare("join_classes", "Join {classes}", client=True)
PAY = declare("pay", "Pay", client=True, agent=True)
EDIT_AVAILABILITY = declare("edit_availability", "Change own availability", client=True, practitioner=True)
SEE_HISTORY = declare("see_history", "See past {sessions}", client=True)
SEE_REPORTS = declare("see_reports", "See reports written about them", client=True, agent=True)
HIDE_COSTS = declare("hide_costs", "Hide every price, cost, balance and {invoice}", client=False)

MANAGE_ROLE = {
    "client": MANAGE_CLIENTS,
    "agent": MANAGE_CLIENTS,
    "practitioner": MANAGE_PRACTITIONERS,
    "staff": MANAGE_STAFF,
    "administrator": MANAGE_STAFF,
}


def require_manage(actor: Actor, role: str) -> None:
    """Raise NotPermitted unless the actor may add and change people of `role`; administrators only by administrators."""
    actor.require(MANAGE_ROLE[role])
    if role == "administrator":
        actor.require_administrator()


def may_manage(actor: Actor, user: User) -> bool:
    """Whether the actor may change this person; administrators are changed by administrators."""
    return may_manage_role(actor, user.role)


def may_manage_role(actor: Actor, role: str) -> bool:
    """The same for all people of a role."""
    return actor.is_team and actor.may(MANAGE_ROLE[role]) and (role != "administrator" or actor.is_administrator)


def visible_people(actor: Actor, role: str | None = None) -> QuerySet[User]:
    """People (of `role`) that the actor may know of; unordered.

    The team sees those whose area it may open, and each itself; a practitioner its assigned clients and its colleagues;
    a client itself and its practitioners; an agent its clients and their practitioners.
    """
    people = User.objects.filter(role=role) if role else User.objects.all()
    if knows_everybody(actor):
        return people
    return people.filter(_visible_to(actor))


def known_people(actor: Actor, through: str, role: str | None = None) -> QuerySet[User]:
    """The same, with those that a team member meets by name in the area that the permission `through` opens.

    Who keeps the books names every payer, who keeps the calendar every practitioner, also without their lists.
    """
    if actor.is_team and actor.may(through):
        return User.objects.filter(role=role) if role else User.objects.all()
    return visible_people(actor, role)


def knows_everybody(actor: Actor) -> bool:
    """Whether no list of people is closed to the actor."""
    return actor.is_team and all(actor.may(permission) for permission in MANAGE_ROLE.values())


def _visible_to(actor: Actor) -> Q:
    myself = Q(pk=actor.user_id)
    if actor.is_team:
        return myself | Q(role__in=[role for role, permission in MANAGE_ROLE.items() if actor.may(permission)])
    if actor.role == "practitioner":
        assigned = Assignment.objects.filter(practitioner_id=actor.user_id).values("client_id")
        return myself | Q(role="practitioner") | Q(role="client", pk__in=assigned)
    if actor.role == "client":
        mine = Assignment.objects.filter(client_id=actor.user_id).values("practitioner_id")
        return myself | Q(role="practitioner", pk__in=mine)
    if actor.role == "agent":
        theirs = Assignment.objects.filter(client__agent_id=actor.user_id).values("practitioner_id")
        return myself | Q(role="client", agent_id=actor.user_id) | Q(role="practitioner", pk__in=theirs)
    return Q(pk__in=())


def access_user(
    actor: Actor,
    user_id: object,
    *,
    role: str | None = None,
    roles: Iterable[str] = (),
    lock: bool = False,
    through: str = "",
    field: str | None = None,
) -> User:
    """The person of that id (and role, or one of roles), row-locked if asked; `through` as for `known_people`.

    `field` is the input that named it, if one did. Raises NotFound, also for one that the actor may not know of; NotPermitted to a team member whose area it is not.
    """
    key = parse_id(user_id)
    people = known_people(actor, through, role) if through else visible_people(actor, role)
    if roles:
        people = people.filter(role__in=list(roles))
    found = (people.select_for_update(of=("self",)) if lock else people).filter(pk=key).first() if key else None
    if found is None:
        _refuse_colleague(actor, key, [role] if role else list(roles))
        raise NotFound(what=role or "user", field=field)
    return found


def _refuse_colleague(actor: Actor, key: UUID | None, roles: list[str]) -> None:
    """A stranger finds nobody; a colleague without the area is told which one it lacks."""
    if key is None or not actor.is_team:
        return
    people = User.objects.filter(role__in=roles) if roles else User.objects.all()
    there = people.filter(pk=key).values_list("role", flat=True).first()
    if there:
        actor.require(MANAGE_ROLE[there])


def may_see_notes(actor: Actor) -> bool:
    """Whether the additional information about people is shown at all (requirements 1.10)."""
    return actor.may(SEE_CLIENT_INFORMATION)


def may_see_contact(actor: Actor, user: User) -> bool:
    """Whether e-mail, phone, address and birthday of a person that the actor may know of are shown."""
    if actor.user_id == user.pk:
        return True
    return actor.role in ("client", "agent") or may_see_contacts(actor, user.role)


def may_see_contacts(actor: Actor, role: str) -> bool:
    """The same for all people of a role: whether they may be found by e-mail and phone."""
    if actor.is_team and role in ("client", "practitioner", "agent") and not may_manage_role(actor, role):
        return False
    return actor.may(SEE_CONTACT_DATA) and (actor.role != "practitioner" or role == "client")


def hides_costs(who: User | Actor) -> bool:
    """Whether no price, cost, balance or invoice may be shown to this client (requirements 1.14)."""
    if isinstance(who, Actor):
        return HIDE_COSTS in who.permissions
    return bool(who.role == "client" and costs_hidden_from([who.pk]))


def costs_hidden_from(client_ids: Iterable[UUID]) -> set[UUID]:
    """Those of the clients to whom costs are hidden (one query)."""
    switched = PermissionSwitch.objects.filter(permission=HIDE_COSTS, granted=True, user_id__in=list(client_ids))
    return set(switched.values_list("user_id", flat=True))
