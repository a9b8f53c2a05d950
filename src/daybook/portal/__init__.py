"""The screens of clients and agents: their own sessions, balances and invoices."""
