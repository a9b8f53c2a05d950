"""Pages about people: sign-in and sign-up, lists and records of every role, the own account, permissions."""
