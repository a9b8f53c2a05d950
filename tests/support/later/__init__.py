"""What a later version might bring: one migration that changes tables that are in use. See tests/faults/test_upgrade.py."""
