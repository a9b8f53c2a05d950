"""Append-only history: every version of every business row, written by triggers, with who, when and in which verb."""
