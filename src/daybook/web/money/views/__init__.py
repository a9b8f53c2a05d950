"""The pages of money, one module a list."""
