"""What a school knows about a pupil's attendance, and how it is read: no clock, no network, no file but school.toml."""
