"""Forms: which there are, and what stands in their fields."""
