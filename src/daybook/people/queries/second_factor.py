"""Who has a second factor, and who must."""

from uuid import UUID

from daybook.people.models import SecondFactor, SignInPolicy


def second_factor_of(user_id: UUID) -> SecondFactor | None:
    return SecondFactor.objects.filter(user_id=user_id).first()


def has_second_factor(user_id: UUID) -> bool:
    return SecondFactor.objects.filter(user_id=user_id).exists()


def administrators_need_one() -> bool:
    """Whether the business asks its administrators for a second factor."""
    return SignInPolicy.objects.filter(second_factor_for_administrators=True).exists()
