"""Shapes of the business and of its words."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from daybook.api.fields import Name
from daybook.api.schemas import OMITTED, In, Out


class BusinessOut(Out):
    id: str
    name: str
    slug: str
    time_zone: str
    currency: str
    locale: str
    first_weekday: Annotated[int, Field(ge=0, le=6, description="0 is Monday")]
    accent: Annotated[str, Field(description="#rrggbb, or empty for Daybook's own")]
    plan: Literal["trial", "standard", "enterprise"]


class BusinessChange(In):
    """`slug` and `plan` cannot be changed: they may be sent back as they are."""

    name: Name = OMITTED
    slug: Name = OMITTED
    time_zone: Name = OMITTED
    currency: Annotated[str, StringConstraints(max_length=3)] = OMITTED
    locale: Annotated[str, StringConstraints(max_length=16)] = OMITTED
    first_weekday: Annotated[int, Field(ge=0, le=6, strict=True)] = OMITTED
    accent: Annotated[str, StringConstraints(max_length=7)] = OMITTED
    plan: Literal["trial", "standard", "enterprise"] = OMITTED


class LogoIn(In):
    image: Annotated[
        str,
        StringConstraints(max_length=1_500_000),
        Field(
            description="a PNG, JPEG or WebP of at most 1 MB, in base64",
            json_schema_extra={"contentEncoding": "base64"},
        ),
    ]


class WordIn(In):
    singular: Annotated[str, StringConstraints(max_length=60)]
    plural: Annotated[str, StringConstraints(max_length=60)]


class WordOut(Out):
    singular: str
    plural: str
