"""What the verbs that write sessions answer."""

from dataclasses import dataclass

from daybook.core.errors import Notice
from daybook.scheduling.models import Session


@dataclass(frozen=True, slots=True)
class SessionResult:
    """The session as it is now, and what the team should know of it. `closures` are the names of those it falls on."""

    session: Session
    warnings: tuple[Notice, ...] = ()
    closures: tuple[str, ...] = ()
