"""Who is told of what happened, and what was or will be sent."""
