"""Adding and changing people."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q

from daybook.audit.models import Version
from daybook.core.errors import InvalidInput, NotFound, NotPermitted
from daybook.core.ids import new_id
from daybook.core.periods import local_date
from daybook.people.errors import LastAdministrator, OnlyClientsAreProspects, UsernameTaken
from daybook.people.models import CalendarColor, User
from daybook.people.permissions import HIDE_COSTS, MANAGE_CLIENTS, access_user, require_manage
from daybook.people.queries import due_to_become_inactive
from daybook.people.rules import PERSON_FIELDS, clean_person, clean_windows, color_problem, search_text
from daybook.people.services.assignments import set_clients, set_practitioners
from daybook.people.services.availability import replace_windows
from daybook.people.services.logins import end_logins, put_password, revoke_tokens
from daybook.people.services.switches import set_permissions
from daybook.tenancy.actor import SCHEDULE, Actor
from daybook.tenancy.ground import change_ground
from daybook.tenancy.scope import current_business, set_verb

# What belongs to a person but stands in other tables.
RELATED = frozenset(
    {"agent_id", "availability", "calendar_color", "client_ids", "hide_costs", "permissions", "practitioner_ids"}
)
OWN_ACCOUNT = frozenset({"first_name", "last_name", "preferred_name", "email", "phone", "address", "birthday"})


@transaction.atomic
def create_user(
    *,
    actor: Actor,
    role: str,
    now: datetime,
    first_name: str,
    last_name: str = "",
    username: str | None = None,
    password: str | None = None,
    status: str = "active",
    **fields: Any,
) -> User:
    """Add a person of `role`. Fields are the columns of User and those of RELATED.

    Raises NotPermitted, InvalidInput, UsernameTaken, OnlyClientsAreProspects.
    """
    require_manage(actor, role)
    columns = {"role": role, "first_name": first_name, "last_name": last_name, "username": username, "status": status}
    related = {name: fields.pop(name) for name in RELATED & fields.keys()}
    values = _clean(columns | fields, now)
    if values["status"] == "prospect" and role != "client":
        raise OnlyClientsAreProspects(field="status")
    user = User(id=new_id(), **values)
    _put_login(user, password, actor)
    user.search_text = search_text(values)
    set_verb(f"add_{role}")
    _put_agent(user, related)
    _save(user, force_insert=True)
    _put_related(actor, user, related)
    return user


@transaction.atomic
def update_user(*, actor: Actor, user_id: UUID, now: datetime, **changes: Any) -> User:
    """Change what is given. A new status, or a user name or password changed or taken away, ends open logins.

    Raises NotFound, NotPermitted, InvalidInput, UsernameTaken, LastAdministrator, OnlyClientsAreProspects.
    """
    if "status" in changes:
        change_ground()
    user = _locked(actor, user_id)
    password = changes.pop("password", None)
    related = {name: changes.pop(name) for name in RELATED & changes.keys()}
    if changes.get("inactive_on") == user.inactive_on:
        changes.pop("inactive_on", None)  # a date that has come is no new mistake
    values = _clean(changes, now)
    _check_role_and_status(actor, user, values)
    set_verb(f"change_{user.role}")
    ends = any(name in values and values[name] != getattr(user, name) for name in ("status", "username", "role"))
    was_administrator = user.role == "administrator"
    for name, value in values.items():
        setattr(user, name, value)
    _put_login(user, password, actor)
    user.search_text = search_text(user.__dict__)
    _put_agent(user, related)
    _save(user)
    if ends or password:
        end_logins([user.pk])
    if "username" in values and not user.has_login:
        revoke_tokens(user.pk, now=now)
    if ends and was_administrator:
        _keep_an_administrator()
    _put_related(actor, user, related)
    return user


@transaction.atomic
def update_own_account(*, actor: Actor, now: datetime, **changes: Any) -> User:
    """What a person may change about itself: names and contact data. Raises NotPermitted, InvalidInput."""
    if not changes.keys() <= OWN_ACCOUNT:
        raise NotPermitted(permission="team")
    user = access_user(actor, actor.user_id, lock=True)
    for name, value in _clean(changes, now).items():
        setattr(user, name, value)
    user.search_text = search_text(user.__dict__)
    set_verb("change_own_account")
    _save(user)
    return user


@transaction.atomic
def set_status(*, actor: Actor, user_ids: Iterable[UUID], status: str, now: datetime) -> list[User]:
    """Give one or many people a status; ends their logins. Answers those whose status changed.

    Raises NotFound for any unknown id, NotPermitted, InvalidInput, LastAdministrator, OnlyClientsAreProspects.
    """
    return restore_statuses(actor=actor, statuses=dict.fromkeys(user_ids, status), now=now)


@transaction.atomic
def restore_statuses(*, actor: Actor, statuses: Mapping[UUID, str], now: datetime) -> list[User]:
    """Give each person its own status (the undo of `set_status`): one transaction, all or none."""
    change_ground()
    people = {user.pk: user for user in _lock_with_administrators(Q(pk__in=list(statuses)))}
    if not people.keys() >= statuses.keys():
        raise NotFound(what="user", field="users")
    changed = []
    for user_id, status in statuses.items():
        user = people[user_id]
        require_manage(actor, user.role)
        values = _clean({"status": status}, now)
        if values["status"] != user.status:
            _check_role_and_status(actor, user, values)
            user.status = status
            changed.append(user)
    set_verb("set_status")
    User.objects.bulk_update(changed, ["status"])
    if any(user.role == "administrator" for user in changed):
        _keep_an_administrator()
    end_logins(user.pk for user in changed)
    return changed


@transaction.atomic
def turn_inactive(*, now: datetime) -> list[User]:
    """Turn clients inactive whose date has come in the business's zone; the date is used up (requirements 1.4)."""
    due = list(due_to_become_inactive(local_date(now, current_business().time_zone)).values_list("pk", flat=True))
    User.objects.filter(pk__in=due).update(inactive_on=None)
    return set_status(actor=SCHEDULE, user_ids=due, status="inactive", now=now) if due else []


