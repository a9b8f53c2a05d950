"""`/business` and `/settings/terms`."""

from typing import Any

from ninja import Body

from daybook.api.frame import Router
from daybook.api.requests import ApiRequest
from daybook.api.v1.settings.schemas import BusinessChange, BusinessOut, WordIn, WordOut
from daybook.core.errors import FieldProblem, InvalidInput
from daybook.tenancy.models import Business
from daybook.tenancy.queries import business_words
from daybook.tenancy.services import set_terms
from daybook.tenancy.terms import Word
from daybook.workflows.change_business import change_business

router = Router(tags=["Settings"])
READ_ONLY = ("slug", "plan")


def business_out(business: Business) -> dict[str, Any]:
    return {
        "id": business.public_id,
        "name": business.name,
        "slug": business.slug,
        "time_zone": business.time_zone,
        "currency": business.currency,
        "locale": business.locale,
        "first_weekday": business.first_weekday,
        "accent": business.accent,
        "plan": business.plan,
    }


@router.get("/business", response=BusinessOut, summary="The business of the token")
def get_business(request: ApiRequest) -> dict[str, Any]:
    return business_out(request.business)


@router.patch("/business", response=BusinessOut, summary="Change the business")
def update_business(request: ApiRequest, body: BusinessChange) -> dict[str, Any]:
    """Administrators only. The currency can change only while no amount is kept."""
    changes = body.given()
    fixed = [
        field for field in READ_ONLY if field in changes and changes.pop(field) != getattr(request.business, field)
    ]
    request.actor.require_administrator()
    if fixed:
        raise InvalidInput([FieldProblem(field, "read_only") for field in fixed])
    return business_out(change_business(actor=request.actor, **changes))


def terms_out() -> dict[str, Any]:
    return {term: {"singular": word.singular, "plural": word.plural} for term, word in business_words().items()}


@router.get("/settings/terms", response=dict[str, WordOut], summary="The business's words")
def get_terms(request: ApiRequest) -> dict[str, Any]:
    return terms_out()


@router.put("/settings/terms", response=dict[str, WordOut], summary="Set the business's words")
def put_terms(request: ApiRequest, body: Body[dict[str, WordIn]]) -> dict[str, Any]:
    """Terms left out go back to Daybook's own words."""
    set_terms(actor=request.actor, terms={term: Word(word.singular, word.plural) for term, word in body.items()})
    return terms_out()
