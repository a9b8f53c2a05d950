"""Whoever acts: a user with a role and permissions, the schedule, a gateway, or a command of the installation."""

from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID

from daybook.core.errors import NotPermitted

Role = Literal["administrator", "staff", "practitioner", "client", "agent"]
ROLES: tuple[Role, ...] = ("administrator", "staff", "practitioner", "client", "agent")
TEAM_ROLES: tuple[Role, ...] = ("administrator", "staff")


@dataclass(frozen=True, slots=True)
class Actor:
    """What services ask two questions of: may it do this verb, and which rows may it see.

    `permissions` are the names that hold for it (role defaults with the user's switches applied).
    """

    kind: Literal["user", "schedule", "gateway", "command"]
    role: Role | None = None
    user_id: UUID | None = None
    name: str = ""
    permissions: frozenset[str] = field(default_factory=frozenset)

    @property
    def is_team(self) -> bool:
        """Administrator or staff, or the installation itself."""
        return self.kind != "user" or self.role in TEAM_ROLES

    @property
    def is_administrator(self) -> bool:
        return self.kind == "command" or self.role == "administrator"

    def may(self, permission: str) -> bool:
        """Whether the permission holds; the schedule, gateways and commands may do all."""
        return self.kind != "user" or permission in self.permissions

    def require(self, permission: str) -> None:
        """Raise NotPermitted unless the permission holds."""
        if not self.may(permission):
            raise NotPermitted(permission=permission)

    def require_administrator(self) -> None:
        """Raise NotPermitted unless an administrator acts."""
        if not self.is_administrator:
            raise NotPermitted(permission="administrator")

    def require_team(self) -> None:
        """Raise NotPermitted unless staff or an administrator acts."""
        if not self.is_team:
            raise NotPermitted(permission="team")


SCHEDULE = Actor(kind="schedule", name="Schedule")
COMMAND = Actor(kind="command", name="Command line")
