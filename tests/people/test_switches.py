"""A permission of many, and the way back."""

from __future__ import annotations

import pytest

from daybook.core.errors import NotPermitted
from daybook.people.actors import actor_of
from daybook.people.models import PermissionSwitch
from daybook.people.queries import permissions_of
from daybook.people.services import set_permission_for_many, set_permissions, undo_set_permission
from daybook.tenancy.actor import Actor
from daybook.tenancy.scope import current_group
from tests.factories.sessions import make_practitioner


@pytest.mark.parametrize("value", [True, False])
def test_undo_brings_each_person_back_to_its_own_switch(admin: Actor, value: bool) -> None:
    """`add_sessions` is off by default: one has it, one was never asked."""
    people = [make_practitioner(), make_practitioner()]
    set_permissions(actor=admin, user_id=people[0].pk, changes={"add_sessions": True})
    before = [permissions_of(user) for user in people]
    set_permission_for_many(actor=admin, permission="add_sessions", value=value, role="practitioner")
    assert [permissions_of(user)["add_sessions"] for user in people] == [value, value]
    undo_set_permission(actor=admin, group=current_group())
    assert [permissions_of(user) for user in people] == before


def test_undo_is_for_those_who_may_set(admin: Actor) -> None:
    make_practitioner()
    set_permission_for_many(actor=admin, permission="add_sessions", value=True, role="practitioner")
    pia = make_practitioner()
    with pytest.raises(NotPermitted):
        undo_set_permission(actor=actor_of(pia), group=current_group())
    assert PermissionSwitch.objects.count() == 1
