"""The way of an API request: resolve → scope by the token → actor → plan → rate → once → one route → problem or answer.

One transaction a request. A refused request keeps nothing; one that lost a deadlock is tried again.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import orjson
from django.conf import settings
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import DatabaseError, IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, RawPostDataException, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.urls import Resolver404, ResolverMatch, URLResolver, get_resolver

from daybook.api import docs, errors
from daybook.api.rate import allow
from daybook.api.requests import ApiRequest
from daybook.core.errors import DomainError, InvalidInput, NotFound
from daybook.people.actors import TokenParts, actor_of_rows, asking_for, claiming_by, parse_token
from daybook.tenancy.once import Answer, digest_of, first_answer, keep
from daybook.tenancy.outage import forget_connection, is_lost, is_outdated
from daybook.tenancy.prepared import holding_back, send_held
from daybook.tenancy.scope import BusinessNotFound, Questions, open_scope

log = logging.getLogger("daybook.api")

PREFIX = "/api/"
ATTEMPTS = 4
MOST_BYTES = 2 * 1024 * 1024
# Where files are sent: as JSON in Base64, or as a form.
FILE_PATHS = frozenset(["/api/v1/imports"])
MOST_FILE_BYTES = 24 * 1024 * 1024
MOST_KEY = 255
WITH_BODY = ("POST", "PUT", "PATCH")
_HEADERS = {
    "Cache-Control": "no-store",
    "Vary": "Authorization",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
}


def answer(request: HttpRequest) -> HttpResponse:
    """The answer to any request below `/api/`: always one, always JSON but for files and the pages of the document."""
    try:
        response = _respond(request)
    except DomainError as error:
        response = errors.problem(error)
    except Exception as error:
        if isinstance(error, DatabaseError) or is_lost(error):
            response = errors.problem(errors.from_database(error))
        elif getattr(settings, "API_RAISES", False):
            raise
        else:
            response = errors.failed(request)
    _drain(request)
    return _finish(request, response)


def _drain(request: HttpRequest) -> None:
    """Read what a refusal left unread: the server would cut a connection that the caller means to go on with."""
    try:
        if int(request.META.get("CONTENT_LENGTH") or 0) <= MOST_BYTES:
            request.body  # noqa: B018
    except (RawPostDataException, RequestDataTooBig, UnreadablePostError, ValueError):
        pass


def _finish(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    if response.status_code == 401:
        response["WWW-Authenticate"] = 'Bearer realm="daybook"'
    if response.status_code == 429:
        response["Retry-After"] = "1"
    return response


@lru_cache(maxsize=1)
def _resolver() -> URLResolver:
    return get_resolver("daybook.api.urls")


@lru_cache(maxsize=2_000)
def _match(path: str) -> ResolverMatch:
    """Shared between requests: nobody changes what an address means. Raises Resolver404."""
    return _resolver().resolve("/" + path.removeprefix(PREFIX))


def _respond(request: HttpRequest) -> HttpResponse:
    try:
        match = _match(request.path_info)
    except Resolver404:
        raise NotFound from None
    if match.func in docs.OPEN:
        return match.func(request)
    token = _token(request)
    _check_body(request)
    for turn in range(ATTEMPTS - 1):
        try:
            if turn == 0:
                with holding_back():
                    return _in_scope(request, match, token)
            return _in_scope(request, match, token, again=True)
        except DatabaseError as error:
            # Writes that were held back are refused at the end: the verb meets the same refusal the second time.
            if not errors.is_retried(error) and not (turn == 0 and isinstance(error, IntegrityError)):
                raise
            if is_outdated(error):
                forget_connection()
            log.info("%s %s is tried again: %s", request.method, request.path, str(error).partition("\n")[0])
    return _in_scope(request, match, token, again=True)


def _token(request: HttpRequest) -> TokenParts:
    scheme, _, text = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    token = parse_token(text.strip()) if scheme.lower() == "bearer" else None
    if token is None:
        raise errors.NoToken
    return token


def _check_body(request: HttpRequest) -> None:
    """Refuse what no route could read, before anything is locked."""
    if "%00" in request.META.get("QUERY_STRING", ""):
        raise InvalidInput(problem="characters")
    if request.method not in WITH_BODY:
        return
    takes_files = request.path in FILE_PATHS
    most = MOST_FILE_BYTES if takes_files else MOST_BYTES
    try:
        if int(request.META.get("CONTENT_LENGTH") or 0) > most:
            raise errors.TooLarge(most=most)
        has_body = bool(request.body)
        if not has_body and request.method == "POST":
            request._body = b"{}"  # what needs nothing may be posted with nothing
    except (RequestDataTooBig, ValueError):
        raise errors.TooLarge(most=most) from None
    except UnreadablePostError:
        raise errors.Malformed from None
    if _is_form(request):
        _parse_form(request)
        return
    if has_body and request.content_type != "application/json" and not (request.content_type or "").endswith("+json"):
        raise errors.NotJson


def _is_form(request: HttpRequest) -> bool:
    return request.path in FILE_PATHS and request.content_type == "multipart/form-data"


def _parse_form(request: HttpRequest) -> None:
    """Take the form apart, which is done once; what is no form is found out here, where it can be said."""
    try:
        request.FILES  # noqa: B018
    except RequestDataTooBig:
        raise errors.TooLarge(most=MOST_FILE_BYTES) from None
    except (MultiPartParserError, SuspiciousOperation, UnreadablePostError, ValueError, LookupError):
        raise errors.Malformed from None


def _in_scope(request: HttpRequest, match: ResolverMatch, token: TokenParts, *, again: bool = False) -> HttpResponse:
    claim = _claim(request)
    asked = Questions([asking_for(token)])
    if claim.is_usable:
        asked.statements.append(claiming_by(token, key=claim.key, digest=claim.digest))
    try:
        with open_scope(public_id=token.public_id, questions=asked) as business:
            actor = actor_of_rows(asked.rows[0])
            if actor is None:
                raise errors.NoToken
            if not business.has_api:
                raise errors.PlanWithoutApi(plan=business.plan)
            if not again and not allow(token.digest):
                raise errors.TooMany
            request.business, request.actor = business, actor  # type: ignore[attr-defined]
            response = _once(request, match, claim, asked)  # type: ignore[arg-type]
            if response.status_code >= 400:
                transaction.set_rollback(True)
            else:
                send_held(commit=True)
            return response
    except BusinessNotFound:
        raise errors.NoToken from None


@dataclass(frozen=True, slots=True)
class _Claim:
    """The idempotency key of a request, and the fingerprint of what it asks; or what is wrong with the key."""

    key: str = ""
    digest: str = ""
    is_given: bool = False
    problem: str = ""

    @property
    def is_usable(self) -> bool:
        return self.is_given and not self.problem


def _claim(request: HttpRequest) -> _Claim:
    key = request.META.get("HTTP_IDEMPOTENCY_KEY") if request.method == "POST" else None
    if key is None:
        return _Claim()
    if not key:
        return _Claim(is_given=True, problem="required")
    if len(key) > MOST_KEY:
        return _Claim(is_given=True, problem="too_long")
    if not key.isascii() or not key.isprintable():
        return _Claim(is_given=True, problem="characters")
    return _Claim(key, digest_of(request.get_full_path(), *_said(request)), is_given=True)


def _once(request: ApiRequest, match: ResolverMatch, claim: _Claim, asked: Questions) -> HttpResponse:
    """Run the route; under an idempotency key once only. A refusal is not kept: the same request may be tried again."""
    if not claim.is_given:
        return _run(request, match)
    if claim.problem:
        raise InvalidInput(field="Idempotency-Key", problem=claim.problem, longest=MOST_KEY)
    assert request.actor.user_id is not None
    first = first_answer(asked.rows[1], user_id=request.actor.user_id, key=claim.key, digest=claim.digest)
    if first is not None:
        response = HttpResponse(first.body, status=first.status, content_type="application/json")
        response["Idempotent-Replayed"] = "true"
        return response
    response = _run(request, match)
    if response.status_code < 400:
        answer = Answer(response.status_code, response.content.decode())
        keep(user_id=request.actor.user_id, key=claim.key, answer=answer, commit=True)
    return response


def _said(request: HttpRequest) -> Iterator[bytes | str]:
    """The body as what it says: spaces, the order of members and a form's boundary do not make it another one."""
    if _is_form(request):
        for name, values in sorted(request.POST.lists()):
            yield from (name, *values)
        for name in sorted(request.FILES):
            for file in request.FILES.getlist(name):
                yield from (name, file.name or "", file.read())
                file.seek(0)
        return
    try:
        yield orjson.dumps(orjson.loads(request.body), option=orjson.OPT_SORT_KEYS)
    except orjson.JSONDecodeError:
        yield request.body


def _run(request: ApiRequest, match: ResolverMatch) -> HttpResponse:
    head = request.method == "HEAD"
    if head:
        request.method = "GET"
    response: HttpResponse = match.func(request, *match.args, **match.kwargs)
    if head:
        request.method = "HEAD"
        response.content = b""
    return errors.not_allowed(response) if response.status_code == 405 else response
