"""Accounting and the outbox: balances, payments, invoices, statements, wages, messages."""
