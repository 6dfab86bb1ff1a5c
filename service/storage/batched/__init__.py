"""Batches, their chunks and their rows as they are stored: claimed, fenced, split, counted."""
