"""Which people an actor may see, and which of their data."""

import pytest

from daybook.core.errors import NotFound, NotPermitted
from daybook.people.actors import actor_of
from daybook.people.models import Assignment, PermissionSwitch, User
from daybook.people.permissions import (
    access_user,
    costs_hidden_from,
    hides_costs,
    may_see_contact,
    may_see_notes,
    visible_people,
)
from daybook.tenancy.actor import COMMAND
from tests.factories.sessions import make_client, make_person, make_practitioner


def switch(user, permission):
    PermissionSwitch.objects.create(user=user, permission=permission, granted=False)


@pytest.fixture
def people(business):
    agent = make_person("agent", first_name="agent")
    named = {
        "pia": make_practitioner(first_name="pia"),
        "max": make_practitioner(first_name="max"),
        "leo": make_client(first_name="leo", agent=agent),
        "mia": make_client(first_name="mia"),
        "agent": agent,
        "sam": make_person("staff", first_name="sam"),
    }
    Assignment.objects.create(practitioner=named["pia"], client=named["leo"])
    return named


SEEN = {
    "sam": {"pia", "max", "leo", "mia", "agent", "sam"},
    "pia": {"pia", "max", "leo"},
    "max": {"pia", "max"},
    "leo": {"leo", "pia"},
    "mia": {"mia"},
    "agent": {"agent", "leo", "pia"},
}


@pytest.mark.parametrize(("who", "seen"), SEEN.items())
def test_visible_people_by_role(people, who, seen):
    actor = actor_of(people[who])
    assert set(visible_people(actor).values_list("first_name", flat=True)) == seen


@pytest.mark.parametrize("who", SEEN)
def test_access_user_agrees_with_what_is_visible(people, who):
    actor = actor_of(people[who])
    for name, user in people.items():
        if name in SEEN[who]:
            assert access_user(actor, user.pk, lock=True).pk == user.pk
        else:
            with pytest.raises(NotFound):
                access_user(actor, user.pk)


def test_staff_without_an_area_knows_none_of_its_people(people):
    switch(people["sam"], "manage_clients")
    actor = actor_of(people["sam"])
    assert set(visible_people(actor).values_list("first_name", flat=True)) == {"pia", "max", "sam"}
    with pytest.raises(NotPermitted) as refused:
        access_user(actor, people["leo"].pk)
    assert refused.value.data["permission"] == "manage_clients"
    assert access_user(actor, people["leo"].pk, through="manage_accounting") == people["leo"]
    switch(people["sam"], "manage_accounting")
    with pytest.raises(NotPermitted):
        access_user(actor_of(people["sam"]), people["leo"].pk, through="manage_accounting")


@pytest.mark.parametrize("text", ["", "x", None, 7, "00000000-0000-0000-0000-000000000000"])
def test_access_user_impossible_id_is_not_found(people, text):
    with pytest.raises(NotFound):
        access_user(COMMAND, text)


def test_may_see_contact_of_practitioner_follows_the_permission(people):
    pia, leo = people["pia"], people["leo"]
    assert may_see_contact(actor_of(pia), leo)
    PermissionSwitch.objects.create(user=pia, permission="see_contact_data", granted=False)
    assert not may_see_contact(actor_of(pia), leo)
    assert may_see_contact(actor_of(pia), pia)
    assert not may_see_contact(actor_of(pia), people["max"])
    assert may_see_contact(actor_of(leo), pia)


def test_may_see_notes_never_by_clients_and_agents(people):
    assert may_see_notes(actor_of(people["sam"]))
    assert not any(may_see_notes(actor_of(people[name])) for name in ("pia", "leo", "agent"))


def test_hides_costs_for_the_switched_client_alone(people):
    leo = people["leo"]
    PermissionSwitch.objects.create(user=leo, permission="hide_costs", granted=True)
    assert hides_costs(leo) and hides_costs(actor_of(leo))
    assert not hides_costs(people["mia"]) and not hides_costs(COMMAND)
    assert costs_hidden_from(User.objects.values_list("pk", flat=True)) == {leo.pk}
