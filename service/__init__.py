"""Attendance letters: decides which letter a pupil is due, says why, and fills it."""
