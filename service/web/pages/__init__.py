"""The pages of the staff, a file for each or for two that belong together."""
