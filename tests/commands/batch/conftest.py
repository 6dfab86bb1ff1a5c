"""The officer whom every test of this room asks."""

from tests.commands.memory.officer import officer

__all__ = ["officer"]
