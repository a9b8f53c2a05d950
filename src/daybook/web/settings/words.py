"""Settings > Words: what the business calls things."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from daybook.core.errors import InvalidInput
from daybook.tenancy.queries import own_words
from daybook.tenancy.services import set_terms
from daybook.tenancy.terms import DEFAULT_TERMS, Word
from daybook.ui.sentences import field_sentence
from daybook.web.doors import go, once, render_page, team_page

FORMS = ("singular", "plural")


@require_http_methods(["GET", "HEAD", "POST"])
@team_page("manage_settings")
def edit(request: HttpRequest) -> HttpResponse:
    typed = _typed(request) if request.method == "POST" else None
    errors: dict[str, str] = {}
    if typed is not None:
        try:
            return once(request, lambda: _save(request, typed))
        except InvalidInput as error:
            errors = {problem.field: field_sentence(problem) for problem in error.errors}
    rows = _rows(typed, errors)
    return render_page(
        request, "web/settings/words.html", {"rows": rows, "has_errors": bool(errors)}, status=422 if errors else 200
    )


def _typed(request: HttpRequest) -> dict[str, tuple[str, str]]:
    return {term: tuple(request.POST.get(f"{term}-{form}", "").strip() for form in FORMS) for term in DEFAULT_TERMS}  # type: ignore[misc]


def _save(request: HttpRequest, typed: dict[str, tuple[str, str]]) -> HttpResponse:
    """A word left empty is ours; the plural of a word of one's own cannot be guessed, so both are needed then."""
    own = {term: Word(*pair) for term, pair in typed.items() if any(pair)}
    set_terms(actor=request.actor, terms=own)
    return go(request, "web:words", said=_("Your words are in use."))


def _rows(typed: dict[str, tuple[str, str]] | None, errors: dict[str, str]) -> list[dict[str, Any]]:
    kept = own_words() if typed is None else {}
    rows = []
    for term, ours in DEFAULT_TERMS.items():
        pair = typed[term] if typed else (kept[term].singular, kept[term].plural) if term in kept else ("", "")
        fields = [
            {
                "name": f"{term}-{form}",
                "form": form,
                "value": value,
                "ours": getattr(ours, form),
                "error": errors.get(f"{term}.{form}", ""),
            }
            for form, value in zip(FORMS, pair, strict=True)
        ]
        rows.append({"term": term, "label": ours.singular, "fields": fields, "is_own": any(pair)})
    return rows
