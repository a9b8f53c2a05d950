"""Holding an answer against the schema that its operation declares."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import jsonschema_rs
import orjson
from ninja.operation import Operation

from daybook.api.v1 import api


def hold_against_schema(operation: Operation, status: int, body: Any) -> None:
    """Raise ValidationError when the answer is not as the document says. Fields that are not declared fail too."""
    name = operation.view_func.__name__
    validator = _validator(name, str(status))
    assert validator is not None, f"{name} answers {status} with a body, which its document does not declare"
    validator.validate(body)


@lru_cache
def _document() -> dict[str, Any]:
    return orjson.loads(api.document())


@lru_cache
def _validator(name: str, status: str) -> Any:
    document = _document()
    operations = (each for methods in document["paths"].values() for each in methods.values())
    answers = next(each for each in operations if each["operationId"] == name)["responses"]
    schema = answers.get(status, {}).get("content", {}).get("application/json", {}).get("schema")
    if schema is None:
        return None
    whole = _closed({**schema, "components": document["components"]})
    return jsonschema_rs.Draft202012Validator(whole, validate_formats=True)


def _closed(schema: Any) -> Any:
    """The schema with objects that take no other fields than theirs."""
    if isinstance(schema, list):
        return [_closed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {key: _closed(value) for key, value in schema.items()}
    if "properties" in closed and closed.get("type") == "object":
        closed.setdefault("additionalProperties", False)
    return closed
