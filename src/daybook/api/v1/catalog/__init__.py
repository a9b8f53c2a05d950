"""Services, locations, and people's own rates."""
