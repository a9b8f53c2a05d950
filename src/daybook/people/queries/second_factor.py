"""Who has a second factor, and who must."""

from uuid import UUID

from daybook.people.models import Passkey, SecondFactor, SignInPolicy
from daybook.people.passkeys import Site


def second_factor_of(user_id: UUID) -> SecondFactor | None:
    return SecondFactor.objects.filter(user_id=user_id).first()


def has_second_factor(user_id: UUID) -> bool:
    return SecondFactor.objects.filter(user_id=user_id).exists()


def passkeys_of(user_id: UUID) -> list[Passkey]:
    """In the order in which they were made."""
    return list(Passkey.objects.filter(user_id=user_id).order_by("created_at", "id"))


def passkeys_for(user_id: UUID, site: Site) -> list[Passkey]:
    """Those that can be asked at `site`."""
    return [] if site.obstacle else [each for each in passkeys_of(user_id) if each.works_at(site.name)]


def administrators_need_one() -> bool:
    """Whether the business asks its administrators for a second factor."""
    return SignInPolicy.objects.filter(second_factor_for_administrators=True).exists()
