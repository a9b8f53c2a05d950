"""Weekly availability (requirements 1.9)."""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction

from daybook.core.errors import NotPermitted
from daybook.people.models import AvailabilityWindow, User
from daybook.people.permissions import EDIT_AVAILABILITY, access_user, require_manage
from daybook.people.rules import Window, clean_windows
from daybook.tenancy.actor import Actor
from daybook.tenancy.scope import set_verb


@transaction.atomic
def set_availability(*, actor: Actor, user_id: UUID, windows: Iterable[Window]) -> None:
    """Make these a person's weekly windows; none means not available. Overlapping ones are joined.

    Raises NotFound, NotPermitted, InvalidInput.
    """
    user = access_user(actor, user_id, lock=True)
    _authorise(actor, user)
    replace_windows(user, clean_windows(windows))


def replace_windows(user: User, wanted: list[Window]) -> None:
    """Write clean windows; those that stay are left alone, so that history tells only what changed."""
    rows = {Window(row.day, row.start, row.end): row for row in AvailabilityWindow.objects.filter(user=user)}
    gone = [row.pk for window, row in rows.items() if window not in wanted]
    new = [window for window in wanted if window not in rows]
    if not gone and not new:
        return
    set_verb("change_availability")
    AvailabilityWindow.objects.filter(pk__in=gone).delete()
    AvailabilityWindow.objects.bulk_create(
        AvailabilityWindow(user=user, day=window.day, start=window.start, end=window.end) for window in new
    )


def _authorise(actor: Actor, user: User) -> None:
    if actor.user_id == user.pk and (actor.is_team or actor.may(EDIT_AVAILABILITY)):
        return
    if not actor.is_team:
        raise NotPermitted(permission=EDIT_AVAILABILITY)
    require_manage(actor, user.role)
