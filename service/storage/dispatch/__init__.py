"""What became of issued letters after they were made: printed, and sent."""
