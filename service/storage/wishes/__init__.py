"""What people want of letters, as rows."""
