"""The business, its words, its logo and its keys on the team's screens."""
