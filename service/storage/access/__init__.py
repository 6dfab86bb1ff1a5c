"""Who may ask, and what was answered: keys as their hashes, and answers that are given again to the same request."""
