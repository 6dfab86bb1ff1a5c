"""`batch` and `worker`: many letters with memory, and who makes them."""
