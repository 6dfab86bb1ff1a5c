"""What a school knows about a pupil's attendance: pure, without files, clock or network."""
