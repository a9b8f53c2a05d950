"""Refusals and warnings: what happened, and what to do next."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from daybook.ui.sentences.facts import Facts, Say
from daybook.ui.sentences.imports import IMPORT_REFUSALS
from daybook.ui.sentences.money import MONEY_REFUSALS
from daybook.ui.terms import capital


def double_booking(facts: Facts) -> str:
    """`Pia is with Leo until 11:00 (Piano). Free from 11:15.`"""
    values = {
        "name": facts.text("name", facts.Term("practitioner")),
        "clients": facts.names("clients"),
        "what": facts.text("what"),
        "from": facts.clock("starts_at"),
        "until": facts.clock("ends_at"),
    }
    if not facts.has("ends_at"):
        return _("%(name)s is taken at that time. Choose another time.") % values
    # What began before the wanted time is told by its end alone.
    values["when"] = (_("until %(until)s") if _began(facts) else _("from %(from)s to %(until)s")) % values
    if facts.has("clients") and facts.text("kind") != "room":
        said = _("%(name)s is with %(clients)s %(when)s (%(what)s).") % values
    elif facts.has("clients"):
        said = _("%(name)s is taken %(when)s: %(what)s with %(clients)s.") % values
    else:
        said = _("%(name)s is taken %(when)s.") % values
    return f"{said} {_free_from(facts)}".strip()


def _began(facts: Facts) -> bool:
    return facts.has("wanted_at") and facts.data["starts_at"] <= facts.data["wanted_at"]


def _free_from(facts: Facts) -> str:
    if not facts.has("free_from"):
        return ""
    values = {"time": facts.clock("free_from"), "day": facts.day("free_from")}
    if facts.day("free_from") == facts.day("starts_at"):
        return _("Free from %(time)s.") % values
    return _("Free from %(day)s, %(time)s.") % values


def would_overlap(facts: Facts) -> str:
    return _("%(name)s would be taken twice on %(day)s at %(time)s. Move one of those %(sessions)s first.") % {
        "name": facts.text("name"),
        "day": facts.day("starts_at"),
        "time": facts.clock("starts_at"),
        "sessions": facts.term("session", "plural"),
    }


def client_overlap(facts: Facts) -> str:
    name = facts.names("clients") or facts.text("name") or facts.text("client") or facts.Term("client")
    if facts.has("starts_at") and facts.has("ends_at"):
        return _("%(name)s has another %(session)s from %(from)s to %(until)s.") % {
            "name": name,
            "session": facts.term("session"),
            "from": facts.clock("starts_at"),
            "until": facts.clock("ends_at"),
        }
    return _("%(name)s has another %(session)s at that time.") % {"name": name, "session": facts.term("session")}


def insufficient_funds(facts: Facts) -> str:
    who = facts.text("name") or facts.text("client") or _("The account")
    if not facts.has("available"):
        return _("The credit does not cover this. Record a payment first, or choose something smaller.")
    return _("%(who)s has %(available)s of credit left, and this costs %(needed)s. Record a payment first.") % {
        "who": who,
        "available": facts.money("available"),
        "needed": facts.money("needed") if facts.has("needed") else facts.money("cost"),
    }


def below_threshold(facts: Facts) -> str:
    return _(
        "%(who)s has a balance of %(balance)s; at least %(threshold)s is needed to be added. Record a payment first."
    ) % {
        "who": facts.text("name") or facts.text("client") or facts.Term("client"),
        "balance": facts.money("balance"),
        "threshold": facts.money("threshold"),
    }


def has_history(facts: Facts) -> str:
    """Says what stands against deleting, and how many of each."""
    if facts.has("status") and not facts.has("sessions"):
        return _("This %(session)s is saved and has moved money. Reopen it first, then delete it.") % {
            "session": facts.term("session")
        }
    counted = [
        f"{facts.count(name)} {facts.term(term, 'singular' if facts.count(name) == 1 else 'plural')}"
        for name, term in (
            ("sessions", "session"),
            ("payments", "payment"),
            ("invoices", "invoice"),
            ("wages", "wage"),
            ("clients", "client"),
        )
        if facts.count(name)
    ]
    what = ", ".join(counted) or _("something")
    values = {"what": what, "name": facts.text("name", _("This"))}
    if facts.text("role") == "client":
        return (
            _(
                "%(name)s still has %(what)s and cannot be deleted. Make %(name)s inactive or a prospect instead, or remove those first."
            )
            % values
        )
    return (
        _("%(name)s still has %(what)s and cannot be deleted. Make %(name)s inactive instead, or remove those first.")
        % values
    )


def client_not_active(facts: Facts) -> str:
    names = facts.names("clients") or facts.text("name")
    if names:
        return ngettext(
            "%(names)s is not active. Make %(names)s active first, on the %(client)s’s page.",
            "%(names)s are not active. Make them active first, on their pages.",
            max(facts.count("clients"), 1),
        ) % {"names": names, "client": facts.term("client")}
    return _("This %(client)s is not active. Make it so first, on the %(client)s’s page.") % {
        "client": facts.term("client")
    }


def not_assigned(facts: Facts) -> str:
    return _("%(names)s is not assigned to you. Ask the office to assign you on the %(client)s’s page.") % {
        "names": facts.names("clients")
        or facts.text("name")
        or _("This %(client)s") % {"client": facts.term("client")},
        "client": facts.term("client"),
    }


def room_full(facts: Facts) -> str:
    return _("%(room)s has %(capacity)d places, and %(people)d people would be there.") % {
        "room": facts.text("room"),
        "capacity": facts.count("capacity"),
        "people": facts.count("people"),
    }


def practitioner_not_active(facts: Facts) -> str:
    return _("%(name)s is not active. Choose another %(practitioner)s, or make active first.") % {
        "name": facts.text("name", facts.Term("practitioner")),
        "practitioner": facts.term("practitioner"),
    }


def already_completed(facts: Facts) -> str:
    return _("This %(session)s is saved already. Reopen it first to change what was charged.") % {
        "session": facts.term("session")
    }


def not_begun(facts: Facts) -> str:
    return _(
        "This %(session)s begins on %(day)s at %(time)s. It can be completed from then on; until then it can be canceled."
    ) % {
        "session": facts.term("session"),
        "day": facts.day("starts_at"),
        "time": facts.clock("starts_at"),
    }


def invoiced(facts: Facts) -> str:
    if facts.has("costs"):
        return _(
            "%(invoice)s %(numbers)s bills %(billed)s for this %(session)s; it would cost %(costs)s. Void that first, then change it."
        ) % {
            "session": facts.term("session"),
            "invoice": capital(facts.term("invoice")),
            "numbers": facts.names("invoices"),
            "billed": facts.money("billed"),
            "costs": facts.money("costs"),
        }
    return _("This %(session)s is on %(invoice)s %(numbers)s. Void that first, then change the %(session)s.") % {
        "session": facts.term("session"),
        "invoice": facts.term("invoice"),
        "numbers": facts.names("invoices") or facts.text("number"),
    }


def too_many_attempts(facts: Facts) -> str:
    minutes = max(facts.count("minutes"), 1)
    if facts.text("what") == "sign_up":
        return ngettext(
            "A lot of businesses were made from here just now. Wait %(minutes)d minute and try again.",
            "A lot of businesses were made from here just now. Wait %(minutes)d minutes and try again.",
            minutes,
        ) % {"minutes": minutes}
    return ngettext(
        "That was a lot of tries. To keep the account safe, wait %(minutes)d minute and try again.",
        "That was a lot of tries. To keep the account safe, wait %(minutes)d minutes and try again.",
        minutes,
    ) % {"minutes": minutes}


def not_permitted(facts: Facts) -> str:
    if facts.text("permission") == "several_practitioners":
        return _(
            "Only the team says who is in a %(session)s together. Add yours with yourself alone, or ask the team."
        ) % {"session": facts.term("session")}
    return _(
        "Your login does not have the right to do this. An administrator can give it to you under Settings → Permissions."
    )


def in_use(facts: Facts) -> str:
    count = facts.count("sessions")
    return _("%(count)d open %(sessions)s are booked on this. Move or complete those first.") % {
        "count": count,
        "sessions": facts.term("session", "singular" if count == 1 else "plural"),
    }


def image_refused(facts: Facts) -> str:
    if facts.text("why") == "size":
        return _("This picture is too large. Choose one of at most 1 MB and 4000 pixels a side.")
    return _("This is no picture that can be shown, or only half of one. Choose a PNG, JPEG or WebP file.")


def passkeys_not_here(facts: Facts) -> str:
    if facts.text("obstacle") == "number":
        return _("Passkeys need an address with a name. This one is a number.")
    return _("Passkeys work at secure addresses only, which begin with https.")


def _say(text: str) -> Say:
    """A sentence without facts, save the business's words as `%(client)s` and so on. Translated when said."""
    return lambda facts: _(text) % _Words(facts)


