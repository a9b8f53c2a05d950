"""Making a business."""

import pytest

from daybook.core.errors import InvalidInput
from daybook.people.errors import SlugTaken
from daybook.people.models import User
from daybook.scheduling.models import CompletionType
from daybook.tenancy.actor import Actor
from daybook.tenancy.models import Business
from daybook.tenancy.scope import open_scope
from daybook.workflows.create_business import create_business, slug_of
from tests.factories.sessions import NOW

pytestmark = pytest.mark.django_db

GOOD = {
    "name": "Harbour Music", "slug": "harbour", "currency": "eur", "time_zone": "Europe/Berlin", "plan": "trial",
    "admin_username": "ada", "admin_password": "correct horse",
}  # fmt: skip


def make(**fields):
    return create_business(now=NOW, **GOOD | fields)


def test_create_business_has_an_administrator_and_the_three_ways_to_complete():
    business, ada = make()
    with open_scope(business.pk):
        assert User.objects.get().role == "administrator"
        assert ada.check_password("correct horse")
        shares = dict(CompletionType.objects.values_list("status", "client_modifier"))
    assert shares == {"canceled": 0, "missed": 100, "completed": 100}
    assert business.currency == "EUR"


def test_create_business_slug_twice_is_refused_and_leaves_nothing():
    make()
    with pytest.raises(SlugTaken):
        make(name="Another")
    assert Business.objects.filter(slug="harbour").count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""), ("name", "x" * 121), ("name", "a\x00"), ("slug", "Bad Slug"), ("slug", "-x"), ("slug", ""), ("currency", "EURO"),
        ("time_zone", "Mars/Base"), ("plan", "gold"), ("locale", "xx_YY_zz"), ("admin_username", ""), ("admin_email", "nope"),
    ],
)  # fmt: skip
def test_create_business_bad_value_names_its_field(field, value):
    with pytest.raises(InvalidInput) as refused:
        make(**{field: value})
    assert refused.value.errors[0].field == field
    assert not Business.objects.exists()


def test_create_business_signing_up_needs_a_good_password():
    with pytest.raises(InvalidInput) as refused:
        make(admin_password="short", actor=Actor(kind="user", name="Ada"))
    assert refused.value.errors[0].field == "admin_password"
    assert make(admin_password="short")[1].check_password("short")


@pytest.mark.parametrize(("name", "slug"), [("Café Blü & Co", "cafe-blu-co"), ("!!!", ""), ("x" * 80, "x" * 60)])
def test_slug_of_names(name, slug):
    assert slug_of(name) == slug
