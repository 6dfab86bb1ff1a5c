"""A WHOLE COHORT: every pupil's decision and letters, one after another, and the index that accounts for each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from service.attendance.record import AttendanceRecord
from service.attendance.school import School
from service.cohort.join import Cohort
from service.cohort.pupil_row import PupilRow
from service.decisions.decision import Decision
from service.decisions.policy import Policy
from service.desk import Desk
from service.errors import Problem
from service.forms import NO_FORMS, FilledForms, fill_enclosures, fill_named_forms
from service.issue import Issue, IssuedLetter, Pupil, issue_letters

INDEX_COLUMNS = (
    "row upn pupil_reference last_name first_name registration_group outcome stage letter label recipient file "
    "reference must_be_posted enclosures documents review_on why to_do missing cautions returns problems source"
).split()
MESSAGE_COLUMNS = "row upn pupil_reference last_name first_name registration_group recipient message".split()
_NOT_A_NAME = re.compile(r"[^A-Za-z0-9]+")


@dataclass(frozen=True, slots=True)
class CohortRun:
    """What a run over a cohort is about: the school, the policy, the day, and which letters are wanted (empty: all).

    `with_documents` fills the forms that belong to each decision as well; `binds_enclosures` makes flat copies of those
    that go behind a letter in a print run.
    """

    desk: Desk
    school: School
    policy: Policy
    on: date
    only: frozenset[str] = frozenset()
    with_documents: bool = False
    binds_enclosures: bool = False


@dataclass(slots=True)
class Slots:
    """Meeting slots that are given out in order, one to each pupil who is invited and has no meeting yet."""

    free: list[dict[str, str]] = field(default_factory=list)

    def give(self, record: AttendanceRecord) -> AttendanceRecord:
        """The record with the next free slot."""
        return replace(record, meeting=self.free.pop(0))

    def take_back(self, record: AttendanceRecord) -> None:
        """Make a slot free again whose letter could not be made."""
        self.free.insert(0, dict(record.meeting))


@dataclass(frozen=True, slots=True)
class RunRow:
    """One pupil of a run: the row of the export and what came of it, or what is wrong with it."""

    row: PupilRow
    issue: Issue | None
    forms: FilledForms = NO_FORMS
    enclosures: tuple[bytes, ...] = ()


def run_cohort(run: CohortRun, cohort: Cohort, slots: Slots) -> Iterator[RunRow]:
    """Every pupil in the order of the export, decided and written to."""
    return (run_row(run, cohort, row, slots) for row in cohort.pupils)


def run_row(run: CohortRun, cohort: Cohort, row: PupilRow, slots: Slots) -> RunRow:
    """One pupil of the export, decided and written to."""
    return RunRow(row, None) if row.record is None else _run_pupil(run, cohort, row, row.record, slots)


def _run_pupil(run: CohortRun, cohort: Cohort, row: PupilRow, record: AttendanceRecord, slots: Slots) -> RunRow:
    pupil = Pupil(record, run.school, run.policy, run.on, cohort.calendar)
    decided = pupil.decide_with_facts()
    decision = decided.decision
    if run.only and decision.letter not in run.only:
        return RunRow(row, Issue(decided))
    if decision.missing_meeting and slots.free and not record.meeting:
        pupil = Pupil(slots.give(record), run.school, run.policy, run.on, cohort.calendar)
        issue = issue_letters(run.desk, pupil)
        if not issue.letters:
            slots.take_back(pupil.record)
    else:
        issue = issue_letters(run.desk, pupil, decided=decided)
    forms = fill_named_forms(run.desk, pupil, issue) if run.with_documents else NO_FORMS
    return RunRow(row, issue, forms, fill_enclosures(run.desk, pupil, issue) if run.binds_enclosures else ())


def file_name(row: PupilRow, letter: IssuedLetter) -> str:
    """A name without a child's name in it: registration group, row, letter, recipient.

    The row stands behind the number of its table where several tables list pupils: 2_17 is row 17 of the second.
    """
    return f"{_start_of_name(row)}-{letter.letter}-{letter.recipient.id}"


def form_files(item: RunRow) -> dict[str, bytes]:
    """The files of a pupil's forms: registration group, row, form."""
    return {f"{_start_of_name(item.row)}-{document.name}": document.content for document in item.forms.documents}


def _start_of_name(row: PupilRow) -> str:
    group = row.record.registration_group if row.record else ""
    number = f"{row.table}_{row.number}" if row.table else row.number
    return f"{_NOT_A_NAME.sub('', group) or 'x'}-{number}"


def index_rows(item: RunRow, files: Mapping[str, str], problems: Sequence[Problem] = ()) -> Iterator[dict[str, Any]]:
    """The lines of the index for one pupil: one for each letter, or one that says why there is none.

    `files` maps the recipient's id to the letter's file; `problems` are those of turning letters into files.
    """
    if item.issue is None:
        yield _unusable(item.row)
        return
    problems = (*item.issue.problems, *item.forms.problems, *problems)
    common = _common(item.row, item.issue.decision, problems) | {"documents": "; ".join(form_files(item))}
    for letter in item.issue.letters:
        yield {
            **common,
            "letter": letter.letter,
            "label": letter.label,
            "recipient": letter.recipient.name,
            "file": files.get(letter.recipient.id, ""),
            "reference": letter.reference,
            "must_be_posted": "yes" if letter.must_be_posted else "",
            "enclosures": "; ".join(letter.enclosures),
            "cautions": " ".join([*item.issue.decision.cautions, letter.recipient.caution]).strip(),
        }
    if not item.issue.letters:
        yield common


def _common(row: PupilRow, decision: Decision, problems: Iterable[Problem]) -> dict[str, Any]:
    record = row.record
    return {
        "row": row.number,
        "upn": decision.upn,
        "pupil_reference": decision.pupil_reference,
        "last_name": record.last_name if record else "",
        "first_name": record.first_name if record else "",
        "registration_group": record.registration_group if record else "",
        "outcome": decision.outcome,
        "stage": decision.stage,
        "letter": decision.letter,
        "label": decision.letter_label,
        "review_on": decision.review_on.isoformat() if decision.review_on else "",
        "why": " ".join(reason.text for reason in decision.main_reasons),
        "to_do": " ".join(decision.to_do),
        "missing": "; ".join(decision.missing),
        "cautions": " ".join(decision.cautions),
        "returns": "; ".join(decision.returns),
        "problems": " ".join(problem.detail for problem in problems),
        "source": row.file,
    }


def _unusable(row: PupilRow) -> dict[str, Any]:
    return {
        "row": row.number,
        "upn": row.key,
        "outcome": "not used",
        "why": "This row could not be used.",
        "problems": " ".join(str(problem) for problem in row.problems),
        "source": row.file,
    }


def message_rows(item: RunRow) -> Iterator[dict[str, Any]]:
    """The lines for the school's app: to whom, and the message."""
    record = item.row.record
    for letter in item.issue.letters if item.issue else ():
        if letter.message and record:
            yield {
                "row": item.row.number,
                "upn": record.upn,
                "pupil_reference": record.pupil_reference,
                "last_name": record.last_name,
                "first_name": record.first_name,
                "registration_group": record.registration_group,
                "recipient": letter.recipient.name,
                "message": letter.message,
            }
