"""`/clients`, `/practitioners`, `/agents`, `/staff`, `/users/{id}/permissions`, `/permissions/bulk`, `/me`."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.db.models.functions import Lower
from django.utils.timezone import now
from ninja import Body, Query

from daybook.api.fields import Id
from daybook.api.frame import Router
from daybook.api.paging import Page, page_of
from daybook.api.requests import ApiRequest
from daybook.api.v1.people import schemas
from daybook.api.v1.people.shapes import (
    Shape,
    agent_out,
    client_out,
    person_out,
    practitioner_shape,
    shaped,
    staff_out,
)
from daybook.core.errors import NotPermitted
from daybook.people import permissions, queries, services
from daybook.people.models import User
from daybook.tenancy.actor import Actor
from daybook.workflows.delete_person import delete_person
from daybook.workflows.welcome import send_welcome

router = Router(tags=["People"])

TEAM = ("staff", "administrator")
SHAPES: dict[str, Callable[[list[User], Actor], Shape]] = {
    "client": lambda users, actor: client_out,
    "agent": lambda users, actor: agent_out,
    "practitioner": practitioner_shape,
    "staff": lambda users, actor: staff_out,
    "administrator": lambda users, actor: staff_out,
}


# Filters by what they are called inside, and those by fields that not everybody sees.
CONDITIONS = {
    "status": "status",
    "first_name": "first_name__iexact",
    "last_name": "last_name__iexact",
    "preferred_name": "preferred_name__iexact",
    "email": "email__iexact",
    "phone": "phone",
    "birthday": "birthday",
    "username": "username__iexact",
    "inactive_on": "inactive_on",
}
CONTACT = {"email", "phone", "birthday"}
INSIDE = {"username", "tag", "inactive_on"}


# ── what all roles share ──


def listed(request: ApiRequest, filters: schemas.PeopleFilter, *roles: str, **more: Any) -> dict[str, Any]:
    """A page of people by name, filtered by what the fields are called; `more` are conditions of one role."""
    found = _found(request.actor, filters, roles).filter(**more)
    rows = found.annotate(by_last=Lower("last_name"), by_first=Lower("first_name"))
    page = page_of(rows, filters, order=("by_last", "by_first", "id"), shape=lambda user: user)
    users: list[User] = page["items"]  # type: ignore[assignment]
    return page | {"items": shaped(users, request.actor, SHAPES[roles[0]](users, request.actor))}


def _found(actor: Actor, filters: schemas.PeopleFilter, roles: tuple[str, ...]) -> QuerySet[User]:
    people = _among(actor, filters.deleted, roles)
    given = filters.given()
    conditions = {how: given[name] for name, how in CONDITIONS.items() if given.get(name) is not None}
    if "tag" in given and filters.tag is not None:
        conditions["tags__contains"] = [filters.tag]
    _require_sight(actor, roles, given)
    people = people.filter(**conditions)
    if not filters.q:
        return people
    if not _sees_contact(actor, roles):
        return queries.having_in_name(people, filters.q)
    return queries.matching(people, filters.q, roles=roles)


def _require_sight(actor: Actor, roles: tuple[str, ...], given: dict[str, Any]) -> None:
    """Nobody may ask by a field that is not shown: the answer would tell what is in it."""
    if given.keys() & CONTACT and not _sees_contact(actor, roles):
        raise NotPermitted(permission=permissions.SEE_CONTACT_DATA)
    if given.keys() & INSIDE:
        actor.require_team()


def _sees_contact(actor: Actor, roles: tuple[str, ...]) -> bool:
    return all(permissions.may_see_contact(actor, User(role=role)) for role in roles)


def _among(actor: Actor, deleted: bool, roles: tuple[str, ...]) -> QuerySet[User]:
    if actor.is_team:
        actor.require(permissions.MANAGE_ROLE[roles[0]])
    if not deleted:
        return permissions.visible_people(actor).filter(role__in=roles)
    actor.require_team()
    return User.objects.with_deleted().filter(role__in=roles, deleted_at__isnull=False)


def one(request: ApiRequest, user: User) -> dict[str, Any]:
    return shaped([user], request.actor, SHAPES[user.role]([user], request.actor))[0]


def create(request: ApiRequest, body: schemas.PersonChange, role: str) -> dict[str, Any]:
    fields = schemas.changes_of(body)
    return one(request, services.create_user(actor=request.actor, now=now(), **({"role": role} | fields)))


def read(request: ApiRequest, user_id: UUID, *roles: str) -> dict[str, Any]:
    return one(request, _access(request.actor, user_id, roles))


def update(request: ApiRequest, user_id: UUID, body: schemas.PersonChange, *roles: str) -> dict[str, Any]:
    user = _access(request.actor, user_id, roles)
    changes = schemas.changes_of(body)
    if changes.keys() == {"calendar_color"}:  # a practitioner may give its own clients a colour
        services.set_calendar_color(actor=request.actor, client_id=user.pk, color=changes["calendar_color"])
        return one(request, user)
    if changes.keys() == {"availability"}:
        services.set_availability(actor=request.actor, user_id=user.pk, windows=changes["availability"])
        return one(request, user)
    return one(request, services.update_user(actor=request.actor, user_id=user.pk, now=now(), **changes))


def delete(request: ApiRequest, user_id: UUID, *roles: str) -> None:
    user = _access(request.actor, user_id, roles)
    delete_person(actor=request.actor, user_id=user.pk, now=now())


def recover(request: ApiRequest, user_id: UUID, *roles: str) -> dict[str, Any]:
    return one(request, services.recover_user(actor=request.actor, user_id=user_id, roles=roles))


def welcome(request: ApiRequest, user_id: UUID, *roles: str) -> dict[str, Any]:
    user = _access(request.actor, user_id, roles)
    message = send_welcome(actor=request.actor, user_id=user.pk, base_url=request.build_absolute_uri("/"))
    return {"message": str(message.pk)}


def _access(actor: Actor, user_id: UUID, roles: tuple[str, ...]) -> User:
    return permissions.access_user(actor, user_id, roles=roles)


# ── clients ──


@router.get("/clients", response=Page[schemas.ClientOut])
def list_clients(request: ApiRequest, filters: Query[schemas.ClientFilter]) -> dict[str, Any]:
    """By name. The team sees all; practitioners their assigned ones; clients themselves; agents their own."""
    more = {"practitioner_assignments__practitioner_id": filters.practitioner, "agent_id": filters.agent}
    return listed(request, filters, "client", **{name: value for name, value in more.items() if value})


@router.post("/clients", response={201: schemas.ClientOut})
def create_client(request: ApiRequest, body: schemas.ClientIn) -> dict[str, Any]:
    return create(request, body, "client")


@router.get("/clients/{client_id}", response=schemas.ClientOut)
def get_client(request: ApiRequest, client_id: Id) -> dict[str, Any]:
    return read(request, client_id, "client")


@router.patch("/clients/{client_id}", response=schemas.ClientOut)
def update_client(request: ApiRequest, client_id: Id, body: schemas.ClientChange) -> dict[str, Any]:
    """A new status, user name or password ends open logins at once."""
    return update(request, client_id, body, "client")


@router.delete("/clients/{client_id}", response={204: None})
def delete_client(request: ApiRequest, client_id: Id) -> None:
    """409 `has_history` while the client is in a session, or has a payment or an invoice."""
    delete(request, client_id, "client")


@router.post("/clients/{client_id}/recover", response=schemas.ClientOut)
def recover_client(request: ApiRequest, client_id: Id) -> dict[str, Any]:
    """Take a deleted client out of the bin."""
    return recover(request, client_id, "client")


@router.post("/clients/{client_id}/welcome", response=schemas.WelcomeOut)
def welcome_client(request: ApiRequest, client_id: Id) -> dict[str, Any]:
    """An e-mail with the user name and a link to choose a password. 409 `client_not_active` unless active."""
    return welcome(request, client_id, "client")


# ── practitioners ──


@router.get("/practitioners", response=Page[schemas.PractitionerOut])
def list_practitioners(request: ApiRequest, filters: Query[schemas.PeopleFilter]) -> dict[str, Any]:
    return listed(request, filters, "practitioner")


@router.post("/practitioners", response={201: schemas.PractitionerOut})
def create_practitioner(request: ApiRequest, body: schemas.PractitionerIn) -> dict[str, Any]:
    return create(request, body, "practitioner")


@router.get("/practitioners/{practitioner_id}", response=schemas.PractitionerOut)
def get_practitioner(request: ApiRequest, practitioner_id: Id) -> dict[str, Any]:
    return read(request, practitioner_id, "practitioner")


@router.patch("/practitioners/{practitioner_id}", response=schemas.PractitionerOut)
def update_practitioner(request: ApiRequest, practitioner_id: Id, body: schemas.PractitionerChange) -> dict[str, Any]:
    return update(request, practitioner_id, body, "practitioner")


@router.delete("/practitioners/{practitioner_id}", response={204: None})
def delete_practitioner(request: ApiRequest, practitioner_id: Id) -> None:
    """409 `has_history` while the practitioner has sessions."""
    delete(request, practitioner_id, "practitioner")


@router.post("/practitioners/{practitioner_id}/recover", response=schemas.PractitionerOut)
def recover_practitioner(request: ApiRequest, practitioner_id: Id) -> dict[str, Any]:
    return recover(request, practitioner_id, "practitioner")


@router.post("/practitioners/{practitioner_id}/welcome", response=schemas.WelcomeOut)
def welcome_practitioner(request: ApiRequest, practitioner_id: Id) -> dict[str, Any]:
    return welcome(request, practitioner_id, "practitioner")


# ── agents ──


@router.get("/agents", response=Page[schemas.AgentOut])
def list_agents(request: ApiRequest, filters: Query[schemas.PeopleFilter]) -> dict[str, Any]:
    return listed(request, filters, "agent")


@router.post("/agents", response={201: schemas.AgentOut})
def create_agent(request: ApiRequest, body: schemas.AgentIn) -> dict[str, Any]:
    return create(request, body, "agent")


@router.get("/agents/{agent_id}", response=schemas.AgentOut)
def get_agent(request: ApiRequest, agent_id: Id) -> dict[str, Any]:
    return read(request, agent_id, "agent")


@router.patch("/agents/{agent_id}", response=schemas.AgentOut)
def update_agent(request: ApiRequest, agent_id: Id, body: schemas.AgentChange) -> dict[str, Any]:
    return update(request, agent_id, body, "agent")


@router.delete("/agents/{agent_id}", response={204: None})
def delete_agent(request: ApiRequest, agent_id: Id) -> None:
    """409 `has_history` while the agent has payments or invoices."""
    delete(request, agent_id, "agent")


@router.post("/agents/{agent_id}/recover", response=schemas.AgentOut)
def recover_agent(request: ApiRequest, agent_id: Id) -> dict[str, Any]:
    return recover(request, agent_id, "agent")


@router.post("/agents/{agent_id}/welcome", response=schemas.WelcomeOut)
def welcome_agent(request: ApiRequest, agent_id: Id) -> dict[str, Any]:
    return welcome(request, agent_id, "agent")


# ── staff and administrators ──


@router.get("/staff", response=Page[schemas.StaffOut])
def list_staff(request: ApiRequest, filters: Query[schemas.StaffFilter]) -> dict[str, Any]:
    """Staff and administrators; `role` tells them apart."""
    return listed(request, filters, *((filters.role,) if filters.role else TEAM))


@router.post("/staff", response={201: schemas.StaffOut})
def create_staff(request: ApiRequest, body: schemas.StaffIn) -> dict[str, Any]:
    """Administrators are made by administrators only (`role`: `administrator`)."""
    return create(request, body, "staff")


@router.get("/staff/{user_id}", response=schemas.StaffOut)
def get_staff(request: ApiRequest, user_id: Id) -> dict[str, Any]:
    return read(request, user_id, *TEAM)


@router.patch("/staff/{user_id}", response=schemas.StaffOut)
def update_staff(request: ApiRequest, user_id: Id, body: schemas.StaffChange) -> dict[str, Any]:
    """409 `last_administrator` where no active administrator would be left."""
    return update(request, user_id, body, *TEAM)


@router.delete("/staff/{user_id}", response={204: None})
def delete_staff(request: ApiRequest, user_id: Id) -> None:
    delete(request, user_id, *TEAM)


@router.post("/staff/{user_id}/recover", response=schemas.StaffOut)
def recover_staff(request: ApiRequest, user_id: Id) -> dict[str, Any]:
    return recover(request, user_id, *TEAM)


@router.post("/staff/{user_id}/welcome", response=schemas.WelcomeOut)
def welcome_staff(request: ApiRequest, user_id: Id) -> dict[str, Any]:
    return welcome(request, user_id, *TEAM)


# ── permissions and status of many ──


@router.get("/users/{user_id}/permissions", response=dict[str, bool])
def get_permissions(request: ApiRequest, user_id: Id) -> dict[str, bool]:
    """Every permission that the user's role can have, and whether it holds. One's own, or the team's view."""
    user = permissions.access_user(request.actor, user_id)
    if user.pk != request.actor.user_id:
        permissions.require_manage(request.actor, user.role)
    return queries.permissions_of(user)


