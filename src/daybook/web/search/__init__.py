"""Search over everything that the actor may see."""
