"""Writing what the business chooses for itself. Whether its currency may change is decided by the workflow above."""

from collections.abc import Mapping
from typing import Any

from daybook.core.errors import InvalidInput
from daybook.core.images import MOST_PIXELS, picture_of
from daybook.tenancy import rules
from daybook.tenancy.actor import Actor
from daybook.tenancy.errors import ImageRefused
from daybook.tenancy.models import Business, BusinessLogo, Term
from daybook.tenancy.queries import forget_words
from daybook.tenancy.scope import current_business, set_verb
from daybook.tenancy.terms import DEFAULT_TERMS, Word

MANAGE_SETTINGS = "manage_settings"
MOST_LOGO_BYTES = 1024 * 1024


def update_business(*, actor: Actor, **changes: Any) -> Business:
    """Change name, time_zone, currency, locale, first_weekday or accent. Raises NotPermitted, InvalidInput."""
    actor.require_administrator()
    if problems := rules.business_problems(changes):
        raise InvalidInput(problems)
    business = current_business()
    changed = [field for field, value in changes.items() if getattr(business, field) != value]
    if changed:
        set_verb("update_business")
        for field in changed:
            setattr(business, field, changes[field])
        business.save(update_fields=changed)
    return business


def set_terms(*, actor: Actor, terms: Mapping[str, Word]) -> None:
    """Keep these words as the business's own, and ours for every term left out.

    A word equal to ours is not kept. Raises NotPermitted, InvalidInput.
    """
    actor.require(MANAGE_SETTINGS)
    given = {term: Word(word.singular.strip(), word.plural.strip()) for term, word in terms.items()}
    if problems := rules.term_problems({term: (word.singular, word.plural) for term, word in given.items()}):
        raise InvalidInput(problems)
    own = {term: word for term, word in given.items() if word != DEFAULT_TERMS[term]}
    set_verb("set_terms")
    Term.objects.exclude(term__in=own).delete()
    Term.objects.bulk_create(
        [Term(term=term, singular=word.singular, plural=word.plural) for term, word in own.items()],
        update_conflicts=True,
        unique_fields=["business", "term"],
        update_fields=["singular", "plural"],
    )
    forget_words()


def set_logo(*, actor: Actor, image: bytes) -> BusinessLogo:
    """Keep a PNG, JPEG or WebP in place of the picture before. Raises NotPermitted, ImageRefused."""
    actor.require(MANAGE_SETTINGS)
    picture = picture_of(image)
    if picture is None:
        raise ImageRefused(field="logo", why="type")
    if len(image) > MOST_LOGO_BYTES or max(picture.width, picture.height) > MOST_PIXELS:
        raise ImageRefused(field="logo", why="size")
    set_verb("set_logo")
    BusinessLogo.objects.all().delete()
    return BusinessLogo.objects.create(image=image, content_type=picture.content_type)


def remove_logo(*, actor: Actor) -> None:
    actor.require(MANAGE_SETTINGS)
    set_verb("remove_logo")
    BusinessLogo.objects.all().delete()
