"""The commands that remember, a file for each or for two that belong together."""
