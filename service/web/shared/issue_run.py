"""A run of issuing: one pupil after another, in the background, so that a page can say how far it is.

Each letter is issued once however often it is asked for; a run that is broken off leaves what it has done.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from threading import Thread

from service.errors import AttendanceLettersError, Problem
from service.faults import note_pupil_fault
from service.memory.issuing import Issued, issue_for
from service.memory.memory import Memory
from service.memory.remembered import remember
from service.memory.today import Today

MOST_RUNS = 100
CHANGED = "This pupil has changed since you looked. Look at the decision again, then issue the letter."


@dataclass(slots=True)
class IssueRun:
    """How far a run is, and what came of it: the letters' numbers, and why others were not issued, by pupil."""

    school: int
    total: int
    done: int = 0
    letters: list[int] = field(default_factory=list)
    labels: Counter[str] = field(default_factory=Counter)
    problems: list[tuple[int, Problem]] = field(default_factory=list)
    is_over: bool = False


class IssueRuns:
    """The runs since the service started."""

    def __init__(self) -> None:
        self._runs: dict[str, IssueRun] = {}

    def find(self, school: int, token: str) -> IssueRun | None:
        """A run of a school."""
        run = self._runs.get(token)
        return run if run and run.school == school else None

    def start(
        self, memory: Memory, today: Today, seen: Mapping[int, int], by: str, slots: Sequence[Mapping[str, str]]
    ) -> str:
        """Begin to issue for pupils, each as it was when somebody looked (`seen`); the run's token."""
        token, run = secrets.token_hex(16), IssueRun(today.school.id, len(seen))
        self._runs[token] = run
        for oldest in list(self._runs)[:-MOST_RUNS]:
            del self._runs[oldest]
        Thread(target=_issue_all, args=(memory, today, seen, by, list(slots), run), name="issue", daemon=True).start()
        return token


def _issue_all(
    memory: Memory, today: Today, seen: Mapping[int, int], by: str, slots: list[Mapping[str, str]], run: IssueRun
) -> None:
    try:
        for number, version in seen.items():
            _issue_one(memory, today, number, version, by, slots, run)
            run.done += 1
    finally:
        run.is_over = True


def _issue_one(
    memory: Memory, today: Today, number: int, version: int, by: str, slots: list[Mapping[str, str]], run: IssueRun
) -> None:
    try:
        if remember(memory, today, number).stored.version != version:
            run.problems.append((number, Problem("changed", CHANGED)))
            return
        done = issue_for(memory, today, number, by=by, meeting=slots[0] if slots else None)
    except AttendanceLettersError as error:
        run.problems += ((number, problem) for problem in error.problems)
    except Exception as error:  # one pupil's fault keeps nobody else's letter back
        run.problems.append((number, note_pupil_fault(error)))
    else:
        _note(number, done, slots, run)


def _note(number: int, done: Issued, slots: list[Mapping[str, str]], run: IssueRun) -> None:
    if slots and done.kept and done.remembered.pupil.record.meeting is slots[0]:
        slots.pop(0)
    run.letters += (kept.number for kept in done.kept)
    run.labels.update(kept.letter.label for kept in done.kept)
    run.problems += ((number, problem) for problem in done.issue.problems)
