"""Permissions about people, and what the team may open (requirements 1.15)."""

from daybook.tenancy.permissions import declare

# What the team may open: administrators always may, staff unless switched off.
MANAGE_CLIENTS = declare("manage_clients", "Clients: open, add and change", administrator=True, staff=True)
MANAGE_PRACTITIONERS = declare("manage_practitioners", "Practitioners: open, add and change", administrator=True, staff=True)
MANAGE_STAFF = declare("manage_staff", "Staff and administrators: open, add and change", administrator=True, staff=False)
MANAGE_SCHEDULE = declare("manage_schedule", "Calendar and sessions: open, add and change", administrator=True, staff=True)
MANAGE_ACCOUNTING = declare("manage_accounting", "Accounting: balances, payments, invoices, rates", administrator=True, staff=True)
MANAGE_COMMUNICATIONS = declare("manage_communications", "Communications: outbox, deleted sessions", administrator=True, staff=True)
SEE_INSIGHTS = declare("see_insights", "Reports and the dashboard's money", administrator=True, staff=True)
MANAGE_SETTINGS = declare("manage_settings", "Settings: business, services, locations, permissions", administrator=True, staff=False)

# What a practitioner may do.
ADD_SESSIONS = declare("add_sessions", "Add sessions for assigned clients", practitioner=False)
EDIT_SESSIONS = declare("edit_sessions", "Change own sessions", practitioner=False)
COMPLETE_SESSIONS = declare("complete_sessions", "Complete own sessions", practitioner=True)
COST_OVERRIDE = declare("cost_override", "Set cost and wage by hand when completing", administrator=True, staff=True, practitioner=False)
SEE_CLIENT_INFORMATION = declare("see_client_information", "See the notes about clients", administrator=True, staff=True, practitioner=False)
SEE_CONTACT_DATA = declare("see_contact_data", "See clients' contact data", administrator=True, staff=True, practitioner=True)
SEE_WAGES = declare("see_wages", "See own wages", administrator=True, staff=True, practitioner=True)

# What a client may do. `hide_costs` takes away: it is off for all unless switched on.
REQUEST_SESSIONS = declare("request_sessions", "Request sessions", client=True)
CANCEL_SESSIONS = declare("cancel_sessions", "Cancel own sessions", client=False)
JOIN_CLASSES = declare("join_classes", "Join classes", client=True)
PAY = declare("pay", "Pay", client=True, agent=True)
EDIT_AVAILABILITY = declare("edit_availability", "Change own availability", client=True, practitioner=True)
SEE_HISTORY = declare("see_history", "See past sessions", client=True)
SEE_REPORTS = declare("see_reports", "See reports written about them", client=True, agent=True)
HIDE_COSTS = declare("hide_costs", "Hide every price, cost, balance and invoice", client=False)
