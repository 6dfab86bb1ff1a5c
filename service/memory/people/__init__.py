"""Who may sign in, as what, and how."""
