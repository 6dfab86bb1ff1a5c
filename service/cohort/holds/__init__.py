"""What in an export keeps letters back, although a decision can be made."""
