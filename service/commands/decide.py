"""`decide`: what each pupil of a cohort is due, and why."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import click

from service.attendance.record import AttendanceRecord
from service.attendance.school import School
from service.batches.csv_files import open_csv
from service.batches.questions import QUESTION_COLUMNS, question_rows
from service.cohort.join import Cohort
from service.cohort.pupil_row import PupilRow
from service.cohort.row_counts import settle
from service.commands.decision_table import DecisionTable
from service.commands.options import CohortAsked, asks_about_a_cohort
from service.commands.outcome import finish, notices_of, say_notices, say_unusable
from service.commands.overview import Overview
from service.commands.rows import say_row_counts
from service.commands.supposed import suppose
from service.decisions.bounds.assumptions import NOTHING_ASSUMED, Assumptions
from service.decisions.decision import Decision
from service.decisions.policy import Policy
from service.errors import AttendanceLettersError
from service.faults import note_pupil_fault
from service.pupil import Pupil

Decided = tuple[PupilRow, AttendanceRecord | None, Decision | None]


@dataclass(frozen=True, slots=True)
class Run:
    """What is decided about: the cohort, its school and policy, the day, and what was said once for every pupil."""

    cohort: Cohort
    school: School
    policy: Policy
    on: date
    assumptions: Assumptions

    def pupil(self, record: AttendanceRecord) -> Pupil:
        """A pupil of the cohort, to decide about."""
        return Pupil(record, self.school, self.policy, self.on, self.cohort.calendar, self.assumptions)


@click.command()
@asks_about_a_cohort
@click.option("--all", "shows_all", is_flag=True, help="Show pupils who are due nothing as well.")
@click.option("--json", "as_json", is_flag=True, help="One JSON decision a line instead of the table.")
@click.option(
    "--questions", type=click.Path(path_type=Path), help="Write the questions that are still open to this CSV file."
)
def decide(asked: CohortAsked, shows_all: bool, as_json: bool, questions: Path | None) -> int:
    """What each pupil of COHORT (a folder or a file) is due, and why. Issues nothing."""
    desk, chosen = asked.desk()
    opened, day = asked.open(desk, chosen)
    run = Run(opened, desk.school(), chosen, day, asked.assumptions)
    decided = _decide_all(run)
    with open_csv(questions, QUESTION_COLUMNS) if questions else nullcontext() as open_questions:
        if open_questions:
            decided = _asking(decided, lambda record, decision: open_questions.write(question_rows(record, decision)))
        overview = _say_lines(decided, run) if as_json else _say_table(decided, run, shows_all)
        if open_questions:
            click.echo(f"{open_questions.count} questions in {questions}.", err=True)
    if as_json:
        for line in say_row_counts(settle(opened.counts, overview.unusable)):
            click.echo(line, err=True)
        say_notices(opened)
    return finish(opened, overview.usable, len(overview.unusable))


def _decide_all(run: Run) -> Iterator[Decided]:
    for row in run.cohort.pupils:
        yield decide_row(row, run.cohort, run.school, run.policy, run.on, run.assumptions)


def decide_row(
    row: PupilRow, cohort: Cohort, school: School, policy: Policy, day: date, assumptions: Assumptions = NOTHING_ASSUMED
) -> Decided:
    """What one pupil is due, or why the row cannot be used."""
    if row.record is None:
        return row, None, None
    try:
        pupil = Pupil(row.record, school, policy, day, cohort.calendar, assumptions)
        return row, row.record, pupil.decide()
    except (AttendanceLettersError, OSError, MemoryError):  # of the run, and not of this pupil
        raise
    except Exception as error:  # one pupil's fault is no reason to decide about nobody
        return replace(row, record=None, problems=(note_pupil_fault(error),)), None, None


def _asking(decided: Iterator[Decided], ask: Callable[[AttendanceRecord, Decision], object]) -> Iterator[Decided]:
    """The same decisions, each asked about on its way."""
    for row, record, decision in decided:
        if record and decision:
            ask(record, decision)
        yield row, record, decision


def _say_lines(decided: Iterator[Decided], run: Run) -> Overview:
    """One JSON decision a line, as they come."""
    overview = Overview()
    for row, record, decision in decided:
        if record and decision:
            supposed = suppose(run.pupil(record), decision)
            overview.add(record, decision, supposed)
            held = [str(hold) for hold in record.holds]
            line = {
                "row": row.number,
                **decision.as_json(),
                **supposed.as_json(),
                **({"letters_held": held} if held else {}),
            }
            click.echo(json.dumps(line, ensure_ascii=False))
        else:
            overview.unusable.append(row)
            say_unusable(row)
    return overview


def _say_table(decided: Iterator[Decided], run: Run, shows_all: bool) -> Overview:
    """The first paragraph, then the pupils, worst first; rows that could not be used between them."""
    overview = Overview()
    table = DecisionTable(shutil.get_terminal_size((120, 40)).columns, shows_all)
    for row, record, decision in decided:
        if record and decision:
            supposed = suppose(run.pupil(record), decision)
            overview.add(record, decision, supposed)
            table.add(row.number, record, decision, supposed)
        else:
            overview.unusable.append(row)
    notes = (*say_row_counts(settle(run.cohort.counts, overview.unusable)), *notices_of(run.cohort))
    click.echo("\n".join(overview.say(run.policy.name, run.on, notes)))
    for row in overview.unusable:
        say_unusable(row)
    lines = list(table.say(overview.said_once))
    if lines:
        click.echo("\n" + "\n".join(lines))
    return overview
