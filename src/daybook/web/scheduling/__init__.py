"""Calendar, sessions, the bin, closures and completion types on the team's screens."""
