"""What people look at: the day's decisions kept at hand, the log of letters, and letters printed again."""
