"""A run of issuing: one pupil after another, in the background, so that a page can say how far it is.

Each letter is issued once however often it is asked for; a run that is broken off leaves what it has done.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from threading import Thread
from typing import NamedTuple

from service.errors import AttendanceLettersError, Problem
from service.faults import note_pupil_fault
from service.memory.issuing import Issued, issue_for
from service.memory.memory import Memory
from service.memory.today import Today
from service.storage.people.people_kept import Person

MOST_RUNS = 100
ISSUED_TODAY = "A letter about this pupil was issued today already. Issue this one tomorrow."


class Job(NamedTuple):
    """A pupil's number, and what issues the letter."""

    pupil: int
    issue: Callable[[], Issued]


@dataclass(slots=True)
class IssueRun:
    """How far a run is, and what came of it: the letters' numbers, why others were not issued, by pupil, and the pupils
    whose letter waits for a signatory now."""

    school: int
    total: int
    done: int = 0
    letters: list[int] = field(default_factory=list)
    labels: Counter[str] = field(default_factory=Counter)
    problems: list[tuple[int, Problem]] = field(default_factory=list)
    asked: list[int] = field(default_factory=list)
    is_over: bool = False


class IssueRuns:
    """The runs since the service started."""

    def __init__(self) -> None:
        self._runs: dict[str, IssueRun] = {}

    def find(self, school: int, token: str) -> IssueRun | None:
        """A run of a school."""
        run = self._runs.get(token)
        return run if run and run.school == school else None

    def start(self, school: int, jobs: Sequence[Job]) -> str:
        """Begin to issue, one job after another; the run's token."""
        token, run = secrets.token_hex(16), IssueRun(school, len(jobs))
        self._runs[token] = run
        for oldest in list(self._runs)[:-MOST_RUNS]:
            del self._runs[oldest]
        Thread(target=_issue_all, args=(jobs, run), name="issue", daemon=True).start()
        return token


def jobs_to_issue(
    memory: Memory, today: Today, seen: Mapping[int, int], who: Person, slots: Sequence[Mapping[str, str]]
) -> list[Job]:
    """Issue for pupils, each as it was when somebody looked (`seen`: the version by number); meetings go in order."""
    free = list(slots)

    def issue(number: int, version: int) -> Issued:
        slot = free[0] if free else None
        done = issue_for(memory, today, number, by=who.initials, meeting=slot, asker=who.id, seen=version)
        if slot is not None and (done.kept or done.is_asked) and done.remembered.pupil.record.meeting is slot:
            free.pop(0)
        return done

    return [Job(number, partial(issue, number, version)) for number, version in seen.items()]


def _issue_all(jobs: Sequence[Job], run: IssueRun) -> None:
    try:
        for job in jobs:
            _issue_one(job, run)
            run.done += 1
    finally:
        run.is_over = True


def _issue_one(job: Job, run: IssueRun) -> None:
    try:
        done = job.issue()
    except AttendanceLettersError as error:
        run.problems += ((job.pupil, problem) for problem in error.problems)
    except Exception as error:  # one pupil's fault keeps nobody else's letter back
        run.problems.append((job.pupil, note_pupil_fault(error)))
    else:
        _note(job.pupil, done, run)


def _note(pupil: int, done: Issued, run: IssueRun) -> None:
    if done.is_asked:
        run.asked.append(pupil)
        return
    run.letters += (kept.number for kept in done.kept)
    run.labels.update(kept.letter.label for kept in done.kept)
    run.problems += ((pupil, problem) for problem in done.issue.problems)
    if done.waits:
        run.problems.append((pupil, Problem("issued-today", ISSUED_TODAY)))
