"""Balances, statements, payments, invoices, the outbox, the proof of the ledger, and the reports."""
