"""What could be issued about each pupil, worked out once for as long as the decision about them stays."""

from __future__ import annotations

from threading import Lock
from typing import NamedTuple

from service.desk import Desk
from service.errors import Problem
from service.issue import issue_letters
from service.memory.due_today import Due

MOST_PUPILS = 20_000


class Issuable(NamedTuple):
    """The letters that would be issued, by label and recipient, and why others would not; nothing of it is kept."""

    label: str
    recipients: tuple[str, ...]
    problems: tuple[Problem, ...]


class IssuableKept:
    """What was found of the pupils that were looked at last."""

    def __init__(self) -> None:
        self._found: dict[int, tuple[Due, Issuable]] = {}
        self._lock = Lock()

    def look(self, desk: Desk, due: Due) -> Issuable:
        """What could be issued as things are in this decision."""
        number = due.remembered.stored.id
        with self._lock:
            kept = self._found.pop(number, None)
        if kept is None or kept[0] is not due:
            kept = due, _find(desk, due)
        with self._lock:
            self._found[number] = kept
            while len(self._found) > MOST_PUPILS:
                del self._found[next(iter(self._found))]
        return kept[1]


def _find(desk: Desk, due: Due) -> Issuable:
    found = issue_letters(desk, due.remembered.pupil)
    label = found.letters[0].label if found.letters else ""
    return Issuable(label, tuple(letter.recipient.name for letter in found.letters), found.problems)
