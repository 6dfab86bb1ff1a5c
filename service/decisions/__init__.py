"""What is due, and why: rules are data, read once; deciding reads no file."""
