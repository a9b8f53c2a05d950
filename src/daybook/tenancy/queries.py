"""Reading what the business chose for itself: its words and its logo."""

from collections.abc import Mapping
from types import MappingProxyType
from uuid import UUID

from daybook.tenancy.models import BusinessLogo
from daybook.tenancy.prepared import Rows, fetch_prepared
from daybook.tenancy.scope import current_business
from daybook.tenancy.terms import Word, words

_KEPT = "_words"
_TERMS = "select term, singular, plural from tenancy_term order by term"


def own_words() -> dict[str, Word]:
    """The terms that the open business renamed (one query)."""
    current_business()  # asked inside a scope only
    return {term: Word(singular, plural) for term, singular, plural in fetch_prepared(_TERMS, [])}


def business_words() -> Mapping[str, Word]:
    """All terms as the open business says them, read once a scope."""
    business = current_business()
    known: Mapping[str, Word] | None = business.__dict__.get(_KEPT)
    if known is None:
        known = business.__dict__[_KEPT] = MappingProxyType(words(own_words()))
    return known


def asking_for_words() -> tuple[str, list[object]]:
    """The statement that reads the business's own words, for `keep_words`."""
    return _TERMS, []


def keep_words(found: Rows) -> None:
    """Have the words that were read with the scope, so that the first who needs them need not ask."""
    own = {term: Word(singular, plural) for term, singular, plural in found}
    current_business().__dict__[_KEPT] = MappingProxyType(words(own))


def forget_words() -> None:
    """After they were changed."""
    current_business().__dict__.pop(_KEPT, None)


def logo() -> BusinessLogo | None:
    """The picture of the open business, if it gave one."""
    return BusinessLogo.objects.first()


def logo_id() -> UUID | None:
    """The id of the business's picture: it changes with the picture, so it can stand in a cached address."""
    found: UUID | None = BusinessLogo.objects.values_list("pk", flat=True).first()
    return found
