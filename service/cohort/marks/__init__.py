"""Marks of an export, a row a mark or a column a session -> registers."""
