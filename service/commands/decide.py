"""`decide`: what each pupil of a cohort is due, and why."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import replace
from datetime import date
from pathlib import Path

import click

from service.attendance.record import AttendanceRecord
from service.batches.csv_files import open_csv
from service.batches.questions import QUESTION_COLUMNS, question_rows
from service.cohort.join import Cohort
from service.cohort.pupil_row import PupilRow
from service.commands.decision_table import DecisionTable
from service.commands.options import (
    COHORT,
    NOTHING_SENT,
    ON,
    POLICY,
    SCHOOL,
    SHAPE,
    answers_for_everybody,
    open_cohort,
    school_beside,
)
from service.commands.outcome import finish, notices_of, say_notices, say_problems
from service.commands.overview import Overview
from service.decisions.bounds.assumptions import NOTHING_ASSUMED, Assumptions
from service.decisions.decide import decide as decide_pupil
from service.decisions.decision import Decision
from service.decisions.policy import Policy
from service.desk import Desk
from service.errors import AttendanceLettersError
from service.faults import note_pupil_fault
from service.settings import read_settings

Decided = tuple[PupilRow, AttendanceRecord | None, Decision | None]


@click.command()
@COHORT
@POLICY
@ON
@SCHOOL
@SHAPE
@NOTHING_SENT
@answers_for_everybody
@click.option("--all", "shows_all", is_flag=True, help="Show pupils who are due nothing as well.")
@click.option("--json", "as_json", is_flag=True, help="One JSON decision a line instead of the table.")
@click.option(
    "--questions", type=click.Path(path_type=Path), help="Write the questions that are still open to this CSV file."
)
def decide(
    cohort: Path,
    policy: str,
    on: date | None,
    school: Path | None,
    shape: str,
    nothing_sent: bool,
    shows_all: bool,
    as_json: bool,
    questions: Path | None,
    assumptions: Assumptions,
) -> int:
    """What each pupil of COHORT (a folder or a file) is due, and why. Issues nothing."""
    desk = Desk(read_settings(), school or school_beside(cohort))
    chosen = desk.policy(policy or desk.school().policy)
    opened, day = open_cohort(cohort, chosen, on, shape, nothing_sent, desk.school().marks_cover)
    decided = _decide_all(opened, chosen, day, assumptions)
    with open_csv(questions, QUESTION_COLUMNS) if questions else nullcontext() as asked:
        if asked:
            decided = _asking(decided, lambda record, decision: asked.write(question_rows(record, decision)))
        overview = _say_lines(decided) if as_json else _say_table(decided, chosen, day, opened, shows_all)
        if asked:
            click.echo(f"{asked.count} questions in {questions}.", err=True)
    if as_json:
        say_notices(opened)
    return finish(opened, overview.usable, overview.unusable)


def _decide_all(cohort: Cohort, policy: Policy, day: date, assumptions: Assumptions) -> Iterator[Decided]:
    for row in cohort.pupils:
        yield decide_row(row, cohort, policy, day, assumptions)


def decide_row(
    row: PupilRow, cohort: Cohort, policy: Policy, day: date, assumptions: Assumptions = NOTHING_ASSUMED
) -> Decided:
    """What one pupil is due, or why the row cannot be used."""
    if row.record is None:
        return row, None, None
    try:
        return row, row.record, decide_pupil(row.record, policy, day, cohort.calendar, assumptions)
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


def _say_lines(decided: Iterator[Decided]) -> Overview:
    """One JSON decision a line, as they come."""
    overview = Overview()
    for row, record, decision in decided:
        if record and decision:
            overview.add(record, decision)
            held = [str(hold) for hold in record.holds]
            line = {"row": row.number, **decision.as_json(), **({"letters_held": held} if held else {})}
            click.echo(json.dumps(line, ensure_ascii=False))
        else:
            overview.unusable += 1
            say_problems(f"{row.file}, row {row.number} could not be used", row.problems)
    return overview


def _say_table(decided: Iterator[Decided], policy: Policy, day: date, cohort: Cohort, shows_all: bool) -> Overview:
    """The first paragraph, then the pupils, worst first; rows that could not be used between them."""
    overview, unusable = Overview(), list[PupilRow]()
    table = DecisionTable(shutil.get_terminal_size((120, 40)).columns, shows_all)
    for row, record, decision in decided:
        if record and decision:
            overview.add(record, decision)
            table.add(row, record, decision)
        else:
            overview.unusable += 1
            unusable.append(row)
    click.echo("\n".join(overview.say(policy.name, day, notices_of(cohort))))
    for row in unusable:
        say_problems(f"{row.file}, row {row.number} could not be used", row.problems)
    lines = list(table.say(overview.said_once))
    if lines:
        click.echo("\n" + "\n".join(lines))
    return overview
