"""Fillable PDFs: read, prepared once, filled with every character drawn."""