class _Words(dict[str, str]):
    """`client`, `clients_` (plural), `Client` and `Clients_`: the business's words, looked up when asked for."""

    def __init__(self, facts: Facts) -> None:
        super().__init__()
        self.facts = facts

    def __missing__(self, key: str) -> str:
        name, form = (key[:-1], "plural") if key.endswith("_") else (key, "singular")
        if self.facts.has(key):
            return self.facts.names(key)
        return self.facts.Term(name.lower(), form) if name[:1].isupper() else self.facts.term(name, form)


REFUSALS: dict[str, Say] = {
    # anything
    "refused": _say("This cannot be done as things are."),
    "invalid": _say("Something here is not right. Look at the marked fields."),
    "person_deleted": lambda facts: (
        _("%(name)s was deleted and is part of this. Bring %(name)s back first, then try again.")
        % {"name": facts.text("name")}
    ),
    "not_found": _say("That is not here any more. It may have been deleted."),
    "not_permitted": not_permitted,
    "idempotency_conflict": _say(
        "This form was sent before with other contents. Reload the page and look at what is there."
    ),
    "plan_without_api": _say("The plan of this business does not include the API. The trial and enterprise plans do."),
    # people
    "username_taken": _say("Another person has that user name. Choose another one."),
    "slug_taken": _say("Another business has that web address. Choose another one."),
    "last_administrator": _say("This is the only active administrator. Make somebody else an administrator first."),
    "administrators_have_all": _say("Administrators have every permission. To take one away, change the role first."),
    "only_clients_are_prospects": _say("Only a %(client)s can be a prospect."),
    "has_history": has_history,
    "client_not_active": client_not_active,
    "not_assigned": not_assigned,
    "sign_in_refused": _say("User name and password do not fit together. Check both, or set a new password."),
    "login_not_active": _say(
        "The password is right, but this login is not active. Ask the office to make it active again."
    ),
    "too_many_attempts": too_many_attempts,
    "wrong_password": _say("That is not your current password."),
    "bad_code": _say("That code is not right, was used before, or its time has run out. Enter the one shown now."),
    "code_required": _say("Enter the code from your authenticator app."),
    "second_factor_set": _say("An authenticator app is set up already. Remove it first to set it up anew."),
    "confirm_first": _say("Show first that it is you: with a passkey, a code of the app, or a recovery code."),
    "bad_passkey": _say("That passkey was not right for this, or it took too long. Try again, or use another way."),
    "passkey_copied": _say(
        "This passkey is not taken any more: its counter went back, so there may be a copy of it. Sign in another way, remove it, and make a new one."
    ),
    "passkey_known": _say("That passkey is here already."),
    "passkeys_not_here": passkeys_not_here,
    "too_many_passkeys": lambda facts: (
        _("%(most)s passkeys are the most that can be kept. Remove one first.") % {"most": facts.text("most")}
    ),
    # sessions
    "double_booking": double_booking,
    "client_overlap": client_overlap,
    "client_busy": client_overlap,
    "practitioner_not_active": practitioner_not_active,
    "already_completed": already_completed,
    "room_full": room_full,
    "on_closure": _say("This day is a closure: %(closure)s."),
    "not_saved": _say("This %(session)s is still open: there is nothing to reopen."),
    "not_begun": not_begun,
    "would_overlap": would_overlap,
    "invoiced": invoiced,
    "not_deleted": _say("This %(session)s is not in the bin."),
    "default_type_stays": _say("The three first completion types can be switched off, not removed."),
    "last_completion_type": _say("At least one way to complete a %(session)s must stay switched on."),
    "deadline_passed": _say("The deadline has passed. The office can still do this for you."),
    "class_full": _say("This %(class)s is full. Join the waiting list?"),
    "waiver_required": _say("A waiver has to be signed first."),
    # credit
    "insufficient_funds": insufficient_funds,
    "below_threshold": below_threshold,
    "no_package_sessions": _say("No pre-paid %(session_)s are left. Sell a %(package)s first."),
    # ledger
    "already_reversed": _say("This was taken back before. It can be taken back once."),
    # catalog and settings
    "name_taken": _say("That name is taken. Choose another one, or change the one that has it."),
    "in_use": in_use,
    "currency_locked": _say(
        "Amounts are kept in this currency already, so it can no longer change. Another currency needs another business."
    ),
    "image_refused": image_refused,
    # API
    "malformed": _say("The body cannot be read as JSON."),
    "no_token": _say("A valid token is needed: send it as `Authorization: Bearer TOKEN`."),
    "method_not_allowed": _say("This address does not take that method. The Allow header lists those that it takes."),
    "body_too_large": _say("The body is too large. Send less at a time."),
    "not_json": _say("Send the body as JSON, with the content type application/json."),
    "too_many_requests": _say("That was a lot at once. Wait a second and go on more slowly."),
    "conflict": _say("This clashes with what is there. Look at it again, then try once more."),
    "no_space": _say(
        "There is no space left on the server's disk, so nothing was written. Tell whoever looks after Daybook, and try again then."
    ),
    "not_available": _say("Daybook is busy at the moment. Try again in a few seconds."),
    "internal_error": _say("Something went wrong on our side. It has been noted; nothing was changed."),
    **MONEY_REFUSALS,
    # imports
    **IMPORT_REFUSALS,
}
