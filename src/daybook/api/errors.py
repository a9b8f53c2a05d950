"""Every refusal as an RFC 9457 problem document, whatever refused: a rule, a schema, the database, the router."""

import logging
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import orjson
from django.db import DatabaseError, DataError, IntegrityError
from django.http import HttpRequest, HttpResponse
from ninja.errors import HttpError, ValidationError

from daybook.core.errors import DomainError, FieldProblem, InvalidInput, Notice
from daybook.tenancy.outage import RETRY_AFTER, is_full, is_lost, is_outdated, sqlstate
from daybook.tenancy.queries import business_words
from daybook.tenancy.scope import current_business, has_scope
from daybook.ui import sentences

log = logging.getLogger("daybook.api")

CONTENT_TYPE = "application/problem+json"
TITLES = {
    400: "Malformed request",
    401: "Not signed in",
    403: "Not permitted",
    404: "Not found",
    405: "Method not allowed",
    409: "Conflict",
    413: "Too large",
    415: "Unsupported content type",
    422: "Invalid values",
    429: "Too many requests",
    500: "Internal error",
    503: "Not available",
}

# SQLSTATE classes after which the same request may well pass at once.
_RETRIED = frozenset({"40001", "40P01"})


class Malformed(DomainError):
    """The body cannot be read as JSON."""

    code = "malformed"
    status = 400


class NoToken(DomainError):
    """There is no token, or none that is known and whose user may sign in."""

    code = "no_token"
    status = 401


class PlanWithoutApi(DomainError):
    """The business's plan has no API (requirements 8.1)."""

    code = "plan_without_api"
    status = 403


class MethodNotAllowed(DomainError):
    """The address is there, but not for this method."""

    code = "method_not_allowed"
    status = 405


class TooLarge(DomainError):
    """The body is longer than `data["most"]` bytes."""

    code = "body_too_large"
    status = 413


class NotJson(DomainError):
    """The body is of another content type than JSON."""

    code = "not_json"
    status = 415


class TooMany(DomainError):
    """The token has used up its rate."""

    code = "too_many_requests"
    status = 429


class NoSpace(DomainError):
    """There is no space left on the server's disk. What only reads still works."""

    code = "no_space"
    status = 503


class NotAvailable(DomainError):
    """The database does not answer, or not in time."""

    code = "not_available"
    status = 503


class Conflict(DomainError):
    """The database refused the rows: they clash with what is there."""

    code = "conflict"


class Failed(DomainError):
    """A mistake of ours; it is in the log."""

    code = "internal_error"
    status = 500


def problem(error: DomainError) -> HttpResponse:
    """The problem document of a refusal, in words for a person."""
    body = orjson.dumps(document(error, Reader.of_scope()), default=str)
    response = HttpResponse(body, status=error.status, content_type=CONTENT_TYPE)
    if error.status == 503:
        response["Retry-After"] = str(RETRY_AFTER)
        response._has_been_logged = True  # type: ignore[attr-defined]  # by us, with its cause
    return response


def document(error: DomainError, reader: "Reader") -> dict[str, Any]:
    """The fields of a problem document; `explain` holds the facts that a rule refused upon (requirements 6.12)."""
    said = reader.sentence(error)
    return {
        "type": f"urn:daybook:problem:{error.code}",
        "title": TITLES.get(error.status, "Refused"),
        "status": error.status,
        "detail": said,
        "code": error.code,
        "errors": reader.field_errors(error),
        "explain": [{"code": error.code, "detail": said, "facts": reader.facts(error)}] if error.status == 409 else [],
    }


