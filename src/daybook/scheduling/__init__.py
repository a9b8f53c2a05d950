"""Sessions and who takes part, how they are completed, closures, and the one table that knows whose time is taken."""
