"""Reads about people that more than one door needs."""

from daybook.people.queries.people import (
    Related,
    assigned_clients,
    assigned_practitioners,
    by_name,
    client_colors,
    count_holders,
    deleted_people,
    due_to_become_inactive,
    holders_of,
    is_assigned,
    open_tokens,
    permissions_of,
    related_of,
    status_counts,
    tags_in_use,
)
from daybook.people.queries.search import Found, Wanted, having_in_name, matching, search_people, wanted
from daybook.people.queries.second_factor import (
    administrators_need_one,
    has_second_factor,
    second_factor_of,
)

__all__ = [
    "Found",
    "Related",
    "Wanted",
    "administrators_need_one",
    "assigned_clients",
    "assigned_practitioners",
    "by_name",
    "client_colors",
    "count_holders",
    "deleted_people",
    "due_to_become_inactive",
    "has_second_factor",
    "having_in_name",
    "holders_of",
    "is_assigned",
    "matching",
    "open_tokens",
    "permissions_of",
    "related_of",
    "search_people",
    "second_factor_of",
    "status_counts",
    "tags_in_use",
    "wanted",
]
