"""What a session's history shows, and to whom."""

from __future__ import annotations

from daybook.people.models import PermissionSwitch
from daybook.tenancy.actor import Actor
from daybook.workflows.complete_session import complete_session
from tests.factories.sessions import (
    NOW,
    add,
    make_client,
    make_completion_types,
    make_practitioner,
    make_service,
)
from tests.support.logins import signed_in


def test_history_shows_a_practitioner_no_cost_that_the_page_does_not_show(admin: Actor) -> None:
    make_completion_types()
    pia = make_practitioner(username="pia")
    made = add(admin, make_service(), pia, make_client())
    complete_session(actor=admin, now=NOW, session_id=made.session.pk, completion_type="completed")
    path = f"/sessions/{made.session.pk}/?tab=history"
    page = signed_in(pia).get(path).content.decode()
    assert "Wage" in page and "60.00" not in page
    PermissionSwitch.objects.create(user=pia, permission="cost_override", granted=True)
    PermissionSwitch.objects.create(user=pia, permission="see_wages", granted=False)
    page = signed_in(pia).get(path).content.decode()
    assert "60.00" in page and "25.00" not in page
