"""The Word file: its ZIP, its parts, what it must not hold; knows no pupil and no letter."""