@dataclass(frozen=True, slots=True)
class Reader:
    """Whom a sentence is for: the business's words, language, zone and currency."""

    words: Mapping[str, Any] | None = None
    style: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of_scope(cls) -> "Reader":
        """The open business's, or plain English where none is open."""
        if not has_scope():
            return cls()
        business = current_business()
        style = {"locale": business.locale, "zone": business.time_zone, "currency": business.currency}
        return cls(business_words(), style)

    def sentence(self, error: DomainError | Notice) -> str:
        if isinstance(error, InvalidInput) and error.errors:
            return self.field_sentence(error.errors[0])
        return sentences.sentence(error, self.words, **self.style)

    def field_sentence(self, problem: FieldProblem) -> str:
        """The sentence of one field at fault; a schema brings its own."""
        if problem.code == "schema":
            return str(problem.data["message"])
        return sentences.field_sentence(problem, self.words, **self.style)

    def field_errors(self, error: DomainError) -> list[dict[str, str]]:
        if isinstance(error, InvalidInput):
            return [{"field": each.field, "message": self.field_sentence(each)} for each in error.errors]
        return [{"field": error.field, "message": self.sentence(error)}] if error.field else []

    def warnings(self, notices: Iterable[Notice]) -> list[dict[str, Any]]:
        """Notices as the API tells them: what was asked for was done all the same."""
        return [
            {"code": notice.code, "detail": self.sentence(notice), "facts": self.facts(notice)} for notice in notices
        ]

    def facts(self, error: DomainError | Notice) -> dict[str, Any]:
        """What a rule decided upon, in the API's forms: amounts as texts, instants in the business's zone."""
        return {name: self._fact(value) for name, value in error.data.items() if value is not None}

    def _fact(self, value: Any) -> Any:
        if isinstance(value, datetime):
            return value.astimezone(ZoneInfo(self.style.get("zone", "UTC"))).isoformat()
        if isinstance(value, (list, tuple)):
            return [self._fact(each) for each in value]
        return value if isinstance(value, (str, int, bool)) else str(value)


def warnings_of(notices: Iterable[Notice]) -> list[dict[str, Any]]:
    """`warnings` of an answer; reads the business's words only where there is something to say."""
    given = list(notices)
    return Reader.of_scope().warnings(given) if given else []


def from_schema(error: ValidationError) -> InvalidInput:
    """A schema's complaints as field problems: `clients.0`, `limit`."""
    found = []
    for item in error.errors:
        place = [str(part) for part in item["loc"][1:] if "[" not in str(part)]  # not the branch of a union
        if item["loc"][0] == "body" and place:
            place = place[1:]
        found.append(FieldProblem(".".join(place), "schema", {"message": _schema_sentence(item)}))
    return InvalidInput(found)


_SCHEMA_SENTENCES = {
    "missing": "This is needed.",
    "extra_forbidden": "There is no such field.",
    "string_type": "This must be a text.",
    "bool_type": "This must be true or false.",
    "bool_parsing": "This must be true or false.",
    "int_type": "This must be a whole number.",
    "int_parsing": "This must be a whole number.",
    "int_from_float": "This must be a whole number.",
    "list_type": "This must be a list.",
    "dict_type": "This must be an object.",
    "model_type": "This must be an object.",
    "model_attributes_type": "This must be an object.",
    "string_too_long": "This may have at most {max_length} characters.",
    "string_too_short": "This needs at least {min_length} characters.",
    "greater_than_equal": "This must be at least {ge}.",
    "less_than_equal": "This must be at most {le}.",
    "too_long": "There may be at most {max_length}.",
    "too_short": "There must be at least {min_length}.",
    "literal_error": "This must be one of {expected}.",
}


def _schema_sentence(item: dict[str, Any]) -> str:
    template = _SCHEMA_SENTENCES.get(item["type"])
    return template.format(**item.get("ctx", {})) if template else str(item["msg"])


def from_http_error(error: HttpError) -> DomainError:
    """What the framework itself refuses: a body that is no JSON."""
    cause = error.__cause__
    return cause if isinstance(cause, DomainError) else Malformed()


def is_retried(error: DatabaseError) -> bool:
    """Whether the same request may pass at once: it lost a deadlock, or a table was changed under it."""
    return sqlstate(error) in _RETRIED or is_outdated(error)


def from_database(error: Exception) -> DomainError:
    """The database's own refusal, or its absence: never a caller's 5xx where the caller's values are the cause."""
    state = sqlstate(error)
    if is_lost(error):
        log.error("the database is not available: %s", " ".join(str(error).split()))
        return NoSpace() if is_full(error) else NotAvailable()
    if isinstance(error, IntegrityError):
        log.warning("refused by a constraint: %s", str(error).partition("\n")[0])
        return InvalidInput(problem="invalid") if state in ("23502", "23514") else Conflict()
    if isinstance(error, DataError):
        log.warning("refused by a type: %s", str(error).partition("\n")[0])
        return InvalidInput(problem="invalid")
    log.exception("the database refused a statement", exc_info=error)
    return Failed()


def not_allowed(response: HttpResponse) -> HttpResponse:
    """A 405 as a problem, with the methods that are."""
    answer = problem(MethodNotAllowed())
    answer["Allow"] = ", ".join(sorted(re.split(r"\s*,\s*", response["Allow"])))
    return answer


def failed(request: HttpRequest) -> HttpResponse:
    log.exception("%s %s failed", request.method, request.path)
    return problem(Failed())
