"""Taking files in over the API."""
