"""Clients, practitioners, agents, staff and administrators, and their permissions."""
