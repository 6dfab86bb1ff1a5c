"""What a program does with an input, in this process: read, decide, write to everybody; and what must never happen."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from service.attendance.reading.records import read_record
from service.attendance.record import AttendanceRecord
from service.batches.meeting_slots import Slots
from service.batches.questions import question_rows
from service.batches.run import CohortRun, RunRow, run_cohort
from service.checking import Checked, check_path
from service.cohort.join import read_cohort
from service.commands.outcome import notices_of
from service.desk import Desk
from service.errors import AttendanceLettersError, Problem
from service.issue import issue_letters
from service.letters.catalogue import Catalogue
from service.pupil import Pupil
from service.sample.sample_school import SAMPLE_SCHOOL
from service.settings import Settings, read_settings
from tests.invented import CALENDAR, SUMMARY, make_values

ON = date(2026, 11, 20)
SHIPPED = Path(__file__).parents[2]


class WrongError(Exception):
    """What an input led to and must not."""


@dataclass
class Outcome:
    """What became of an export: the records by key, and what was said of which rows and pupils."""

    records: dict[str, AttendanceRecord] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    unusable: set[str] = field(default_factory=set)
    is_refused: bool = False


class Workshop:
    """A folder to put an input into, and a desk that is opened once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.settings = read_settings({})
        self.desk = Desk(self.settings, SAMPLE_SCHOOL)
        self.policy = self.desk.policy("bradford")

    @cached_property
    def client(self) -> Any:
        """Requests to the application without a network."""
        from service.app import create_app

        return create_app(self.settings, SAMPLE_SCHOOL).test_client()

    def put(self, name: str, content: bytes) -> Path:
        """A file of the folder."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path

    def read_export(self, path: Path, is_decided: bool, shape: str = "") -> Outcome:
        """An export read and, where wanted, decided and written to in every letter; raises WrongError."""
        try:
            cohort = read_cohort(path, self.policy.events, ON, shape)
            if is_decided:
                run = CohortRun(self.desk, self.desk.school(), self.policy, ON)
                items = list(run_cohort(run, cohort, Slots([])))
            else:
                items = [RunRow(row, None) for row in cohort.pupils]
        except AttendanceLettersError as error:
            check_told(error.problems)
            return Outcome(problems=list(error.problems), is_refused=True)
        outcome = Outcome(problems=list(cohort.problems), notices=list(notices_of(cohort)))
        for item in items:
            take(item, outcome)
        check_told(outcome.problems)
        return outcome

    def write_letter(self, desk: Desk, letter: str) -> None:
        """A letter about an ordinary pupil, from a desk with an odd template or school."""
        record = read_record(make_values(**SUMMARY))
        try:
            issue = issue_letters(desk, Pupil(record, desk.school(), self.policy, ON, CALENDAR), letter)
        except AttendanceLettersError as error:
            check_told(error.problems)
            return
        check_told(issue.problems)
        for made in issue.letters:
            str(made.text)

    def desk_with_letters(self, folder: Path) -> Desk:
        """The desk with another folder of letters."""
        desk = Desk.__new__(Desk)
        desk.__dict__.update(self.desk.__dict__)
        desk.catalogue = Catalogue(folder)
        return desk

    def desk_with_school(self, path: Path) -> Desk:
        """The desk with another school.toml."""
        desk = Desk.__new__(Desk)
        desk.__dict__.update(self.desk.__dict__)
        desk._given, desk._opened = {"": path}, {}
        return desk

    def check(self, path: Path, settings: Settings | None = None) -> None:
        """What `check` says of a file."""
        check_checked(check_path(path, settings or self.settings))

    def with_letters(self, folder: Path) -> Settings:
        """The settings with another folder of letters."""
        return replace(self.settings, letters=folder)


def take(item: RunRow, outcome: Outcome) -> None:
    """Take what became of a pupil; everything that would be said or written of it is made."""
    outcome.problems += item.row.problems
    if item.row.record is None:
        outcome.unusable.add(item.row.key)
        return
    outcome.records[item.row.key] = item.row.record
    if item.issue:
        item.issue.decision.as_json()
        list(question_rows(item.row.record, item.issue.decision))
        outcome.problems += item.issue.problems
        for letter in item.issue.letters:
            str(letter.text)


def check_checked(found: Iterator[Checked]) -> None:
    """What was checked is told in sentences."""
    for item in found:
        check_told(item.problems)


def check_told(problems: Iterable[Problem]) -> None:
    """Problems are sentences for a person, and none of them is a fault of ours."""
    for problem in problems:
        if problem.code == "unexpected-error":
            raise WrongError("a fault of ours")
        said = str(problem)
        if len(said) > LONGEST_SENTENCE:
            raise WrongError(f"a problem of {len(said):,} characters")
        said.encode()


LONGEST_SENTENCE = 3_000


def new_folder() -> tempfile.TemporaryDirectory[str]:
    """A folder in memory, where there is one."""
    memory = Path("/dev/shm")  # noqa: S108  # only where it is there; files of mutants need no disk
    return tempfile.TemporaryDirectory(prefix="mutants-", dir=memory if memory.is_dir() else None)
