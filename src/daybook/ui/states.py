"""The look of a state: what it means, its icon, and its word. Never colour alone."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Look:
    """A chip's meaning (`good`, `attention`, `bad`, `info`, `quiet`, `usual` for what most are), icon, and word."""

    meaning: str
    icon: str
    word: str | Promise
    struck: bool = False

    @property
    def classes(self) -> str:
        return f"chip chip-{self.meaning}" + (" chip-struck" if self.struck else "")


LOOKS: dict[str, Look] = {
    # sessions
    "open": Look("usual", "circle", _("Open")),
    "unsaved": Look("attention", "clock", _("Not saved")),
    "completed": Look("good", "check", _("Completed")),
    "canceled": Look("quiet", "ban", _("Canceled"), struck=True),
    "missed": Look("attention", "user-off", _("Missed")),
    # people
    "active": Look("usual", "circle-check", _("Active")),
    "inactive": Look("quiet", "pause", _("Inactive")),
    "prospect": Look("info", "user-question", _("Prospect")),
    # invoices
    "draft": Look("quiet", "draft", _("Draft")),
    "issued": Look("info", "file", _("Issued")),
    "sent": Look("info", "send", _("Sent")),
    "partly_paid": Look("attention", "circle-dot", _("Partly paid")),
    "paid": Look("good", "checks", _("Paid")),
    "overdue": Look("bad", "clock-x", _("Overdue")),
    "void": Look("quiet", "ban", _("Void"), struck=True),
    # payments and messages
    "received": Look("good", "check", _("Received")),
    "recorded": Look("good", "check", _("Recorded")),
    "pending": Look("info", "hourglass", _("Pending")),
    "waiting": Look("info", "hourglass", _("Waiting")),
    "failed": Look("bad", "circle-x", _("Failed")),
    "declined": Look("bad", "circle-x", _("Declined")),
    "refunded": Look("quiet", "refund", _("Refunded")),
    "partly_refunded": Look("attention", "refund", _("Partly refunded")),
    # the rest
    "deleted": Look("bad", "delete", _("Deleted")),
    "hidden": Look("quiet", "eye-off", _("Hidden")),
    "locked": Look("quiet", "lock", _("Locked")),
    "frozen": Look("info", "snowflake", _("Frozen")),
    "accepted": Look("good", "check", _("Accepted")),
    "enabled": Look("good", "check", _("On")),
    "disabled": Look("quiet", "pause", _("Off")),
    "closure": Look("attention", "closure", _("Closed that day")),
    "warning": Look("attention", "alert", _("Look at this")),
    "imported": Look("good", "check", _("Imported")),
}


def look(state: str) -> Look:
    """The look of a state; one that is not listed is shown plainly, by its name."""
    return LOOKS.get(state) or Look("quiet", "circle", state.replace("_", " ").capitalize())
