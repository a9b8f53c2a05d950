"""The request as routes see it: its business and its actor are known."""

from typing import TYPE_CHECKING

from django.http import HttpRequest

from daybook.tenancy.actor import Actor

if TYPE_CHECKING:
    from daybook.tenancy.models import Business


class ApiRequest(HttpRequest):
    """For types alone: the door sets these before a route runs."""

    business: "Business"
    actor: Actor
