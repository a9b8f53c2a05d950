"""The help for the team."""