@transaction.atomic
def undo_set_status(*, actor: Actor, group: UUID, now: datetime) -> list[User]:
    """Take back one `set_status` by its step of history, for those who still have the status it gave."""
    steps = Version.objects.filter(group=group, table="people_user", operation="U", changes__has_key="status")
    changes = {step.row_id: step.changes["status"] for step in steps.order_by("-id")}
    status_now = dict(User.objects.filter(pk__in=list(changes)).values_list("pk", "status"))
    back = {key: before for key, (before, after) in changes.items() if status_now.get(key) == after}
    return restore_statuses(actor=actor, statuses=back, now=now)


@transaction.atomic
def delete_user(*, actor: Actor, user_id: UUID, now: datetime) -> User:
    """Put a person in the bin and end its logins. What stands against it was looked at by `workflows.delete_person`."""
    change_ground()
    user = _locked(actor, user_id)
    set_verb(f"delete_{user.role}")
    user.deleted_at, user.deleted_by = now, actor.user_id
    user.save(update_fields=["deleted_at", "deleted_by"])
    end_logins([user.pk])
    if user.role == "administrator":
        _keep_an_administrator()
    return user


@transaction.atomic
def recover_user(*, actor: Actor, user_id: UUID, roles: Iterable[str] = ()) -> User:
    """Take a person (of one of the roles) out of the bin.

    Raises NotFound, NotPermitted, UsernameTaken where the name was given away since.
    """
    actor.require_team()
    bin_of = User.objects.with_deleted().filter(
        deleted_at__isnull=False, **({"role__in": list(roles)} if roles else {})
    )
    user = bin_of.select_for_update().filter(pk=user_id).first()
    if user is None:
        raise NotFound(what="user")
    require_manage(actor, user.role)
    set_verb(f"recover_{user.role}")
    user.deleted_at = user.deleted_by = None
    _save(user)
    return user


@transaction.atomic
def set_calendar_color(*, actor: Actor, client_id: UUID, color: str) -> None:
    """The colour of a client in the calendar of whoever acts; empty for none. Raises InvalidInput on `calendar_color`."""
    client = access_user(actor, client_id, role="client")
    problem = color_problem(color.lower())
    if problem:
        raise InvalidInput(field="calendar_color", problem=problem)
    if actor.user_id is None:
        return
    if not color:
        CalendarColor.objects.filter(setter_id=actor.user_id, client=client).delete()
        return
    CalendarColor.objects.update_or_create(setter_id=actor.user_id, client=client, defaults={"color": color.lower()})


