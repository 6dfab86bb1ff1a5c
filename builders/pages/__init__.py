"""Pictures of the pages, to look at."""
