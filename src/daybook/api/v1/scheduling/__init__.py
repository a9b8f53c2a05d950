"""Shapes of sessions, completion types and closures."""
