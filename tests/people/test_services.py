"""Writing about people: who may, what ends logins, and what is refused."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from daybook.audit.models import Version
from daybook.core.errors import InvalidInput, NotFound, NotPermitted
from daybook.people import services
from daybook.people.actors import actor_by_token, actor_of, issue_token, parse_token
from daybook.people.errors import (
    AdministratorsHaveAll,
    LastAdministrator,
    OnlyClientsAreProspects,
    UsernameTaken,
    WrongPassword,
)
from daybook.people.models import Assignment, AvailabilityWindow, CalendarColor, LoginSession, PermissionSwitch, User
from daybook.people.rules import Window
from daybook.tenancy.scope import current_group
from tests.factories.businesses import make_administrator
from tests.factories.sessions import NOW, make_client, make_practitioner
from tests.support.logins import signed_in


def create(actor, role="client", **fields):
    return services.create_user(actor=actor, role=role, now=NOW, **{"first_name": "Leo"} | fields)


def staff_actor():
    return actor_of(User.objects.create(role="staff", first_name="Sam", username="sam"))


def open_login(user):
    signed_in(user)
    return LoginSession.objects.filter(user=user).exists()


# ── adding ──


def test_create_user_with_all_that_belongs_to_a_client_keeps_it(admin):
    pia = make_practitioner()
    agent = create(admin, "agent", first_name="Agnes")
    leo = create(
        admin, last_name="Brandt", username="leo", password="correct horse", practitioner_ids=[pia.pk], agent_id=agent.pk,
        availability=[Window(0, time(9), time(12))], calendar_color="#AABBCC", hide_costs=True, tags=["piano"], inactive_on=date(2026, 2, 1),
    )  # fmt: skip
    assert leo.check_password("correct horse")
    assert leo.search_text == " leo brandt "
    assert leo.agent_id == agent.pk
    assert Assignment.objects.get().practitioner_id == pia.pk
    assert AvailabilityWindow.objects.get(user=leo).start == time(9)
    assert CalendarColor.objects.get(client=leo).color == "#aabbcc"
    assert PermissionSwitch.objects.get(user=leo).permission == "hide_costs"


def test_create_user_without_username_has_no_login(admin):
    leo = create(admin)
    assert leo.username is None and not leo.has_usable_password()


def test_create_user_password_without_username_is_refused(admin):
    with pytest.raises(InvalidInput) as refused:
        create(admin, password="correct horse")
    assert refused.value.errors[0].code == "username_required"


def test_create_user_username_of_another_in_other_case_is_refused(admin):
    create(admin, username="Leo")
    with pytest.raises(UsernameTaken):
        create(admin, username="lEO")
    assert User.objects.filter(username__iexact="leo").count() == 1


def test_create_user_unknown_field_is_refused(admin):
    with pytest.raises(InvalidInput) as refused:
        create(admin, is_superuser=True)
    assert refused.value.errors[0].code == "unknown_field"


def test_create_user_practitioner_as_prospect_is_refused(admin):
    with pytest.raises(OnlyClientsAreProspects):
        create(admin, "practitioner", status="prospect")


def test_create_user_administrator_by_staff_is_refused_even_with_manage_staff(admin):
    sam = staff_actor()
    services.set_permissions(actor=admin, user_id=sam.user_id, changes={"manage_staff": True})
    sam = actor_of(User.objects.get(pk=sam.user_id))
    assert create(sam, "staff", first_name="Kim").role == "staff"
    with pytest.raises(NotPermitted):
        create(sam, "administrator")


@pytest.mark.parametrize("role", ["practitioner", "client", "agent"])
def test_create_user_by_others_than_the_team_is_refused(business, role):
    actor = actor_of(User.objects.create(role=role, first_name="X"))
    with pytest.raises(NotPermitted):
        create(actor)


def test_create_user_agent_that_is_no_agent_is_refused(admin):
    with pytest.raises(NotFound) as refused:
        create(admin, agent_id=make_client().pk)
    assert refused.value.field == "agent"


# ── changing ──


@pytest.mark.parametrize(
    ("changes", "ends"),
    [
        ({"status": "inactive"}, True),
        ({"username": None}, True),
        ({"password": "battery staple"}, True),
        ({"first_name": "Leonie"}, False),
    ],
)
def test_update_user_ends_logins_when_the_login_changes(admin, changes, ends):
    leo = create(admin, username="leo", password="correct horse")
    assert open_login(leo)
    services.update_user(actor=admin, user_id=leo.pk, now=NOW, **changes)
    assert LoginSession.objects.filter(user=leo).exists() is not ends


def test_update_user_username_taken_away_ends_the_keys_to_the_api(admin):
    leo = create(admin, username="leo")
    token = parse_token(issue_token(user_id=leo.pk, now=NOW))
    assert actor_by_token(token).user_id == leo.pk
    services.update_user(actor=admin, user_id=leo.pk, now=NOW, username=None)
    assert actor_by_token(token) is None


def test_update_user_username_taken_away_takes_the_password_too(admin):
    leo = create(admin, username="leo", password="correct horse")
    services.update_user(actor=admin, user_id=leo.pk, now=NOW, username="")
    leo.refresh_from_db()
    assert leo.username is None and not leo.has_usable_password()


def test_update_user_inactive_date_that_has_come_may_stay(admin):
    leo = create(admin, inactive_on=date(2026, 1, 20))
    later = NOW + timedelta(days=30)
    assert (
        services.update_user(actor=admin, user_id=leo.pk, now=later, inactive_on=date(2026, 1, 20), phone="1").phone
        == "1"
    )


def test_update_user_administrator_by_staff_is_refused(admin):
    sam = staff_actor()
    services.set_permissions(actor=admin, user_id=sam.user_id, changes={"manage_staff": True})
    sam = actor_of(User.objects.get(pk=sam.user_id))
    with pytest.raises(NotPermitted):
        services.update_user(actor=sam, user_id=admin.user_id, now=NOW, first_name="Eve")
    with pytest.raises(NotPermitted):
        services.update_user(actor=sam, user_id=sam.user_id, now=NOW, role="administrator")


def test_update_user_last_administrator_cannot_be_made_staff_or_inactive(admin):
    make_administrator(username=None)  # who cannot sign in helps nobody
    for changes in ({"role": "staff"}, {"status": "inactive"}, {"username": None}):
        with pytest.raises(LastAdministrator):
            services.update_user(actor=admin, user_id=admin.user_id, now=NOW, **changes)
    assert User.objects.get(pk=admin.user_id).is_active


def test_update_user_one_of_two_administrators_can_be_made_staff(admin):
    other = make_administrator()
    assert services.update_user(actor=admin, user_id=other.pk, now=NOW, role="staff").role == "staff"


def test_update_user_client_into_staff_is_refused(admin):
    with pytest.raises(InvalidInput) as refused:
        services.update_user(actor=admin, user_id=make_client().pk, now=NOW, role="staff")
    assert refused.value.errors[0].code == "role_is_fixed"


def test_update_own_account_status_is_refused(business):
    actor = actor_of(make_client())
    assert services.update_own_account(actor=actor, now=NOW, phone="12").phone == "12"
    with pytest.raises(NotPermitted):
        services.update_own_account(actor=actor, now=NOW, status="active")


# ── status, deleting ──


def test_set_status_of_many_ends_their_logins_and_can_be_undone(admin):
    people = [create(admin, username=name, password="correct horse") for name in ("a1", "b2")]
    idle = create(admin, status="inactive")
    assert all(open_login(user) for user in people)
    changed = services.set_status(
        actor=admin, user_ids=[*(user.pk for user in people), idle.pk], status="inactive", now=NOW
    )
    assert {user.pk for user in changed} == {user.pk for user in people}
    assert not LoginSession.objects.filter(user__in=people).exists()
    services.undo_set_status(actor=admin, group=current_group(), now=NOW)
    assert set(User.objects.filter(role="client").values_list("status", flat=True)) == {"active", "inactive"}
    assert User.objects.get(pk=idle.pk).status == "inactive"


def test_set_status_unknown_id_changes_nobody(admin):
    leo = create(admin)
    with pytest.raises(NotFound):
        services.set_status(actor=admin, user_ids=[leo.pk, admin.user_id.__class__(int=1)], status="inactive", now=NOW)
    assert User.objects.get(pk=leo.pk).status == "active"


def test_delete_user_last_administrator_is_refused(admin):
    with pytest.raises(LastAdministrator):
        services.delete_user(actor=admin, user_id=admin.user_id, now=NOW)


def test_recover_user_whose_name_was_given_away_is_refused(admin):
    leo = create(admin, username="leo")
    services.delete_user(actor=admin, user_id=leo.pk, now=NOW)
    create(admin, username="leo")
    with pytest.raises(UsernameTaken):
        services.recover_user(actor=admin, user_id=leo.pk)


def test_recover_user_puts_everything_back(admin):
    leo = create(admin, username="leo")
    services.delete_user(actor=admin, user_id=leo.pk, now=NOW)
    assert not User.objects.filter(pk=leo.pk).exists()
    services.recover_user(actor=admin, user_id=leo.pk)
    assert User.objects.get(pk=leo.pk).username == "leo"


# ── assignment, availability, permissions ──


def test_assign_twice_is_once_and_unassign_takes_it_back(admin):
    pia, leo = make_practitioner(), make_client()
    for _ in range(2):
        services.assign(actor=admin, practitioner_id=pia.pk, client_ids=[leo.pk])
    assert Assignment.objects.count() == 1
    services.unassign(actor=admin, practitioner_id=pia.pk, client_ids=[leo.pk])
    assert not Assignment.objects.exists()


def test_assign_client_as_practitioner_is_refused(admin):
    with pytest.raises(NotFound):
        services.assign(actor=admin, practitioner_id=make_client().pk, client_ids=[make_client().pk])


def test_assign_by_practitioner_is_refused(business):
    pia = make_practitioner()
    with pytest.raises(NotPermitted):
        services.assign(actor=actor_of(pia), practitioner_id=pia.pk, client_ids=[make_client().pk])


def test_set_availability_by_the_client_needs_the_permission(admin):
    leo = make_client()
    windows = [Window(0, time(9), time(12))]
    services.set_availability(actor=actor_of(leo), user_id=leo.pk, windows=windows)
    services.set_permissions(actor=admin, user_id=leo.pk, changes={"edit_availability": False})
    with pytest.raises(NotPermitted):
        services.set_availability(actor=actor_of(leo), user_id=leo.pk, windows=[])
    assert AvailabilityWindow.objects.filter(user=leo).count() == 1


def test_set_availability_unchanged_windows_are_left_alone(admin):
    leo = make_client()
    windows = [Window(0, time(9), time(12)), Window(1, time(9), time(12))]
    services.set_availability(actor=admin, user_id=leo.pk, windows=windows)
    before = Version.objects.count()
    services.set_availability(actor=admin, user_id=leo.pk, windows=windows[:1])
    assert Version.objects.count() == before + 1


def test_set_permissions_back_to_the_default_leaves_no_switch(admin):
    leo = make_client()
    services.set_permissions(actor=admin, user_id=leo.pk, changes={"pay": False})
    assert not actor_of(leo).may("pay")
    services.set_permissions(actor=admin, user_id=leo.pk, changes={"pay": True})
    assert not PermissionSwitch.objects.exists() and actor_of(leo).may("pay")


def test_set_permissions_one_of_another_role_is_refused(admin):
    with pytest.raises(InvalidInput) as refused:
        services.set_permissions(actor=admin, user_id=make_client().pk, changes={"add_sessions": True})
    assert refused.value.errors[0].code == "unknown_permission"


def test_set_permissions_of_staff_by_staff_is_refused(admin):
    sam = staff_actor()
    services.set_permissions(actor=admin, user_id=sam.user_id, changes={"manage_staff": True})
    sam = actor_of(User.objects.get(pk=sam.user_id))
    with pytest.raises(NotPermitted):
        services.set_permissions(actor=sam, user_id=sam.user_id, changes={"manage_settings": True})


def test_set_permissions_of_an_administrator_is_refused(admin):
    with pytest.raises(AdministratorsHaveAll):
        services.set_permissions(actor=admin, user_id=admin.user_id, changes={"manage_clients": False})


def test_set_permission_for_many_all_or_chosen(admin):
    people = [make_practitioner() for _ in range(3)]
    found = services.set_permission_for_many(actor=admin, permission="add_sessions", value=True, role="practitioner")
    assert set(found) == {user.pk for user in people}
    services.set_permission_for_many(
        actor=admin, permission="add_sessions", value=False, role="practitioner", user_ids=[people[0].pk]
    )
    assert [actor_of(user).may("add_sessions") for user in people] == [False, True, True]


# ── passwords and tokens ──


def test_change_password_needs_the_current_one_and_ends_logins(admin):
    leo = create(admin, username="leo", password="correct horse")
    actor = actor_of(leo)
    with pytest.raises(WrongPassword):
        services.change_password(actor=actor, current="wrong horse", new="battery staple")
    open_login(leo)
    services.change_password(actor=actor, current="correct horse", new="battery staple")
    leo.refresh_from_db()
    assert leo.check_password("battery staple")
    assert not LoginSession.objects.filter(user=leo).exists()


def test_revoke_token_of_another_is_not_found_for_a_client(admin):
    leo, mia = create(admin, username="leo"), create(admin, username="mia")
    services.issue_own_token(actor=actor_of(leo), now=NOW, name="sync")
    token = leo.tokens.get()
    with pytest.raises(NotFound):
        services.revoke_token(actor=actor_of(mia), token_id=token.pk, now=NOW)
    services.revoke_token(actor=actor_of(leo), token_id=token.pk, now=NOW)
    token.refresh_from_db()
    assert token.revoked_at == NOW


def test_history_names_verb_and_actor_and_hides_the_password(admin):
    leo = create(admin, username="leo", password="correct horse")
    services.update_user(actor=admin, user_id=leo.pk, now=NOW, password="battery staple", last_name="Brandt")
    last = Version.objects.filter(row_id=leo.pk).latest("id")
    assert (last.verb, last.actor_id) == ("change_client", admin.user_id)
    assert last.changes["last_name"] == ["", "Brandt"]
    assert last.changes["password"] == ["•", "•"]


def test_turn_inactive_on_the_day_in_the_businesss_zone(admin):
    leo = create(admin, username="leo", password="correct horse", inactive_on=date(2026, 1, 20))
    assert open_login(leo)
    # Berlin is an hour ahead: its 20th begins at 23:00 UTC on the 19th.
    assert services.turn_inactive(now=datetime(2026, 1, 19, 22, 59, tzinfo=UTC)) == []
    (turned,) = services.turn_inactive(now=datetime(2026, 1, 19, 23, 0, tzinfo=UTC))
    leo.refresh_from_db()
    assert (turned.pk, leo.status, leo.inactive_on) == (leo.pk, "inactive", None)
    assert not LoginSession.objects.filter(user=leo).exists()


def test_forget_ended_logins_keeps_open_ones(admin):
    leo = create(admin, username="leo", password="correct horse")
    assert open_login(leo)
    login = LoginSession.objects.get(user=leo)
    assert services.forget_ended_logins(now=login.expire_date - timedelta(seconds=1)) == 0
    assert services.forget_ended_logins(now=login.expire_date) == 1
