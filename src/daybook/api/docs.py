"""The document for programs (`openapi.json`) and the pages for people (`docs`): both open to all, both made once."""

from functools import lru_cache
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from daybook.api.v1 import api

PAGE_POLICY = "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
PREFIX = "/api/v1"


def openapi(request: HttpRequest) -> HttpResponse:
    return HttpResponse(api.document(), content_type="application/json")


def page(request: HttpRequest) -> HttpResponse:
    address = f"{request.scheme}://{request.get_host()}{PREFIX}"
    response = HttpResponse(_page(address))
    response["Content-Security-Policy"] = PAGE_POLICY
    return response


OPEN = (openapi, page)


@lru_cache(maxsize=4)
def _page(address: str) -> str:
    document = orjson.loads(api.document())
    shapes = document["components"]["schemas"]
    schemas = [
        {"name": name, "description": shape.get("description", ""), "fields": fields_of(shape)}
        for name, shape in sorted(shapes.items())
    ]
    context = {"document": document, "groups": _groups(document), "schemas": schemas, "address": address}
    return render_to_string("api/docs.html", context)


def _groups(document: dict[str, Any]) -> list[dict[str, Any]]:
    """Operations by tag, in the order of the document, with what a template cannot work out."""
    shapes = document["components"]["schemas"]
    groups: dict[str, list[dict[str, Any]]] = {}
    for address, methods in document["paths"].items():
        for method, operation in methods.items():
            tag = (operation.get("tags") or ["Other"])[0]
            groups.setdefault(tag, []).append(
                operation
                | {
                    "method": method,
                    "short_path": address.removeprefix(PREFIX),
                    "query": [_parameter(each) for each in operation.get("parameters", []) if each["in"] != "path"],
                    "body": _body(operation, shapes),
                    "answers": _answers(operation),
                }
            )
    return [{"tag": tag, "operations": operations} for tag, operations in groups.items()]


def _parameter(parameter: dict[str, Any]) -> dict[str, Any]:
    schema = parameter["schema"]
    description = parameter.get("description") or schema.get("description", "")
    return {
        "name": parameter["name"],
        "required": parameter["required"],
        "type": type_of(schema),
        "description": description,
    }


def _body(operation: dict[str, Any], shapes: dict[str, Any]) -> dict[str, Any] | None:
    content = operation.get("requestBody", {}).get("content", {})
    if not content:
        return None
    schema = next(iter(content.values()))["schema"]
    name = schema.get("$ref", "").rpartition("/")[2]
    return {"type": type_of(schema), "fields": fields_of(shapes[name] if name else schema)}


def _answers(operation: dict[str, Any]) -> list[dict[str, Any]]:
    """Successes first, each with the shape it links to; of the refusals the status alone."""
    answers = []
    for status, answer in sorted(operation["responses"].items()):
        good = status.startswith("2")
        contents: dict[str, dict[str, Any]] = answer.get("content", {})
        media = next(iter(contents), "")
        schema: dict[str, Any] = contents[media].get("schema", {}) if good and media else {}
        shape = schema.get("$ref", "").rpartition("/")[2]
        kind = "" if shape or not schema else (type_of(schema) if media == "application/json" else media)
        answers.append({"status": status, "good": good, "shape": shape, "type": kind})
    return answers


def fields_of(schema: dict[str, Any]) -> list[dict[str, Any]]:
    """The properties of an object schema, in words."""
    needed = set(schema.get("required", []))
    return [
        {"name": name, "required": name in needed, "type": type_of(field), "description": field.get("description", "")}
        for name, field in schema.get("properties", {}).items()
    ]


def type_of(schema: dict[str, Any]) -> str:
    """A schema in a few words: `text, date`, `list of ClientOut`, `hourly, fixed`."""
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    if "enum" in schema:
        return " | ".join(str(value) for value in schema["enum"])
    if "const" in schema:
        return str(schema["const"])
    if "anyOf" in schema:
        return " or ".join(dict.fromkeys(type_of(each) for each in schema["anyOf"]))
    kind = schema.get("type", "anything")
    if kind == "array":
        return f"list of {type_of(schema.get('items', {}))}"
    if kind == "object" and isinstance(schema.get("additionalProperties"), dict):
        return f"map to {type_of(schema['additionalProperties'])}"
    words = {
        "string": "text",
        "integer": "whole number",
        "boolean": "true or false",
        "null": "null",
        "number": "number",
    }
    form = f", {schema['format']}" if "format" in schema else ""
    bounds = "".join(
        f", {word} {schema[key]}"
        for key, word in (("minimum", "at least"), ("maximum", "at most"), ("maxLength", "at most"))
        if key in schema
    )
    return f"{words.get(kind, kind)}{form}{bounds}"
