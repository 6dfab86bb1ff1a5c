"""Turns the wording of the letters into Word templates."""
