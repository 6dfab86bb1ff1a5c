"""A WHOLE COHORT: every pupil's decision and letters, one after another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from service.attendance.record import AttendanceRecord
from service.attendance.school import School
from service.batches.enclosures import fill_enclosures
from service.batches.meeting_slots import Slots
from service.cohort.join import Cohort
from service.cohort.pupil_row import PupilRow
from service.decisions.bounds.assumptions import NOTHING_ASSUMED, Assumptions
from service.decisions.policy import Policy
from service.desk import Desk
from service.errors import AttendanceLettersError
from service.faults import note_pupil_fault
from service.fill import NO_FORMS, FilledForms, fill_named_forms
from service.issue import Issue, issue_letters
from service.pupil import Pupil


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
    assumptions: Assumptions = NOTHING_ASSUMED
    """What the school said once for every pupil."""


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
    if row.record is None:
        return RunRow(row, None)
    try:
        return _run_pupil(run, cohort, row, row.record, slots)
    except (AttendanceLettersError, OSError, MemoryError):  # of the run, and not of this pupil
        raise
    except Exception as error:  # one pupil's fault is no reason to write to nobody
        return RunRow(replace(row, record=None, problems=(note_pupil_fault(error),)), None)


def _run_pupil(run: CohortRun, cohort: Cohort, row: PupilRow, record: AttendanceRecord, slots: Slots) -> RunRow:
    pupil = Pupil(record, run.school, run.policy, run.on, cohort.calendar, run.assumptions)
    decided = pupil.decide_with_facts()
    decision = decided.decision
    if run.only and decision.letter not in run.only:
        return RunRow(row, Issue(decided))
    if decision.missing_meeting and slots.free and not record.meeting:
        pupil = Pupil(slots.give(record), run.school, run.policy, run.on, cohort.calendar, run.assumptions)
        issue = issue_letters(run.desk, pupil)
        if not issue.letters:
            slots.take_back(pupil.record)
    else:
        issue = issue_letters(run.desk, pupil, decided=decided)
    forms = fill_named_forms(run.desk, pupil, issue) if run.with_documents else NO_FORMS
    return RunRow(row, issue, forms, fill_enclosures(run.desk, pupil, issue, forms) if run.binds_enclosures else ())
