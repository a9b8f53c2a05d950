"""People and their logins: clients, practitioners, agents, staff, administrators; assignment, availability, tokens.

One table holds every person, so a client's id is also its user's id; a login is an optional part of a person.
"""
