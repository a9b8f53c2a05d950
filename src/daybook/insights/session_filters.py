"""What a list of sessions can be filtered by: whether there is any of it, and the name of what is chosen."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from daybook.tenancy.prepared import fetch_prepared
from daybook.tenancy.scope import current_business_id


@dataclass(frozen=True, slots=True)
class Offered:
    """Names are empty where nothing, or nothing living, is chosen."""

    practitioners: bool
    locations: bool
    practitioner: str
    service: str
    location: str


_OFFERED = """
    select exists (select from people_user where role = 'practitioner' and deleted_at is null),
           exists (select from catalog_location where deleted_at is null),
           coalesce((select trim(first_name || ' ' || last_name) from people_user
                     where id = %s::uuid and role = 'practitioner' and deleted_at is null), ''),
           coalesce((select name from catalog_service where id = %s::uuid and deleted_at is null), ''),
           coalesce((select name from catalog_location where id = %s::uuid and deleted_at is null), '')
"""


def offered(practitioner_id: UUID | None, service_id: UUID | None, location_id: UUID | None) -> Offered:
    """For a reader who may know of practitioners, services and places (one statement)."""
    current_business_id()  # asked inside a scope only
    return Offered(*fetch_prepared(_OFFERED, [practitioner_id, service_id, location_id])[0])
