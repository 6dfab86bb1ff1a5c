"""What a summary settles: the lowest and highest value that a figure can have."""
