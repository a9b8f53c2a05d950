"""Writing what the business chooses for itself. Whether its currency may change is decided by the workflow above."""

from collections.abc import Mapping
from typing import Any

from daybook.core.errors import InvalidInput
from daybook.tenancy import rules
from daybook.tenancy.actor import Actor
from daybook.tenancy.models import Business, BusinessLogo, Term
from daybook.tenancy.scope import current_business, set_verb
from daybook.tenancy.terms import DEFAULT_TERMS, Word

MANAGE_SETTINGS = "manage_settings"


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


def set_logo(*, actor: Actor, image: bytes, content_type: str) -> None:
    """Keep a picture, already checked by the door that took the file, in place of the one before."""
    actor.require(MANAGE_SETTINGS)
    set_verb("set_logo")
    BusinessLogo.objects.all().delete()
    BusinessLogo.objects.create(image=image, content_type=content_type)


def remove_logo(*, actor: Actor) -> None:
    actor.require(MANAGE_SETTINGS)
    set_verb("remove_logo")
    BusinessLogo.objects.all().delete()
