"""Settings > Import."""
