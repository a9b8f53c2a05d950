"""What an import comes to, in words and figures of the business."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import HttpRequest

from daybook.core.errors import Notice
from daybook.imports.layouts import LAYOUTS
from daybook.imports.models import Import
from daybook.tenancy.queries import business_words
from daybook.ui import format
from daybook.ui.sentences import sentence
from daybook.ui.sentences.imports import row_sentence


def style(request: HttpRequest) -> dict[str, str]:
    business = request.business
    return {"locale": business.locale, "zone": business.time_zone, "currency": business.currency}


def said_problems(request: HttpRequest, problems: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Problems in their stored form with the sentence of each."""
    words = business_words()
    return [{**problem, "sentence": row_sentence(problem, words, **style(request))} for problem in problems]


def said_failure(request: HttpRequest, batch: Import) -> str:
    """Why the whole file failed, where it did."""
    if not batch.failure:
        return ""
    return sentence(Notice(batch.failure["code"], batch.failure.get("data") or {}), business_words(), **style(request))


def total_of(request: HttpRequest, batch: Import, value: int | None, *, in_money: bool | None = None) -> str:
    """A total as the locale writes it: an amount, or a count of rows."""
    if value is None:
        return ""
    money = batch.total_kind == Import.TotalKind.AMOUNTS if in_money is None else in_money
    if money:
        return format.money(value, request.business.currency, request.business.locale)
    return format.number(value, request.business.locale)


def layout_label(name: str) -> str:
    """`Daybook: sessions`; several parts of one file stand beside one another."""
    return " + ".join(LAYOUTS[part].label if part in LAYOUTS else part for part in name.split("+"))
