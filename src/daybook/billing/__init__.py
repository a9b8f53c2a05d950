"""Invoices: documents over what was charged, numbered without gaps, with tax, due date and what is still to pay."""
