"""What is said about a file, and about a row of it: each sentence names what stands there and what would do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from daybook.core.errors import Notice
from daybook.ui.sentences.facts import Facts, Say
from daybook.ui.sentences.problems import PROBLEMS

_FILES: dict[str, str] = {
    "empty": "The file is empty. Export it again and choose the new file.",
    "old_excel": "This is a workbook of before 2007 (.xls). Open it in a spreadsheet program and save it as .xlsx or CSV.",
    "encrypted": "The file is protected by a password. Save it without one and choose it again.",
    "damaged": "The file is damaged and does not open. Export or download it again.",
    "bomb": "The file would unpack into far more than a table of its size can hold, so it was not opened.",
    "encoding": "The letters of the file cannot be read. Save it as CSV in UTF-8, or as .xlsx.",
    "no_rows": "There is a heading and nothing below it. Export the file again with its rows.",
    "no_table": "There is no table in this. Choose a CSV or an .xlsx file, or an archive of them.",
}


def file_unreadable(facts: Facts) -> str:
    reason = facts.text("reason")
    if reason == "binary":
        return _("This is a %(kind)s, not a table. Choose a CSV or an .xlsx file.") % {
            "kind": _(facts.text("kind", "file of another program"))
        }
    if reason == "too_large":
        return _("The file is larger than %(megabytes)s MB. Split it and import the parts one after another.") % {
            "megabytes": facts.text("megabytes")
        }
    if reason == "too_many_rows":
        return _("The file has more than %(rows)s rows. Split it and import the parts one after another.") % {
            "rows": facts.text("rows")
        }
    if reason == "too_wide":
        return _("The file has more than %(columns)s columns. Leave out those that are not needed.") % {
            "columns": facts.text("columns")
        }
    if reason == "cut_off":
        where = (
            _("The file stops in the middle of row %(row)s.")
            if facts.count("row")
            else _("The file stops in the middle.")
        )
        return where % {"row": facts.text("row")} + " " + _("It was not copied whole: export or download it again.")
    return _(_FILES.get(reason, "The file cannot be read as a table. Choose a CSV or an .xlsx file."))


def layout_unknown(facts: Facts) -> str:
    if facts.has("headings"):
        headings = ", ".join(str(each) for each in facts.data["headings"][:8] if each)
        return _(
            "No known layout has these headings: %(headings)s. Choose what the file holds and match its columns."
        ) % {"headings": headings}
    return _("No known layout fits this file. Choose what it holds and match its columns.")


def header_missing(facts: Facts) -> str:
    return _(
        "The file has no row of headings for “%(layout)s”. Missing: %(missing)s. Choose another layout, or match the columns yourself."
    ) % {
        "layout": facts.text("layout"),
        "missing": facts.names("missing"),
    }


def dates_undecided(facts: Facts) -> str:
    return _(
        "Dates such as %(example)s in %(names)s can be read in two ways. Say whether the day or the month comes first."
    ) % {
        "example": facts.text("example"),
        "names": facts.names("names"),
    }


def import_refused(facts: Facts) -> str:
    count = facts.count("count")
    return ngettext(
        "%(count)d row cannot be taken, so nothing was imported. Correct it, or import the others without it.",
        "%(count)d rows cannot be taken, so nothing was imported. Correct them, or import the others without them.",
        count,
    ) % {"count": count}


def import_not_ready(facts: Facts) -> str:
    return {
        "done": _("This file has been imported already. Undo that first to import it again."),
        "undone": _("This import was undone. Choose the file again to import it anew."),
        "queued": _("This file waits to be imported. Come back in a moment."),
        "running": _("This file is being imported. Come back in a moment."),
        "undoing": _("This import is being undone. Come back in a moment."),
        "ready": _("This file has not been imported yet, so there is nothing to undo."),
        "refused": _("Nothing of this file was imported, so there is nothing to undo."),
    }.get(facts.text("state"), _("This import is in a state in which that cannot be done."))


_WHY = {
    "sessions": "is in sessions that were added since",
    "payments": "has payments that were recorded since",
    "invoices": "has invoices",
    "clients": "has clients that were added since",
    "signed_in": "has signed in since",
    "refunded": "has a payment that was refunded since",
    "on_invoice": "has a payment that settles an invoice",
    "invoiced": "has a session on an invoice",
}


def cannot_undo(facts: Facts) -> str:
    items = facts.data.get("items") or []
    named = "; ".join(f"{each.get('name')} {_(_WHY.get(each.get('why'), 'is in use'))}" for each in items[:5])
    more = max(facts.count("count") - 5, 0)
    tail = ngettext(" and %(more)d more", " and %(more)d more", more) % {"more": more} if more else ""
    return _("The import cannot be undone any more: %(named)s%(tail)s. Remove that first.") % {
        "named": named,
        "tail": tail,
    }


IMPORT_REFUSALS: dict[str, Say] = {
    "file_unreadable": file_unreadable,
    "layout_unknown": layout_unknown,
    "header_missing": header_missing,
    "dates_undecided": dates_undecided,
    "import_refused": import_refused,
    "import_not_ready": import_not_ready,
    "cannot_undo": cannot_undo,
}


# Rows ------------------------------------------------------------------------------------------------------------


def _quoting(text: str) -> Say:
    return lambda facts: _(text) % {"text": facts.text("text")}


def _say(text: str) -> Say:
    return lambda facts: _(text)


def _whom(facts: Facts) -> str:
    return facts.term(facts.text("role", "client"))


def unknown_person(facts: Facts) -> str:
    said = _("There is no %(role)s called “%(name)s”.") % {"role": _whom(facts), "name": facts.text("name")}
    if facts.has("suggestion"):
        return said + " " + _("Do you mean %(suggestion)s?") % {"suggestion": facts.text("suggestion")}
    return said + " " + _("Import or add them first.")


def ambiguous_person(facts: Facts) -> str:
    return _("%(count)s %(role)s are called “%(name)s”. Write the e-mail address instead.") % {
        "count": facts.text("count"),
        "role": facts.term(facts.text("role", "client"), "plural"),
        "name": facts.text("name"),
    }


def unknown_service(facts: Facts) -> str:
    return _("There is no %(service)s called “%(name)s”. Import or add it first.") % {
        "service": facts.term("service"),
        "name": facts.text("name"),
    }


def time_taken(facts: Facts) -> str:
    return _("%(name)s is taken from %(from)s to %(until)s by a %(session)s that is there already.") % {
        "name": facts.text("name"),
        "from": facts.clock("starts_at"),
        "until": facts.clock("ends_at"),
        "session": facts.term("session"),
    }


def time_taken_in_file(facts: Facts) -> str:
    return _("%(name)s is taken from %(from)s to %(until)s by row %(row)s of this file.") % {
        "name": facts.text("name"),
        "from": facts.clock("starts_at"),
        "until": facts.clock("ends_at"),
        "row": facts.text("other_row"),
    }


def client_not_active(facts: Facts) -> str:
    return _("%(name)s is not active, so an open %(session)s cannot be added. Make the %(client)s active first.") % {
        "name": facts.names("clients") or facts.text("name"),
        "session": facts.term("session"),
        "client": facts.term("client"),
    }


def not_begun(facts: Facts) -> str:
    return _("A %(session)s that has not begun cannot be saved as %(status)s. Leave it open.") % {
        "session": facts.term("session"),
        "status": _(facts.text("status", "completed")),
    }


def likely_duplicate(facts: Facts) -> str:
    contact = facts.text("email") or facts.text("phone")
    return _("Perhaps the same as %(name)s%(contact)s, who is there already.") % {
        "name": facts.text("name"),
        "contact": f" ({contact})" if contact else "",
    }


ROW_PROBLEMS: dict[str, Say] = {
    "not_a_date": _quoting("“%(text)s” is no date. Write it as 2026-01-31."),
    "date_undecided": _quoting("“%(text)s” can be read in two ways. Say whether the day or the month comes first."),
    "not_a_time": _quoting("“%(text)s” is no time of day. Write it as 14:30."),
    "not_a_length": _quoting("“%(text)s” is no length in minutes between 1 and 1440."),
    "not_an_email": _quoting("“%(text)s” does not look like an e-mail address."),
    "not_a_phone": _quoting("“%(text)s” does not look like a phone number."),
    "not_an_amount": _quoting("“%(text)s” is no amount. Write it as 45.50."),
    "too_many_digits": lambda facts: (
        _("“%(text)s” has more digits than %(currency)s has.")
        % {"text": facts.text("text"), "currency": facts.text("currency") or facts.currency}
    ),
    "other_currency": lambda facts: (
        _("“%(text)s” is in another currency than %(currency)s.")
        % {"text": facts.text("text"), "currency": facts.text("currency") or facts.currency}
    ),
    "not_a_whole_number": _quoting("“%(text)s” is no whole number."),
    "not_a_percentage": _quoting("“%(text)s” is no percentage between 0 and 100."),
    "not_yes_or_no": _quoting("“%(text)s” is neither yes nor no."),
    "not_a_choice": lambda facts: (
        _("“%(text)s” is none of: %(choices)s.") % {"text": facts.text("text"), "choices": facts.text("choices")}
    ),
    "signs_differ": _say("What was paid and what it cost must both be above or both below zero."),
    "negative_amount": _say("An amount here cannot be below zero."),
    "not_positive": _say("The amount must be more than zero."),
    "out_of_range": lambda facts: (
        _("This must be between %(lowest)s and %(highest)s.")
        % {
            "lowest": facts.text("lowest") or facts.text("first"),
            "highest": facts.text("highest") or facts.text("last"),
        }
    ),
    "ends_before_start": lambda facts: (
        _("The end (%(end)s) is not after the start (%(start)s).")
        % {"end": facts.text("end"), "start": facts.text("start")}
    ),
    "unknown_person": unknown_person,
    "ambiguous_person": ambiguous_person,
    "unknown_service": unknown_service,
    "time_taken": time_taken,
    "time_taken_in_file": time_taken_in_file,
    "client_not_active": client_not_active,
    "client_twice": lambda facts: _("%(name)s is named twice.") % {"name": facts.text("name")},
    "mixed_outcomes": _say("Some places of this session are open and others are not. Give all of them an outcome."),
    "not_begun": not_begun,
    "joined_row_left_out": lambda facts: (
        _("This belongs to the session of row %(row)s, which does not go in.") % {"row": facts.text("other_row")}
    ),
    "username_taken": lambda facts: _("The user name “%(username)s” is taken.") % {"username": facts.text("username")},
    "likely_duplicate": likely_duplicate,
}


def row_sentence(
    problem: Mapping[str, Any],
    terms: Mapping[str, Any] | None = None,
    *,
    locale: str = "en",
    zone: str = "UTC",
    currency: str = "EUR",
) -> str:
    """The sentence of a row's problem in its stored form (`code` and `data`)."""
    from daybook.ui.sentences import sentence

    code = str(problem["code"])
    facts = Facts(problem.get("data") or {}, terms, locale, zone, currency)
    say = ROW_PROBLEMS.get(code) or PROBLEMS.get(code)
    return (
        say(facts)
        if say
        else sentence(Notice(code, dict(facts.data)), terms, locale=locale, zone=zone, currency=currency)
    )
