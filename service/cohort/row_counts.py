"""What became of the rows of a table: used, left out, or at fault; each row is counted where that is decided."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from service.cohort.pupil_row import PupilRow
from service.errors import CohortError, Problem

MOST_FAULTY = 50_000
"""Rows of a table with a problem: nobody corrects more one by one, and each takes tens of microseconds."""


class LeftOut(StrEnum):
    """Why a row is left out, without anything being wrong with it."""

    ABOVE = "above the headings"
    EMPTY = "empty"
    HEADINGS = "headings"
    TOTAL = "total"
    REMARK = "remark"
    HIDDEN = "hidden"
    OTHER_TERM = "other term"
    REPEATED = "repeated"
    LATER = "later"
    LESSON = "lesson"
    NO_CODE = "no code"
    NO_NEW_MARK = "no new mark"
    NO_EVENT = "no event"
    NO_ANSWER = "no answer"
    NO_CONTACT = "no contact"
    MEETING = "meeting"
    PUPIL_UNUSABLE = "pupil unusable"
    PUPIL_HIDDEN = "pupil hidden"
    PUPIL_UNKNOWN = "pupil unknown"


@dataclass(slots=True)
class RowCount:
    """The rows of one table but its headings: `rows` of them went in, and each came out as one of the others."""

    name: str
    rows: int = 0
    left_out: Counter[LeftOut] = field(default_factory=Counter)
    faulty: set[int] = field(default_factory=set)
    """The numbers of the rows with a problem."""
    unread: int = 0
    """The rows of a table that could not be understood."""
    beside: set[int] = field(default_factory=set)
    """The numbers of the rows with cells that stand under no heading."""
    by_pupil: dict[str, int] = field(default_factory=dict)
    """How many rows about each pupil are used, by key; "" where rows are about nobody."""

    @property
    def used(self) -> int:
        """How many rows are used."""
        return sum(self.by_pupil.values())

    @property
    def at_fault(self) -> int:
        """How many rows have a problem."""
        return len(self.faulty) + self.unread

    def begin(self, above: int, faulty: Iterable[int]) -> None:
        """Begin with the rows above the headings, of which some may be pupils."""
        self.faulty.update(faulty)
        self.leave_out(LeftOut.ABOVE, above - len(self.faulty))

    def use(self, key: str, rows: int = 1) -> None:
        """Count rows about a pupil that are used; below 0, such as turn out not to be."""
        self.by_pupil[key] = self.by_pupil.get(key, 0) + rows

    def leave_out(self, why: LeftOut, rows: int = 1) -> None:
        """Count rows that are left out."""
        if rows:
            self.left_out[why] += rows

    def fault(self, number: int) -> None:
        """Count a row with a problem, once however many it has.

        Raises CohortError where there are so many that something is wrong with the whole table.
        """
        self.faulty.add(number)
        if len(self.faulty) > MOST_FAULTY:
            sentence = (
                f"More than {MOST_FAULTY:,} rows of this cannot be read. Look at its columns, and export it again."
            )
            raise CohortError(Problem("too-many-faults", sentence, file=self.name))

    def hide(self, rows: int) -> None:
        """Count as hidden what was taken for empty rows."""
        self.left_out[LeftOut.EMPTY] -= rows
        self.left_out[LeftOut.HIDDEN] += rows

    def leave_out_pupil(self, key: str, why: LeftOut) -> None:
        """Count the rows about a pupil as left out, those with a problem excepted."""
        self.leave_out(why, self.by_pupil.pop(key, 0))

    def leave_out_others(self, listed: Container[str], hidden: Container[str]) -> None:
        """Count the rows about pupils who are not in the list of pupils, or whose rows there are hidden."""
        for key in [key for key in self.by_pupil if key and key not in listed]:
            self.leave_out_pupil(key, LeftOut.PUPIL_HIDDEN if key in hidden else LeftOut.PUPIL_UNKNOWN)

    def copy(self) -> RowCount:
        """The same counts, to count on from."""
        by_pupil, left_out = dict(self.by_pupil), Counter(self.left_out)
        return RowCount(self.name, self.rows, left_out, set(self.faulty), self.unread, set(self.beside), by_pupil)


def settle(counts: Iterable[RowCount], unusable: Sequence[PupilRow]) -> list[RowCount]:
    """The counts of an export once its pupils were read: rows about the unusable ones are at fault or left out."""
    settled = {count.name: count.copy() for count in counts}
    for pupil in unusable:
        for problem in pupil.problems:
            _settle_fault(settled, pupil, problem)
    for key in {pupil.key for pupil in unusable if pupil.key}:
        for count in settled.values():
            count.leave_out_pupil(key, LeftOut.PUPIL_UNUSABLE)
    return list(settled.values())


def _settle_fault(counts: dict[str, RowCount], pupil: PupilRow, problem: Problem) -> None:
    """Count the row that a pupil's problem names; a problem that names none is one of the pupil's own row."""
    is_placed = problem.file and problem.row
    file, number = (problem.file, problem.row) if is_placed else (pupil.file, pupil.number)
    count = counts.get(file)
    if count and number and number not in count.faulty and count.by_pupil.get(pupil.key):
        count.faulty.add(number)
        count.use(pupil.key, -1)


def add_up(name: str, counts: Iterable[RowCount]) -> RowCount:
    """The counts of several tables as one."""
    whole = RowCount(name)
    for count in counts:
        whole.rows += count.rows
        whole.left_out += count.left_out
        whole.unread += count.at_fault
        whole.use("", count.used)
    return whole
