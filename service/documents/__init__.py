"""Templates in, finished documents out."""
