"""The columns of an export: what they are called, and which word of a record each holds."""
