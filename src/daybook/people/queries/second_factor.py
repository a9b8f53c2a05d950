"""Who has a second factor, and who must."""

from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Means:
    """How a person can show a second factor at a site: the app, and each passkey with whether it works there."""

    factor: SecondFactor | None
    passkeys: list[tuple[Passkey, bool]]
    obstacle: str

    @property
    def has_app(self) -> bool:
        return bool(self.factor and self.factor.has_app)

    @property
    def can_use_passkey(self) -> bool:
        return not self.obstacle and any(works for _, works in self.passkeys)


def means_of(user_id: UUID, site: Site) -> Means:
    factor = second_factor_of(user_id)
    passkeys = passkeys_of(user_id) if factor else []
    return Means(factor, [(each, each.works_at(site.name)) for each in passkeys], site.obstacle)


def administrators_need_one() -> bool:
    """Whether the business asks its administrators for a second factor."""
    return SignInPolicy.objects.filter(second_factor_for_administrators=True).exists()
