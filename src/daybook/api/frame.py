"""django-ninja, bent to our ground rules: answers are dumped as they are, refusals are problems, the document is complete."""

from collections.abc import Callable
from functools import cached_property
from http.client import responses as status_texts
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from ninja import NinjaAPI
from ninja import Router as NinjaRouter
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation
from ninja.parser import Parser

from daybook.api import errors
from daybook.api.schemas import Problem
from daybook.core.errors import DomainError, FieldProblem, InvalidInput

ERROR_STATUSES = {"get": (401, 403, 404, 422, 429), "delete": (401, 403, 404, 409, 422, 429)}
WRITE_STATUSES = (400, 401, 403, 404, 409, 413, 415, 422, 429)
IDEMPOTENCY_HEADER = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": False,
    "description": "The same key and body again gives the first answer again and does nothing twice.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]([ -~]*[!-~])?$"},
}

# Tests set this: every answer is then held against its schema, so that the document cannot drift from the code.
hold_answers: Callable[[Operation, int, Any], None] | None = None


class JsonParser(Parser):
    """orjson, and no NUL in any text: PostgreSQL cannot keep one."""

    def parse_body(self, request: HttpRequest) -> Any:
        data = orjson.loads(request.body)
        if b"\\u0000" in request.body:
            _refuse_nul(data, "")
        return data


def _refuse_nul(value: Any, place: str) -> None:
    if isinstance(value, str) and "\x00" in value:
        raise InvalidInput(field=place, problem="characters")
    if isinstance(value, dict):
        for key, item in value.items():
            _refuse_nul(key, place)
            _refuse_nul(item, f"{place}.{key}".lstrip("."))
    if isinstance(value, list):
        for index, item in enumerate(value):
            _refuse_nul(item, f"{place}.{index}".lstrip("."))


class ApiOperation(Operation):
    """An operation that answers what its route returns, as it is: a dictionary is not validated on its way out."""

    def run(self, request: HttpRequest, **path: Any) -> HttpResponseBase:
        try:
            if request.META.get("QUERY_STRING"):
                self._refuse_unknown(request)
            # The third is for routes that ask for the response: none does.
            values = self._get_values(request, path, None)  # type: ignore[arg-type]
            result = self.view_func(request, **values)
        except DomainError as error:
            return errors.problem(error)
        except ValidationError as error:
            return errors.problem(errors.from_schema(error))
        except HttpError as error:
            return errors.problem(errors.from_http_error(error))
        return self.as_response(result)

    def _refuse_unknown(self, request: HttpRequest) -> None:
        """A filter that is not known would otherwise answer another question than the one that was asked."""
        unknown = request.GET.keys() - self.query_names
        if unknown:
            said = {"message": "There is no such parameter."}
            raise InvalidInput([FieldProblem(name, "schema", said) for name in sorted(unknown)])

    @cached_property
    def query_names(self) -> frozenset[str]:
        models: list[Any] = [model for model in self.models if model.__ninja_param_source__ == "query"]
        return frozenset(name for model in models for name in model.__ninja_flatten_map__)

    def as_response(self, result: Any) -> HttpResponseBase:
        status = next(iter(self.response_models))
        if isinstance(result, HttpResponseBase):
            if (
                hold_answers
                and isinstance(result, HttpResponse)
                and result["Content-Type"].startswith("application/json")
            ):
                hold_answers(self, result.status_code, orjson.loads(result.content))
            return result
        if result is None:
            return HttpResponse(status=204)
        content = result if isinstance(result, bytes) else orjson.dumps(result)
        if hold_answers:
            hold_answers(self, status, orjson.loads(content))
        return HttpResponse(content, status=status, content_type="application/json")


class Router(NinjaRouter):
    """A room's routes. Paths are given whole (`/clients/{client_id}`); a route's first `response` status is its answer's."""

    def add_api_operation(self, path: str, methods: list[str], view_func: Callable, **options: Any) -> None:
        super().add_api_operation(path, methods, view_func, **options)
        self.path_operations[path].operations[-1].__class__ = ApiOperation


class Document(OpenAPISchema):
    """ninja's document; two different shapes of one name are a mistake, as only one of them would be described."""

    def add_schema_definitions(self, definitions: dict[str, Any]) -> None:
        for name, shape in definitions.items():
            known = self.schemas.setdefault(name, shape)
            assert known == shape, f"two schemas are called {name}: rename one, or share it in api.schemas"


class DaybookApi(NinjaAPI):
    """The API of one version, with its document."""

    def __init__(self, **options: Any) -> None:
        super().__init__(docs_url=None, openapi_url=None, parser=JsonParser(), **options)
        self._document: bytes | None = None

    def set_default_exception_handlers(self) -> None:
        """None: operations and the door translate what is raised."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        return operation.view_func.__name__

    def document(self) -> bytes:
        """The OpenAPI document as JSON text, made once."""
        if self._document is None:
            self._document = orjson.dumps(self.describe(), option=orjson.OPT_NON_STR_KEYS)
        return self._document

    def describe(self) -> dict[str, Any]:
        """The document: ninja's, with every error answer, the idempotency key and the token declared."""
        schema: dict[str, Any] = dict(Document(self, "/api/v1/".lstrip("/")))
        schema["components"]["schemas"]["Problem"] = Problem.model_json_schema(
            ref_template="#/components/schemas/{model}"
        )
        schema["components"]["schemas"] |= schema["components"]["schemas"]["Problem"].pop("$defs", {})
        schema["components"]["securitySchemes"] = {"Token": {"type": "http", "scheme": "bearer"}}
        schema["security"] = [{"Token": []}]
        for methods in schema["paths"].values():
            for method, operation in methods.items():
                _complete(method, operation)
        return schema


def _complete(method: str, operation: dict[str, Any]) -> None:
    for status in ERROR_STATUSES.get(method, WRITE_STATUSES):
        operation["responses"].setdefault(
            status,
            {
                "description": status_texts[status],
                "content": {errors.CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
            },
        )
    if method == "post":
        operation["parameters"].append(IDEMPOTENCY_HEADER)
