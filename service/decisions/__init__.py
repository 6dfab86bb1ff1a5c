"""What is due, and why: rules as data, compiled once; pure after loading."""
