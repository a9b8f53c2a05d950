"""Every write about people. Each authorises, locks, applies the rules and writes; each is one transaction."""

from daybook.people.rules import Window, normalise
from daybook.people.services.assignments import assign, set_clients, set_practitioners, unassign
from daybook.people.services.availability import set_availability
from daybook.people.services.logins import (
    change_password,
    end_logins,
    forget_ended_logins,
    issue_own_token,
    revoke_token,
)
from daybook.people.services.second_factor import (
    access_passkey,
    add_passkey,
    confirm,
    remove_app,
    remove_passkey,
    rename_passkey,
    renew_recovery_codes,
    require_second_factor,
    reset_second_factor,
    set_up_second_factor,
    turn_off_second_factor,
)
from daybook.people.services.switches import set_permission_for_many, set_permissions, undo_set_permission
from daybook.people.services.users import (
    create_user,
    delete_user,
    recover_user,
    restore_statuses,
    set_calendar_color,
    set_status,
    turn_inactive,
    undo_set_status,
    update_own_account,
    update_user,
)

__all__ = [
    "Window",
    "access_passkey",
    "add_passkey",
    "assign",
    "change_password",
    "confirm",
    "create_user",
    "delete_user",
    "end_logins",
    "forget_ended_logins",
    "issue_own_token",
    "normalise",
    "recover_user",
    "remove_app",
    "remove_passkey",
    "rename_passkey",
    "renew_recovery_codes",
    "require_second_factor",
    "reset_second_factor",
    "restore_statuses",
    "revoke_token",
    "set_availability",
    "set_calendar_color",
    "set_clients",
    "set_permission_for_many",
    "set_permissions",
    "set_practitioners",
    "set_status",
    "set_up_second_factor",
    "turn_inactive",
    "turn_off_second_factor",
    "unassign",
    "undo_set_permission",
    "undo_set_status",
    "update_own_account",
    "update_user",
]
