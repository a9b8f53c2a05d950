"""Money in and out: payments, refunds, and what each payment settles."""
