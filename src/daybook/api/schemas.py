"""The bases of every schema, and the shapes that all rooms share."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

# The default of a field of PATCH that may be left out, though null is no value of its type.
OMITTED: Any = None


class In(BaseModel):
    """What a caller sends. Unknown fields are refused; `given()` tells what a PATCH names."""

    model_config = ConfigDict(extra="forbid")

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """A field whose default is only OMITTED has no default in the document: null would not be taken."""
        schema = handler(core_schema)
        for field in handler.resolve_ref_schema(schema).get("properties", {}).values():
            if field.get("default", ...) is None:
                del field["default"]
        return schema

    def given(self) -> dict[str, Any]:
        """The fields that the caller named, with their values."""
        return {name: getattr(self, name) for name in self.model_fields_set}


class Out(BaseModel):
    """What is answered. Routes answer plain dictionaries of this shape; the tests hold them against it."""

    model_config = ConfigDict(extra="ignore")


class ReasonOut(Out):
    """One step of an explanation: its code, the sentence, and the facts."""

    code: str
    detail: str
    facts: dict[str, Any]


class FieldError(Out):
    field: str
    message: str


class Problem(Out):
    """RFC 9457: why a request was refused."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    errors: list[FieldError] = []
    explain: list[ReasonOut] = Field(default=[], description="what a rule refused upon; empty where no rule did")


class Warned(ReasonOut):
    """A rule that only warns: what was asked for was done."""
