"""Per-user permissions (requirements 1.15): a switch is kept only where it differs from the role's default."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.db import transaction

from daybook.audit.models import Version
from daybook.core.errors import InvalidInput, NotFound, NotPermitted
from daybook.people.errors import AdministratorsHaveAll
from daybook.people.models import PermissionSwitch, User
from daybook.people.permissions import access_user, require_manage
from daybook.tenancy.actor import Actor
from daybook.tenancy.permissions import for_role
from daybook.tenancy.scope import set_verb


@transaction.atomic
def set_permissions(*, actor: Actor, user_id: UUID, changes: Mapping[str, bool]) -> None:
    """Switch permissions of one user. Raises NotFound, NotPermitted, AdministratorsHaveAll, InvalidInput (`unknown_permission`)."""
    user = access_user(actor, user_id, lock=True)
    _authorise(actor, user.role)
    defaults = {each.name: each.defaults[user.role] for each in for_role(user.role)}  # type: ignore[index, arg-type]
    for name in changes:
        if name not in defaults:
            raise InvalidInput(field=name, problem="unknown_permission", permission=name)
    set_verb("set_permissions")
    for name, value in changes.items():
        _write(name, [user.pk], value=value, default=defaults[name])


@transaction.atomic
def set_permission_for_many(
    *, actor: Actor, permission: str, value: bool, role: str, user_ids: Iterable[UUID] | None = None
) -> list[UUID]:
    """Switch one permission of many users of a role (all of them when `user_ids` is None); answers whom it was set for.

    Raises NotPermitted, NotFound on `users`, AdministratorsHaveAll, InvalidInput (`unknown_permission`).
    """
    _authorise(actor, role)
    defaults = {each.name: each.defaults[role] for each in for_role(role)}  # type: ignore[index, arg-type]
    if permission not in defaults:
        raise InvalidInput(field="permission", problem="unknown_permission", permission=permission)
    people = User.objects.filter(role=role).order_by("pk")
    wanted = None if user_ids is None else set(user_ids)
    found = list((people if wanted is None else people.filter(pk__in=wanted)).values_list("pk", flat=True))
    if wanted is not None and len(found) != len(wanted):
        raise NotFound(what=role, field="users")
    set_verb("set_permission_for_many")
    _write(permission, found, value=value, default=defaults[permission])
    return found


@transaction.atomic
def undo_set_permission(*, actor: Actor, group: UUID) -> int:
    """Take back one `set_permission_for_many` by its step of history; answers for how many people.

    What was switched anew since stays. Raises NotPermitted, AdministratorsHaveAll.
    """
    steps = list(
        Version.objects.filter(
            group=group, table=PermissionSwitch._meta.db_table, verb="set_permission_for_many"
        ).order_by("-id")
    )
    people = {step.parent_id for step in steps}
    for role in sorted(set(User.objects.with_deleted().filter(pk__in=people).values_list("role", flat=True))):
        _authorise(actor, role)
    set_verb("undo_set_permission")
    came = [step.row_id for step in steps if step.operation == Version.Operation.INSERT]
    turned = [step for step in steps if step.operation == Version.Operation.UPDATE]
    gone = [step.changes or {} for step in steps if step.operation == Version.Operation.DELETE]
    PermissionSwitch.objects.filter(pk__in=came).delete()
    for before in (True, False):
        ids = [step.row_id for step in turned if (step.changes or {}).get("granted") == [before, not before]]
        PermissionSwitch.objects.filter(pk__in=ids, granted=not before).update(granted=before)
    PermissionSwitch.objects.bulk_create([PermissionSwitch(**values) for values in gone], ignore_conflicts=True)
    return len(people)


def _authorise(actor: Actor, role: str) -> None:
    """Staff's own rights are administrators' matter, so that nobody can widen its own."""
    if role not in ("administrator", "staff", "practitioner", "client", "agent"):
        raise InvalidInput(field="role", problem="unknown_choice")
    if role == "administrator":
        actor.require_administrator()
        raise AdministratorsHaveAll
    if role == "staff":
        actor.require_administrator()
    if not actor.is_team:
        raise NotPermitted(permission="team")
    require_manage(actor, role)


def _write(permission: str, user_ids: list[UUID], *, value: bool, default: bool) -> None:
    switches = PermissionSwitch.objects.filter(permission=permission, user_id__in=user_ids)
    if value == default:
        switches.delete()
        return
    switches.exclude(granted=value).update(granted=value)
    PermissionSwitch.objects.bulk_create(
        [PermissionSwitch(user_id=user_id, permission=permission, granted=value) for user_id in user_ids],
        ignore_conflicts=True,
    )
