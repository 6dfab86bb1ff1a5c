"""Servers that could carry the application, for the comparison."""
