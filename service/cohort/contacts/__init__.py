"""Contacts in columns or in rows of their own, and the parts of their addresses."""
