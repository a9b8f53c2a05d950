"""Who has a second factor, and who must."""

from uuid import UUID

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet

from daybook.people.models import SecondFactor, SignInPolicy, User


def second_factor_of(user_id: UUID) -> SecondFactor | None:
    return SecondFactor.objects.filter(user_id=user_id).first()


def has_second_factor(user_id: UUID) -> bool:
    return SecondFactor.objects.filter(user_id=user_id).exists()


def administrators_need_one() -> bool:
    """Whether the business asks its administrators for a second factor."""
    return SignInPolicy.objects.filter(second_factor_for_administrators=True).exists()


def with_duty(people: QuerySet[User]) -> QuerySet[User]:
    """The people with `must_set_up`: an administrator who needs a second factor and has none."""
    asked = SignInPolicy.objects.filter(second_factor_for_administrators=True)
    own = SecondFactor.objects.filter(user_id=OuterRef("pk"))
    duty = Q(role="administrator") & Exists(asked) & ~Exists(own)
    return people.annotate(must_set_up=ExpressionWrapper(duty, output_field=BooleanField()))
