"""Django's PostgreSQL engine with a pool of our own: quick to give up on a lost database and quick to find it again.

Why not the driver's pool: docs/architecture/decisions/lost-database.md.
"""
