"""The web: faces of the same functions that the commands call."""
