"""Why a figure is what it is, step by step. One sentence for each code of `core.reasons.REASON_CODES`."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from daybook.ui.sentences.facts import Facts, Say


def _amount(text: str) -> Say:
    """A sentence around one amount, with the business's words at hand."""

    def say(facts: Facts) -> str:
        return _(text) % {
            "amount": facts.money("amount"),
            "client": facts.term("client"),
            "service": facts.term("service"),
            "session": facts.term("session"),
            "sessions": facts.term("session", "plural"),
            "payments": facts.Term("payment", "plural"),
            "wage": facts.term("wage"),
            "Wage": facts.Term("wage"),
            "practitioner": facts.term("practitioner"),
        }

    return say


def _since(text: str, with_day: str) -> Say:
    plain, dated = _amount(text), _amount(with_day)

    def say(facts: Facts) -> str:
        return dated(facts).replace("{since}", facts.day("since")) if facts.has("since") else plain(facts)

    return say


def hourly(facts: Facts) -> str:
    minutes = facts.count("minutes")
    return ngettext("By the hour, for %(minutes)d minute", "By the hour, for %(minutes)d minutes", minutes) % {
        "minutes": minutes
    }


def rounded(facts: Facts) -> str:
    return _("%(before)s rounded half up to %(after)s") % {
        "before": facts.text("before"),
        "after": facts.money("after"),
    }


def exact(facts: Facts) -> str:
    return _("Rate × minutes ÷ 60 = %(amount)s") % {"amount": facts.text("amount")}


def percentage(facts: Facts) -> str:
    return _("“%(label)s” takes %(percent)s %%") % {"label": facts.text("label"), "percent": facts.text("percent")}


def fixed_amount(facts: Facts) -> str:
    return _("“%(label)s” takes %(amount)s instead") % {"label": facts.text("label"), "amount": facts.money("amount")}


def not_charged(facts: Facts) -> str:
    return _("“%(label)s” charges and pays nothing") % {"label": facts.text("label")}


def tax(facts: Facts) -> str:
    return _("Tax of %(percent)s %%: %(amount)s") % {"percent": facts.text("percent"), "amount": facts.money("amount")}


REASONS: dict[str, Say] = {
    "cost_override": _amount("Set by hand: %(amount)s"),
    "wage_override": _amount("Set by hand: %(amount)s"),
    "custom_rate": _since(
        "The %(client)s’s own rate: %(amount)s", "The %(client)s’s own rate since {since}: %(amount)s"
    ),
    "service_cost": _amount("Cost of the %(service)s: %(amount)s"),
    "wage_rate": _since(
        "The %(practitioner)s’s own %(wage)s: %(amount)s",
        "The %(practitioner)s’s own %(wage)s since {since}: %(amount)s",
    ),
    "service_wage": _amount("%(Wage)s of the %(service)s: %(amount)s"),
    "hourly": hourly,
    "fixed": _amount("For the whole %(session)s, whatever its length"),
    "exact": exact,
    "rounded": rounded,
    "percentage": percentage,
    "fixed_amount": fixed_amount,
    "not_charged": not_charged,
    "tax": tax,
    "payments": _amount("%(payments)s less refunds: %(amount)s"),
    "costs": _amount("Charged in all: %(amount)s"),
    "balance": _amount("Balance: %(amount)s"),
    "scheduled": _amount("Open %(sessions)s on the calendar: %(amount)s"),
    "available_credit": _amount("Available credit: %(amount)s"),
}
