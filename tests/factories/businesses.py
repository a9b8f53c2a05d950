"""Businesses and their first administrators, with nothing in them that a test did not ask for."""

from __future__ import annotations

from itertools import count

from daybook.people.models import User
from daybook.tenancy.models import Business

_numbers = count(1)


def make_business(**fields: object) -> Business:
    number = next(_numbers)
    values: dict[str, object] = {
        "public_id": f"test{number:06}",
        "slug": f"business-{number}",
        "name": f"Business {number}",
        "time_zone": "Europe/Berlin",
        "currency": "EUR",
        "locale": "en",
    }
    return Business.objects.create(**values | fields)


def make_administrator(**fields: object) -> User:
    """In the open scope. The password of every made login is `correct horse`."""
    number = next(_numbers)
    values: dict[str, object] = {
        "role": User.Role.ADMINISTRATOR,
        "username": f"admin{number}",
        "first_name": "Ada",
        "last_name": f"Admin {number}",
    }
    user = User(**values | fields)
    user.set_password("correct horse")
    user.save()
    return user
