"""`/clients`, `/practitioners`, `/agents`, `/staff`: fields, filters, permissions and refusals."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from daybook.people.models import Assignment, PermissionSwitch, User
from daybook.workflows.take_payment import take_payment
from tests.api.client import caller_for
from tests.factories.sessions import NOW, make_client, make_person, make_practitioner

LEO = {
    "first_name": "Leo", "last_name": "Brandt", "preferred_name": "Lee", "email": "leo@example.org", "phone": "+49 171 555", "address": "Quay 1",
    "birthday": "2015-02-03", "status": "active", "inactive_on": "2199-01-01", "username": "leo", "notes": "sings", "calendar_color": "#aabbcc",
    "tags": ["piano"], "custom": {"School": "North"}, "hide_costs": True, "availability": [{"day": "mon", "start": "09:00", "end": "24:00"}],
}  # fmt: skip


def test_create_client_with_every_field_answers_them_all(api):
    pia, agent = make_practitioner(), make_person("agent")
    sent = LEO | {"practitioners": [str(pia.pk)], "agent": str(agent.pk)}
    made = api.post("/clients", sent | {"password": "correct horse"})
    assert made.status == 201
    assert {name: made.body[name] for name in sent} == sent
    assert "password" not in made.body
    again = api.get(f"/clients/{made.body['id']}")
    assert again.body == made.body


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"email": "nope"}, "email"), ({"first_name": ""}, "first_name"), ({"first_name": "x" * 10_000}, "first_name"), ({"birthday": "0001-01-01"}, "birthday"),
        ({"status": "gone"}, "status"), ({"tags": ["x" * 50]}, "tags.0"), ({"calendar_color": "red"}, "calendar_color"), ({"inactive_on": "2001-01-01"}, "inactive_on"),
        ({"password": "correct horse"}, "username"),
        ({"availability": [{"day": "mon", "start": "12:00", "end": "09:00"}]}, "availability"), ({"custom": {"": "x"}}, "custom"), ({"nonsense": 1}, "nonsense"),
        ({"username": "two words"}, "username"), ({"last_name": "a\u0000b"}, "last_name"), ({"hide_costs": "yes"}, "hide_costs"), ({"availability": [{"day": "mon", "start": "09:00", "end": "25:00"}]}, "availability.0.end"),
    ],
)  # fmt: skip
def test_create_client_bad_value_is_422_and_names_the_field(api, change, field):
    answer = api.post("/clients", {"first_name": "Leo"} | change)
    assert answer.status == 422
    assert field in answer.fields
    assert not User.objects.filter(role="client").exists()


@pytest.mark.parametrize("there_is_none", ["00000000-0000-0000-0000-000000000000", "zzz", ""])
def test_id_in_a_body_that_is_not_there_is_404_and_names_the_field(api, there_is_none):
    leo, pia = make_client(), make_practitioner()
    bulk = {"permission": "add_sessions", "value": True, "role": "practitioner", "users": [there_is_none]}
    asked = [
        ("POST", "/clients", {"first_name": "Max", "practitioners": [there_is_none]}, "practitioners"),
        ("PATCH", f"/clients/{leo.pk}", {"agent": there_is_none}, "agent"),
        ("PATCH", f"/practitioners/{pia.pk}", {"clients": [there_is_none]}, "clients"),
        ("POST", "/permissions/bulk", bulk, "users"),
        ("POST", "/users/status", {"users": [there_is_none], "status": "active"}, "users"),
        ("POST", "/client-rates", {"client": there_is_none, "service": str(leo.pk), "cost": "1.00"}, "client"),
        ("POST", "/wage-rates", {"practitioner": str(pia.pk), "service": there_is_none, "wage": "1.00"}, "service"),
        ("POST", "/payments", {"client": there_is_none, "amount": "1.00", "method": "cash"}, "client"),
    ]
    for method, path, body, field in asked:
        answer = getattr(api, method.lower())(path, body)
        assert (answer.status, answer.fields) == (404, {field}), (method, path)


def test_patch_client_changes_what_is_given(api):
    leo = api.post("/clients", LEO).body
    changed = api.patch(f"/clients/{leo['id']}", {"last_name": "Vogel", "username": None, "birthday": None})
    assert changed.status == 200
    assert changed.body == leo | {"last_name": "Vogel", "username": None, "birthday": None}


def test_username_taken_is_409(api):
    api.post("/clients", LEO)
    answer = api.post("/clients", {"first_name": "Other", "username": "LEO"})
    assert (answer.status, answer.code) == (409, "username_taken")


def test_list_clients_filters_searches_and_pages(api):
    agent, pia = make_person("agent"), make_practitioner()
    for first, last, extra in [
        ("Leo", "Meier", {"practitioners": [str(pia.pk)]}),
        ("Mia", "Abel", {"agent": str(agent.pk), "tags": ["x"]}),
        ("Kim", "Zorn", {"status": "prospect"}),
    ]:
        assert (
            api.post(
                "/clients", {"first_name": first, "last_name": last, "email": f"{first}@example.org"} | extra
            ).status
            == 201
        )

    def names(**query):
        return [each["first_name"] for each in api.get("/clients", **query).body["items"]]

    assert names() == ["Mia", "Leo", "Kim"]
    assert names(q="meire") == ["Leo"]
    assert names(q="kim@ex") == ["Kim"]
    assert names(status="prospect") == ["Kim"]
    assert names(practitioner=str(pia.pk)) == ["Leo"]
    assert names(agent=str(agent.pk)) == ["Mia"]
    assert names(agent="nonsense") == []
    assert names(tag="x") == ["Mia"]
    assert names(email="LEO@example.org") == ["Leo"]
    first = api.get("/clients", limit=2).body
    assert [each["first_name"] for each in api.get("/clients", limit=2, cursor=first["next_cursor"]).body["items"]] == [
        "Kim"
    ]


@pytest.mark.parametrize("resource", ["clients", "practitioners", "agents", "staff"])
def test_list_takes_as_many_queries_for_three_as_for_one(api, resource):
    role = {"clients": "client", "practitioners": "practitioner", "agents": "agent", "staff": "staff"}[resource]
    counts = []
    for total in (1, 3):
        while User.objects.filter(role=role).count() < total:
            make_person(role)
        with CaptureQueriesContext(connection) as queries:
            assert api.get(f"/{resource}").status == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_delete_client_with_a_payment_is_409_and_without_204_and_recovered(api, admin):
    leo = make_client()
    take_payment(actor=admin, now=NOW, client_id=leo.pk, amount_minor=500, method="cash", received_on=NOW.date())
    answer = api.delete(f"/clients/{leo.pk}")
    assert (answer.status, answer.code) == (409, "has_history")
    assert "1 payment" in answer.body["detail"]
    mia = make_client()
    assert api.delete(f"/clients/{mia.pk}").status == 204
    assert api.get(f"/clients/{mia.pk}").status == 404
    assert [each["id"] for each in api.get("/clients", deleted=True).body["items"]] == [str(mia.pk)]
    assert api.post(f"/clients/{mia.pk}/recover").status == 200
    assert api.get(f"/clients/{mia.pk}").status == 200


def test_client_is_no_practitioner(api):
    assert api.get(f"/practitioners/{make_client().pk}").status == 404


def test_welcome_needs_an_active_client_with_a_login(api):
    leo = api.post("/clients", LEO | {"status": "prospect"}).body
    answer = api.post(f"/clients/{leo['id']}/welcome")
    assert (answer.status, answer.code) == (409, "client_not_active")
    api.patch(f"/clients/{leo['id']}", {"status": "active"})
    assert api.post(f"/clients/{leo['id']}/welcome").status == 200


def test_practitioner_sees_assigned_clients_without_what_is_not_permitted(business):
    pia, leo, mia = (
        make_practitioner(),
        make_client(email="leo@example.org", notes="secret", tags=["vip"]),
        make_client(),
    )
    Assignment.objects.create(practitioner=pia, client=leo)
    PermissionSwitch.objects.create(user=pia, permission="see_contact_data", granted=False)
    caller = caller_for(pia)
    items = caller.get("/clients").body["items"]
    assert [each["id"] for each in items] == [str(leo.pk)]
    assert (items[0]["email"], items[0]["notes"], items[0]["username"], items[0]["tags"]) == (None, None, None, [])
    assert caller.get(f"/clients/{mia.pk}").status == 404
    assert caller.get("/clients", q="example").body["items"] == []
    assert caller.patch(f"/clients/{leo.pk}", {"first_name": "X"}).status == 403
    assert caller.patch(f"/clients/{leo.pk}", {"calendar_color": "#112233"}).body["calendar_color"] == "#112233"
    assert caller.post("/clients", {"first_name": "X"}).status == 403


def test_staff_without_the_area_reads_no_list_and_no_person_of_it(business):
    sam, leo, pia = make_person("staff"), make_client(), make_practitioner()
    Assignment.objects.create(practitioner=pia, client=leo)
    PermissionSwitch.objects.create(user=sam, permission="manage_clients", granted=False)
    caller = caller_for(sam)
    for path in ("/clients", "/agents", "/staff", f"/clients/{leo.pk}", "/clients?deleted=true"):
        assert caller.get(path).status == 403, path
    assert caller.get(f"/practitioners/{pia.pk}").body["clients"] == []


def test_client_sees_itself_and_its_practitioners_only(business):
    pia, leo, mia = make_practitioner(email="pia@example.org"), make_client(notes="secret"), make_client()
    for client in (leo, mia):
        Assignment.objects.create(practitioner=pia, client=client)
    caller = caller_for(leo)
    (own,) = caller.get("/clients").body["items"]
    assert own["notes"] is None
    (practitioner,) = caller.get("/practitioners").body["items"]
    assert (practitioner["email"], practitioner["clients"], practitioner["wage_rates"]) == (
        "pia@example.org",
        [str(leo.pk)],
        None,
    )
    assert caller.get(f"/clients/{mia.pk}").status == 404
    assert caller.get("/staff").body["items"] == []
    assert caller.get("/clients", deleted=True).status == 403


def test_permissions_of_a_user_read_and_changed(api):
    leo = make_client()
    assert api.get(f"/users/{leo.pk}/permissions").body["pay"] is True
    changed = api.patch(f"/users/{leo.pk}/permissions", {"pay": False, "hide_costs": True})
    assert (changed.body["pay"], changed.body["hide_costs"]) == (False, True)
    assert api.patch(f"/users/{leo.pk}/permissions", {"add_sessions": True}).status == 422
    assert api.patch(f"/users/{leo.pk}/permissions", {"pay": "no"}).status == 422
    caller = caller_for(leo)
    assert caller.get(f"/users/{leo.pk}/permissions").body["pay"] is False
    assert caller.patch(f"/users/{leo.pk}/permissions", {"pay": True}).status == 403


def test_permissions_bulk_for_all_and_for_some(api):
    people = [make_practitioner() for _ in range(2)]
    body = {"permission": "add_sessions", "value": True, "role": "practitioner"}
    assert len(api.post("/permissions/bulk", body | {"users": "all"}).body["users"]) == 2
    api.post("/permissions/bulk", body | {"value": False, "users": [str(people[0].pk)]})
    assert [api.get(f"/users/{user.pk}/permissions").body["add_sessions"] for user in people] == [False, True]
    stranger = api.post("/permissions/bulk", body | {"users": [str(make_client().pk)]})
    assert (stranger.status, stranger.body["errors"][0]["field"]) == (404, "users")
    assert (
        api.post("/permissions/bulk", body | {"role": "administrator", "users": "all"}).code
        == "administrators_have_all"
    )


def test_staff_makes_no_administrator_and_the_last_one_stays(api, admin):
    sam = api.post("/staff", {"first_name": "Sam", "role": "staff", "username": "sam"}).body
    assert sam["role"] == "staff"
    api.patch(f"/users/{sam['id']}/permissions", {"manage_staff": True})
    caller = caller_for(User.objects.get(pk=sam["id"]))
    assert caller.post("/staff", {"first_name": "X", "role": "administrator"}).status == 403
    assert caller.patch(f"/staff/{sam['id']}", {"role": "administrator"}).status == 403
    assert caller.patch(f"/staff/{admin.user_id}", {"first_name": "X"}).status == 403
    assert api.patch(f"/staff/{admin.user_id}", {"status": "inactive"}).code == "last_administrator"
    assert api.delete(f"/staff/{admin.user_id}").code == "last_administrator"


def test_inactive_user_has_no_token_any_more(api):
    leo = make_client()
    caller = caller_for(leo)
    assert caller.get("/me").body["role"] == "client"
    assert api.post("/users/status", {"users": [str(leo.pk)], "status": "inactive"}).body == {"changed": [str(leo.pk)]}
    assert caller.get("/me").status == 401


def test_me_changes_own_data_and_password(business):
    leo = make_client(username="leo")
    leo.set_password("correct horse")
    leo.save()
    caller = caller_for(leo)
    assert (
        caller.patch("/me", {"phone": "12", "availability": [{"day": "tue", "start": "10:00", "end": "11:00"}]}).body[
            "phone"
        ]
        == "12"
    )
    assert caller.patch("/me", {"status": "active"}).status == 422
    assert (
        caller.post("/me/password", {"current_password": "no", "password": "battery staple"}).code == "wrong_password"
    )
    assert (
        caller.post("/me/password", {"current_password": "correct horse", "password": "battery staple"}).status == 204
    )
