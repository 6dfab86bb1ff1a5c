"""What keeps letters about a pupil back, although a decision can be made."""
