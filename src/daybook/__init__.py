"""Scheduling, billing and records for tutoring centres and therapy practices."""
