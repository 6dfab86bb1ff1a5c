"""Summaries: the period they are of, figures worked out from others, rows of several terms."""
