"""Who may ask on a school's behalf, and the same answer for the same request."""
