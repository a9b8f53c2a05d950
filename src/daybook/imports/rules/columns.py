"""The columns of people and services to be made, checked by the rules of their rooms."""

from datetime import date
from typing import Any

from daybook.catalog.rules import SERVICE, clean
from daybook.imports.rules.items import PersonItem, ServiceItem
from daybook.people.rules import clean_person, search_text


def person_columns(item: PersonItem, *, today: date) -> dict[str, Any]:
    """A person's columns. An inactive date that has come makes inactive. Raises InvalidInput."""
    due = item.inactive_on is not None and item.inactive_on <= today
    values = clean_person(
        {
            "role": item.role,
            "first_name": item.first_name,
            "last_name": item.last_name,
            "preferred_name": item.preferred_name,
            "email": item.email,
            "phone": item.phone,
            "address": item.address,
            "birthday": item.birthday,
            "status": "inactive" if due else item.status,
            "username": item.username or None,
            "notes": item.notes,
            "tags": list(item.tags),
            "inactive_on": None if due else item.inactive_on,
            "custom": dict(item.custom),
        },
        today=today,
    )
    return values | {"search_text": search_text(values)}


def service_columns(item: ServiceItem) -> dict[str, Any]:
    """A service's columns. Raises InvalidInput."""
    return clean(
        SERVICE,
        {
            "name": item.name,
            "kind": item.kind,
            "cost_minor": item.cost_minor,
            "wage_minor": item.wage_minor,
            "minutes": item.minutes,
            "description": item.description,
            "tax_rate": item.tax_rate,
            "buffer_before": item.buffer_before,
            "buffer_after": item.buffer_after,
            "is_concurrent": item.is_concurrent,
            "client_bookable": item.client_bookable,
        },
    )
