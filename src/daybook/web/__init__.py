"""The team's screens: each room's pages in a folder of its own, on the shared frame of `doors`."""
