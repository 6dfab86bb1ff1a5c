"""What becomes of letters on their way to the families."""
