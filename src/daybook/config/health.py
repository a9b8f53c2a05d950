"""`/healthz`: answers 200 while the database does. Outside every scope and session, and first in line."""

from __future__ import annotations

from collections.abc import Callable

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse

PATH = "/healthz"


class HealthMiddleware:
    """Answers the one address before anything else looks at the request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info != PATH:
            return self.get_response(request)
        answer = HttpResponse("ok\n", content_type="text/plain")
        try:
            with connection.cursor() as cursor:
                cursor.execute("select 1")
        except DatabaseError:
            connection.close()
            answer = HttpResponse("the database does not answer\n", status=503, content_type="text/plain")
        answer["Cache-Control"] = "no-store"
        return answer
