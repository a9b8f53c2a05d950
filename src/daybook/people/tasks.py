"""What the clock does about people."""

from django.utils.timezone import now

from daybook.people.auth import forget_old_attempts
from daybook.people.services.logins import forget_ended_logins
from daybook.people.services.users import turn_inactive
from daybook.tenancy.background import each_business


@each_business("people.turn_inactive", cron="7 * * * *")
def turn_inactive_who_are_due() -> None:
    """Turn clients inactive whose date has come: hourly, as every business's day ends in its own zone."""
    turn_inactive(now=now())


@each_business("people.tidy_logins", cron="37 4 * * *")
def tidy_logins() -> None:
    """Forget logins that ended and failed tries that no longer count."""
    forget_ended_logins(now=now())
    forget_old_attempts(now())
