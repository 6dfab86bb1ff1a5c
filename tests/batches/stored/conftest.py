"""The databases that every test of this room can have."""

from tests.storage.databases import postgres, url

__all__ = ["postgres", "url"]
