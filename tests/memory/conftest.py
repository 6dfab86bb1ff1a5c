"""The databases that every test of this room can have."""

from tests.storage.databases import database, postgres, url

__all__ = ["database", "postgres", "url"]
