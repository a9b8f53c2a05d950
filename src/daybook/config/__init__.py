"""How an installation is put together: settings, environment, root addresses, embedded database. No business logic."""
