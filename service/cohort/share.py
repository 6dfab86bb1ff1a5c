"""Which pupils of a cohort a process reads, when several share the work."""

from __future__ import annotations

from dataclasses import dataclass

TOGETHER = 64
"""Pupils that one process reads before it is another's turn."""


@dataclass(frozen=True, slots=True)
class Share:
    """One of several equal parts of a cohort, taken in turns of some pupils; the whole where there is one part."""

    part: int = 0
    parts: int = 1

    def takes(self, place: int) -> bool:
        """Whether the pupil at a place of the cohort, from 0, belongs to this part."""
        return place // TOGETHER % self.parts == self.part


EVERYBODY = Share()
