"""The REST door: other people's programs, under the same rules and permissions as the pages (`/api/v1`)."""
