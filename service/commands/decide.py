"""`decide`: what each pupil of a cohort is due, and why."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from contextlib import ExitStack
from datetime import date
from pathlib import Path

import click

from service.batches.csv_files import open_csv
from service.batches.questions import QUESTION_COLUMNS, question_rows
from service.cohort.join import read_cohort
from service.commands.decision_table import say_decision, say_due, say_headings, say_totals
from service.commands.options import COHORT, ON, POLICY, SCHOOL, agree_day, school_beside
from service.commands.outcome import finish, say_problems
from service.decisions.decide import decide as decide_pupil
from service.desk import Desk
from service.settings import read_settings


@click.command()
@COHORT
@POLICY
@ON
@SCHOOL
@click.option("--json", "as_json", is_flag=True, help="One JSON decision a line instead of the table.")
@click.option(
    "--questions", type=click.Path(path_type=Path), help="Write the questions that are still open to this CSV file."
)
def decide(
    cohort: Path, policy: str, on: date | None, school: Path | None, as_json: bool, questions: Path | None
) -> int:
    """What each pupil of COHORT (a folder or a file) is due, and why. Issues nothing."""
    desk = Desk(read_settings(), school or school_beside(cohort))
    chosen = desk.policy(policy or desk.school().policy)
    opened = read_cohort(cohort, chosen.events, on)
    day = agree_day(on, opened.on)
    totals, unusable = Counter[str](), 0
    with ExitStack() as stack:
        asked = stack.enter_context(open_csv(questions, QUESTION_COLUMNS)) if questions else None
        if not as_json:
            click.echo(say_headings())
        width = shutil.get_terminal_size((120, 40)).columns
        for row in opened.pupils:
            if row.record is None:
                unusable += 1
                say_problems(f"{row.file}, row {row.number} could not be used", row.problems)
                continue
            decision = decide_pupil(row.record, chosen, day, opened.calendar)
            if as_json:
                click.echo(json.dumps({"row": row.number, **decision.as_json()}, ensure_ascii=False))
            else:
                click.echo("\n".join(say_decision(row, row.record, decision, width)))
            totals[say_due(decision)] += 1
            if asked:
                asked.write(question_rows(row.record, decision))
        if not as_json:
            click.echo("\n" + "\n".join(say_totals(totals, unusable)))
        if asked:
            click.echo(f"{asked.count} questions in {questions}.", err=True)
    return finish(opened, totals.total(), unusable)
