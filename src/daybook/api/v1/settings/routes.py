"""`/business` and `/settings/terms`; bringing back what was removed from the settings of the calendar."""

import base64
from typing import Any

from django.http import HttpResponse
from ninja import Body

from daybook.api.fields import Id
from daybook.api.frame import Router
from daybook.api.requests import ApiRequest
from daybook.api.v1.scheduling.schemas import ClosureOut, CompletionTypeOut
from daybook.api.v1.scheduling.shapes import closure_out, completion_type_out
from daybook.api.v1.settings.schemas import BusinessChange, BusinessOut, LogoIn, WordIn, WordOut
from daybook.core.errors import FieldProblem, InvalidInput, NotFound
from daybook.tenancy.models import Business
from daybook.tenancy.queries import business_words, logo
from daybook.tenancy.services import remove_logo, set_logo, set_terms
from daybook.tenancy.terms import Word
from daybook.workflows.change_business import change_business
from daybook.workflows.recover_setup import recover_closure as bring_closure_back
from daybook.workflows.recover_setup import recover_completion_type as bring_completion_type_back

router = Router(tags=["Settings"])
READ_ONLY = ("slug", "plan")
PICTURE = {
    "responses": {
        200: {
            "content": {
                kind: {"schema": {"type": "string", "format": "binary"}}
                for kind in ("image/png", "image/jpeg", "image/webp")
            }
        }
    }
}


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


@router.get("/business/logo", response={200: None}, openapi_extra=PICTURE, summary="The business's logo")
def get_logo(request: ApiRequest) -> HttpResponse:
    picture = logo()
    if picture is None:
        raise NotFound(what="logo")
    return HttpResponse(bytes(picture.image), content_type=picture.content_type)


@router.put("/business/logo", response={204: None}, summary="Set the business's logo")
def put_logo(request: ApiRequest, body: LogoIn) -> None:
    """In place of the one before. It stands on clients' pages, invoices and receipts."""
    try:
        image = base64.b64decode(body.image, validate=True)
    except ValueError:
        raise InvalidInput(field="image", problem="invalid") from None
    set_logo(actor=request.actor, image=image)


@router.delete("/business/logo", response={204: None}, summary="Remove the business's logo")
def delete_logo(request: ApiRequest) -> None:
    remove_logo(actor=request.actor)


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


@router.post("/closures/{closure_id}/recover", response=ClosureOut)
def recover_closure(request: ApiRequest, closure_id: Id) -> dict[str, Any]:
    """Bring a removed closure back as it was."""
    return closure_out(bring_closure_back(actor=request.actor, closure_id=closure_id))


@router.post("/completion-types/{type_id}/recover", response=CompletionTypeOut)
def recover_completion_type(request: ApiRequest, type_id: Id) -> dict[str, Any]:
    """Offer a removed completion type again. 422 where its label was given to another."""
    return completion_type_out(bring_completion_type_back(actor=request.actor, type_id=type_id))
