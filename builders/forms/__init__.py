"""Builds the forms from their field lists."""
