"""The pages that articles link to: what to call each, and who may open it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class HelpPage:
    """`label` is its way through the menus, with markers for the business's words.

    The team needs `permission`; practitioners open it where `practitioner` says so, or have the permission it names.
    """

    label: str
    permission: str | None = None
    practitioner: bool | str = False
    only_administrators: bool = False


def _settings(label: str, permission: str = "manage_settings") -> HelpPage:
    return HelpPage(f"Settings › {label}", permission)


def _accounting(label: str) -> HelpPage:
    return HelpPage(f"Accounting › {label}", "manage_accounting")


# The reference of the API, which is no page of the business's.
API_DOCS = "api:docs"
PAGES = {
    "web:dashboard": HelpPage("Dashboard", practitioner=True),
    "web:calendar": HelpPage("Calendar", "manage_schedule", practitioner=True),
    "web:sessions": HelpPage("{Sessions}", "manage_schedule", practitioner=True),
    "web:session_add": HelpPage("New {session}", "manage_schedule", practitioner="add_sessions"),
    "web:deleted_sessions": HelpPage("Communications › Deleted {sessions}", "manage_schedule"),
    "web:clients": HelpPage("{Clients}", "manage_clients", practitioner=True),
    "web:client_add": HelpPage("Add {client}", "manage_clients"),
    "web:client_bin": HelpPage("{Clients} › Deleted", "manage_clients"),
    "web:agents": HelpPage("{Agents}", "manage_clients"),
    "web:practitioners": HelpPage("{Practitioners}", "manage_practitioners"),
    "web:practitioner_add": HelpPage("Add {practitioner}", "manage_practitioners"),
    "web:staff": HelpPage("{Staff}", "manage_staff"),
    "web:balances": _accounting("Balances"),
    "web:payments": _accounting("{Payments}"),
    "web:payment_add": HelpPage("Add {payment}", "manage_accounting"),
    "web:payments_add": _accounting("{Payments} › Add many"),
    "web:invoices": _accounting("{Invoices}"),
    "web:invoice_add": HelpPage("New {invoice}", "manage_accounting"),
    "web:invoices_add": _accounting("{Invoices} › Many at once"),
    "web:wages": _accounting("{Wages}"),
    "web:custom_rates": _accounting("Custom rates"),
    "web:communications": HelpPage("Communications", "manage_communications"),
    "web:reports": HelpPage("Reports", "see_insights"),
    "web:settings": HelpPage("Settings", "manage_settings"),
    "web:business": HelpPage("Settings › Business", only_administrators=True),
    "web:words": _settings("Words"),
    "web:permissions": _settings("Permissions"),
    "web:services": _settings("{Services}"),
    "web:locations": _settings("{Locations}"),
    "web:completion_types": _settings("Completion types"),
    "web:closures": _settings("Closures", "manage_schedule"),
    "web:imports": _settings("Import", "import_data"),
    "web:api_tokens": _settings("API"),
    "web:account": HelpPage("Account", practitioner=True),
    "web:account_password": HelpPage("Account › Password", practitioner=True),
    "web:account_second_factor": HelpPage("Account › Two-step sign-in", practitioner=True),
    "web:account_availability": HelpPage("Account › Availability", practitioner=True),
    "web:account_tokens": HelpPage("Account › API tokens", practitioner=True),
    "portal:home": HelpPage("Home"),
    "portal:sessions": HelpPage("{Sessions}"),
    "portal:money": HelpPage("Money"),
    "portal:practitioners": HelpPage("{Practitioners}"),
    "portal:availability": HelpPage("Times"),
    "portal:account": HelpPage("Account"),
    "portal:second_factor": HelpPage("Account › Two-step sign-in"),
    API_DOCS: HelpPage("How the API works", practitioner=True),
}  # fmt: skip


def may_open(name: str, role: str, permissions: frozenset[str]) -> bool:
    """Whether somebody of that role and with those permissions finds the page open. Raises KeyError."""
    page = PAGES[name]
    if role in ("client", "agent"):
        return name.startswith("portal:") and not (name == "portal:money" and "hide_costs" in permissions)
    if name.startswith("portal:"):
        return False
    if role == "practitioner":
        return page.practitioner in permissions if isinstance(page.practitioner, str) else page.practitioner
    if page.only_administrators and role != "administrator":
        return False
    return page.permission is None or page.permission in permissions