def _clean(columns: dict[str, Any], now: datetime) -> dict[str, Any]:
    unknown = columns.keys() - PERSON_FIELDS
    if unknown:
        raise InvalidInput(field=min(unknown), problem="unknown_field")
    return clean_person(columns, today=local_date(now, current_business().time_zone))


def _put_login(user: User, password: str | None, actor: Actor) -> None:
    """A login is a user name; without one no password is kept."""
    if password and not user.username:
        raise InvalidInput(field="username", problem="username_required")
    if password:
        put_password(user, password, actor=actor)
    elif not user.password or (not user.username and user.has_usable_password()):
        user.set_unusable_password()


def _put_agent(user: User, related: dict[str, Any]) -> None:
    if "agent_id" not in related:
        return
    agent_id = related.pop("agent_id")
    known = agent_id is None or (user.role == "client" and User.objects.filter(pk=agent_id, role="agent").exists())
    if not known:
        raise NotFound(what="agent", field="agent")
    user.agent_id = agent_id


def _put_related(actor: Actor, user: User, related: dict[str, Any]) -> None:
    if "availability" in related:
        replace_windows(user, clean_windows(related["availability"]))
    if "practitioner_ids" in related:
        set_practitioners(actor=actor, client_id=user.pk, practitioner_ids=related["practitioner_ids"])
    if "client_ids" in related and user.role == "agent":
        _set_agent_clients(actor, user, related["client_ids"])
    elif "client_ids" in related:
        set_clients(actor=actor, practitioner_id=user.pk, client_ids=related["client_ids"])
    if "calendar_color" in related:
        set_calendar_color(actor=actor, client_id=user.pk, color=related["calendar_color"])
    switches = dict(related.get("permissions") or {})
    if "hide_costs" in related:
        switches[HIDE_COSTS] = bool(related["hide_costs"])
    if switches:
        set_permissions(actor=actor, user_id=user.pk, changes=switches)


def _set_agent_clients(actor: Actor, agent: User, client_ids: Iterable[UUID]) -> None:
    actor.require(MANAGE_CLIENTS)
    wanted = set(client_ids)
    clients = User.objects.filter(role="client")
    if clients.filter(pk__in=wanted).count() != len(wanted):
        raise NotFound(what="client", field="clients")
    clients.filter(agent=agent).exclude(pk__in=wanted).update(agent=None)
    clients.filter(pk__in=wanted).exclude(agent=agent).update(agent=agent)


def _check_role_and_status(actor: Actor, user: User, values: dict[str, Any]) -> None:
    role = values.get("role", user.role)
    if role != user.role:
        if {role, user.role} != {"administrator", "staff"}:
            raise InvalidInput(field="role", problem="role_is_fixed")
        actor.require_administrator()
    if values.get("status", user.status) == "prospect" and role != "client":
        raise OnlyClientsAreProspects(field="status")


def _locked(actor: Actor, user_id: UUID) -> User:
    """The person, locked, when the actor may change it; an administrator together with all others, in one order."""
    user = access_user(actor, user_id)
    require_manage(actor, user.role)
    if user.role == "administrator":
        _lock_with_administrators(Q(pk=user.pk))
    return access_user(actor, user_id, lock=True)


def _lock_with_administrators(wanted: Q) -> list[User]:
    return list(User.objects.select_for_update().filter(wanted | Q(role="administrator")).order_by("pk"))


def _save(user: User, *, force_insert: bool = False) -> None:
    """Write the row; the database is the judge of the user name, also between two who take it at once."""
    try:
        with transaction.atomic():
            user.save(force_insert=force_insert)
    except IntegrityError as error:
        if "username_once_a_business" in str(error):
            raise UsernameTaken(field="username", username=user.username) from error
        raise


def _keep_an_administrator() -> None:
    """Raise LastAdministrator when no active one that can sign in is left; the administrators are locked by now."""
    if not User.objects.filter(role="administrator", status="active", username__isnull=False).exists():
        raise LastAdministrator
