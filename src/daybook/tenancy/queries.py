"""Reading what the business chose for itself: its words and its logo."""

from collections.abc import Mapping
from uuid import UUID

from daybook.tenancy.models import BusinessLogo, Term
from daybook.tenancy.terms import Word, words


def own_words() -> dict[str, Word]:
    """The terms that the open business renamed (one query)."""
    rows = Term.objects.order_by("term").values_list("term", "singular", "plural")
    return {term: Word(singular, plural) for term, singular, plural in rows}


def business_words() -> Mapping[str, Word]:
    """All terms as the open business says them (one query)."""
    return words(own_words())


def logo() -> BusinessLogo | None:
    """The picture of the open business, if it gave one."""
    return BusinessLogo.objects.first()


def logo_id() -> UUID | None:
    """The id of the business's picture: it changes with the picture, so it can stand in a cached address."""
    found: UUID | None = BusinessLogo.objects.values_list("pk", flat=True).first()
    return found
