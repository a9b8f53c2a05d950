"""The business itself and its words."""
