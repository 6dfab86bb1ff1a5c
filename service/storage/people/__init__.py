"""People who sign in, their roles at schools, and their sessions, as rows."""