@router.patch("/users/{user_id}/permissions", response=dict[str, bool])
def update_permissions(request: ApiRequest, user_id: Id, body: Body[dict[str, schemas.Truth]]) -> dict[str, bool]:
    services.set_permissions(actor=request.actor, user_id=user_id, changes=body)
    return queries.permissions_of(permissions.access_user(request.actor, user_id))


@router.post("/permissions/bulk", response=schemas.BulkPermissionOut)
def set_permission_of_many(request: ApiRequest, body: schemas.BulkPermissionIn) -> dict[str, Any]:
    """One permission for many users of a role, or for `"all"` of them."""
    chosen = None if body.users == "all" else body.users
    found = services.set_permission_for_many(
        actor=request.actor, permission=body.permission, value=body.value, role=body.role, user_ids=chosen
    )
    return {"users": [str(each) for each in found]}


@router.post("/users/status", response=schemas.BulkStatusOut)
def set_status_of_many(request: ApiRequest, body: schemas.BulkStatusIn) -> dict[str, Any]:
    """Give many users a status: all or none."""
    changed = services.set_status(actor=request.actor, user_ids=body.users, status=body.status, now=now())
    return {"changed": [str(user.pk) for user in changed]}


# ── who asks ──


def me_out(request: ApiRequest, user: User) -> dict[str, Any]:
    permission = queries.permissions_of(user)
    return shaped([user], request.actor, person_out)[0] | {"role": user.role, "permissions": permission}


@router.get("/me", response=schemas.MeOut)
def get_me(request: ApiRequest) -> dict[str, Any]:
    """The user of the token."""
    return me_out(request, permissions.access_user(request.actor, request.actor.user_id))


@router.patch("/me", response=schemas.MeOut)
def update_me(request: ApiRequest, body: schemas.MeChange) -> dict[str, Any]:
    changes = schemas.changes_of(body)
    windows = changes.pop("availability", None)
    if windows is not None:
        services.set_availability(actor=request.actor, user_id=_own_id(request), windows=windows)
    return me_out(request, services.update_own_account(actor=request.actor, now=now(), **changes))


@router.post("/me/password", response={204: None})
def change_my_password(request: ApiRequest, body: schemas.PasswordIn) -> None:
    """Every open login ends; tokens stay."""
    services.change_password(actor=request.actor, current=body.current_password, new=body.password)


def _own_id(request: ApiRequest) -> UUID:
    return permissions.access_user(request.actor, request.actor.user_id).pk
