"""Verbs that touch more than one room: each authorises, locks in a fixed order, applies rules, writes, and returns."""
