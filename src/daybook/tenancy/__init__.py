"""Businesses and their scope: business, terminology, actor, permission, once-key, the base of every tenant table."""
