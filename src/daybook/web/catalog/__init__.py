"""Services, locations and rates on the team's screens."""
