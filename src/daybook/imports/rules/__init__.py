"""Reading a file and telling what it says: pure, no database."""
