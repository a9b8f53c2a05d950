"""The `daybook` command: everything that is done from a shell."""
