"""What is said about payments, invoices and messages."""

from __future__ import annotations

from django.utils.translation import gettext as _

from daybook.ui.sentences.facts import Facts, Say


def nothing_to_invoice(facts: Facts) -> str:
    return _("%(name)s has no %(sessions)s from %(from)s to %(to)s that wait for an %(invoice)s.") % {
        "name": facts.text("name", facts.Term("client")),
        "sessions": facts.term("session", "plural"),
        "from": facts.day("from"),
        "to": facts.day("to"),
        "invoice": facts.term("invoice"),
    }


def session_not_billable(facts: Facts) -> str:
    return _("This %(session)s has no cost for this %(client)s that could be billed.") % {
        "session": facts.term("session"),
        "client": facts.term("client"),
    }


def _of_invoice(text: str) -> Say:
    """A sentence about one invoice by its number."""

    def say(facts: Facts) -> str:
        name = " ".join((facts.Term("invoice"), facts.text("number"))).strip()
        return _(text) % {"name": name, "invoice": facts.term("invoice"), "client": facts.term("client")}

    return say


def costs_hidden(facts: Facts) -> str:
    return _("Costs are hidden from %(name)s. Give the %(client)s an %(agent)s to bill, or show costs again.") % {
        "name": facts.text("name"),
        "client": facts.term("client"),
        "agent": facts.term("agent"),
    }


def refund_too_large(facts: Facts) -> str:
    if not facts.has("asked"):
        return _("That is more than is left of the %(payment)s.") % {"payment": facts.term("payment")}
    return _("%(asked)s is more than the %(left)s left of this %(payment)s.") % {
        "asked": facts.money("asked"),
        "left": facts.money("left"),
        "payment": facts.term("payment"),
    }


def payment_refunded(facts: Facts) -> str:
    return _("Some of this %(payment)s was given back, so it cannot be deleted. Refund the rest instead.") % {
        "payment": facts.term("payment")
    }


def no_address(facts: Facts) -> str:
    return _("%(name)s has no e-mail address. Add one, then send again.") % {
        "name": facts.text("name", facts.Term("client"))
    }


def other_client(facts: Facts) -> str:
    return _("%(number)s is another %(client)s’s %(invoice)s. Choose one of this %(client)s.") % {
        "number": facts.text("number"),
        "client": facts.term("client"),
        "invoice": facts.term("invoice"),
    }


def due_before_issue(facts: Facts) -> str:
    return _("This is before %(day)s, when it is issued. Choose that day or a later one.") % {
        "day": facts.day("issued_on")
    }


def number_out_of_range(facts: Facts) -> str:
    return _("Enter a number from %(least)s to %(most)s.") % {
        "least": facts.text("least"),
        "most": facts.text("most"),
    }


def period_too_long(facts: Facts) -> str:
    return _("Choose at most two years at a time.")


MONEY_REFUSALS: dict[str, Say] = {
    "nothing_to_invoice": nothing_to_invoice,
    "session_not_billable": session_not_billable,
    "invoice_void": _of_invoice("%(name)s is void. Write a new one."),
    "invoice_issued": _of_invoice("%(name)s was issued. Void it and write a new one to change it."),
    "invoice_paid": _of_invoice("%(name)s is paid: nothing is due on it."),
    "costs_hidden": costs_hidden,
    "refund_too_large": refund_too_large,
    "payment_refunded": payment_refunded,
    "no_credit": _of_invoice("The %(client)s has no credit that could settle this %(invoice)s."),
    "no_address": no_address,
}

MONEY_PROBLEMS: dict[str, Say] = {
    "other_client": other_client,
    "due_before_issue": due_before_issue,
    "total_below_zero": _of_invoice("Discounts are larger than the rest. The total must be zero or more."),
    "lines_or_period": _of_invoice("Give either lines or a period, not both."),
    "number_out_of_range": number_out_of_range,
    "period_too_long": period_too_long,
}
