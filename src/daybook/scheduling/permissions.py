"""Which sessions an actor may see, what of them, and which it may change."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from daybook.core.errors import NotFound, NotPermitted
from daybook.people.permissions import SEE_HISTORY
from daybook.scheduling.models import Assistant, Session
from daybook.tenancy.actor import Actor


def visible_sessions(actor: Actor, *, deleted: bool = False) -> QuerySet[Session]:
    """Sessions that the actor may know of: the team all, practitioners those they lead or assist, clients own (those to come,
    without the permission to look back), agents those of own clients. The bin is not for clients and agents.
    """
    found = Session.objects.with_deleted().filter(deleted_at__isnull=False) if deleted else Session.objects.all()
    if actor.is_team:
        return found if actor.may("manage_schedule") else found.none()
    if actor.role == "practitioner":
        assisted = Assistant.objects.filter(practitioner_id=actor.user_id).values("session_id")
        return found.filter(Q(practitioner_id=actor.user_id) | Q(pk__in=assisted))
    if deleted:
        return found.none()
    if actor.role == "client":
        mine = found.filter(Q(participants__client_id=actor.user_id))
        return mine if actor.may(SEE_HISTORY) else mine.filter(ends_at__gt=Now())
    if actor.role == "agent":
        return found.filter(participants__client__agent_id=actor.user_id).distinct()
    return found.none()


# A condition on `scheduling_session s`: that the practitioner of that parameter leads or assists. It finds no index of its
# own: lists that go by a practitioner begin with `sessions_of`.
OF_PRACTITIONER = (
    "(s.practitioner_id = %({0})s::uuid or (s.assistant_count > 0 and exists ("
    "select from scheduling_assistant h where h.session_id = s.id and h.practitioner_id = %({0})s::uuid)))"
)


def sessions_of(name: str) -> str:
    """In place of `scheduling_session s`: those that the practitioner of that parameter leads or assists, each by its
    index. One practitioner is in a session once, so none comes twice.
    """
    return (
        f"(select * from scheduling_session where practitioner_id = %({name})s::uuid union all"
        " select x.* from scheduling_assistant h join scheduling_session x on x.id = h.session_id"
        f" where h.practitioner_id = %({name})s::uuid)"
    )


def visible_sql(actor: Actor) -> tuple[str, dict[str, Any]]:
    """The same as a condition on `scheduling_session s`, with its values, for hand-written statements."""
    mine = {"actor": actor.user_id}
    if actor.is_team:
        return ("true" if actor.may("manage_schedule") else "false"), {}
    if actor.role == "practitioner":
        return OF_PRACTITIONER.format("actor"), mine
    if actor.role == "client":
        past = "" if actor.may(SEE_HISTORY) else " and s.ends_at > now()"
        return (
            "s.deleted_at is null and exists"
            f" (select from scheduling_participant v where v.session_id = s.id and v.client_id = %(actor)s){past}",
            mine,
        )
    if actor.role == "agent":
        return (
            "s.deleted_at is null and exists (select from scheduling_participant v join people_user u on u.id = v.client_id"
            " where v.session_id = s.id and u.agent_id = %(actor)s)",
            mine,
        )
    return "false", {}


def require_bin(actor: Actor) -> None:
    """Raise NotPermitted unless the actor may look into the bin: the team with the calendar; a practitioner finds its own."""
    if actor.is_team:
        actor.require("manage_schedule")
    elif actor.role != "practitioner":
        raise NotPermitted(permission="team")


@dataclass(frozen=True, slots=True)
class Sight:
    """What of a session an actor sees. One place for page, API, feed and document."""

    actor: Actor

    @property
    def costs(self) -> bool:
        """Clients' costs: the team, practitioners who set them, clients and agents unless costs are hidden."""
        actor = self.actor
        if actor.role == "practitioner":
            return actor.may("cost_override")
        return actor.is_team or not actor.may("hide_costs")

    def wage(self, practitioner_id: UUID) -> bool:
        """The wage: the team, and practitioners their own, with the permission."""
        actor = self.actor
        if actor.role == "practitioner" and actor.user_id != practitioner_id:
            return False
        return (actor.is_team or actor.role == "practitioner") and actor.may("see_wages")

    @property
    def internal_note(self) -> bool:
        return self.actor.is_team or self.actor.role == "practitioner"

    def participant(self, client_id: UUID, agent_id: UUID | None) -> bool:
        """Whether that participant is shown: a client sees itself alone, an agent its own clients."""
        actor = self.actor
        if actor.role == "client":
            return client_id == actor.user_id
        if actor.role == "agent":
            return agent_id == actor.user_id
        return True


def require_write(actor: Actor, practitioner_ids: Collection[UUID], permission: str) -> None:
    """Raise unless the actor may do this to a session of those practitioners: NotPermitted, or NotFound for a stranger.

    `permission` is the practitioner's (`edit_sessions`, `complete_sessions`); the team needs `manage_schedule`.
    """
    if actor.is_team:
        actor.require("manage_schedule")
    elif actor.role != "practitioner":
        raise NotPermitted(permission="team")
    elif actor.user_id not in practitioner_ids:
        raise NotFound(what="session")
    else:
        actor.require(permission)
