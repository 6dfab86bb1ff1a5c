"""`due`: what is due today, and why, from memory."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Iterator
from datetime import date

import click

from service.cohort.pupil_row import PupilRow
from service.commands.decision_table import DecisionTable
from service.commands.memory.opening import AT, opened
from service.commands.options import ON, POLICY, answers_for_everybody
from service.commands.outcome import DONE, SOME_NOT_USED, say_problems
from service.commands.overview import Overview
from service.decisions.bounds.assumptions import Assumptions
from service.decisions.decision import Decision
from service.errors import Problem
from service.memory.due_today import Due, find_due
from service.memory.today import Today

_HOW_TO_ANSWER = "record PUPIL --answer, or an export with a table of answers"
_NO_HISTORY = (
    "Note: Nothing says what was sent to {pupils} before, so only first letters are offered. Import an export with a "
    "history (the index.csv of an earlier run is one), or once more with --nothing-sent-yet."
)


@click.command()
@POLICY
@ON
@AT
@answers_for_everybody
@click.option("--all", "everybody", is_flag=True, help="Also the pupils for whom nothing is due.")
@click.option("--json", "as_json", is_flag=True, help="One JSON decision a line instead of the table.")
def due(policy: str, on: date | None, at: str, everybody: bool, as_json: bool, assumptions: Assumptions) -> int:
    """What is due today (or on another day) and why, from what is remembered. Issues nothing."""
    faults = list[Problem]()
    with opened(at) as here:
        today = here.today(policy, on, assumptions)
        found = _usable(find_due(here.memory, today), faults)
        if as_json:
            _say_lines(found, everybody)
        else:
            _say_table(found, today, everybody)
    if faults:
        say_problems("Some pupils could not be decided", faults)
    return SOME_NOT_USED if faults else DONE


Decided = tuple[Due, Decision]


def _usable(found: Iterable[Due], faults: list[Problem]) -> Iterator[Decided]:
    for item in found:
        if item.decision:
            yield item, item.decision
        elif item.fault:
            faults.append(item.fault)


def _say_lines(found: Iterable[Decided], everybody: bool) -> None:
    for item, decision in found:
        if everybody or item.is_due:
            held = [str(hold) for hold in item.remembered.pupil.record.holds]
            line = {**decision.as_json(), **({"letters_held": held} if held else {})}
            click.echo(json.dumps(line, ensure_ascii=False))


def _say_table(found: Iterable[Decided], today: Today, everybody: bool) -> None:
    overview, without_history = Overview(how_to_answer=_HOW_TO_ANSWER), 0
    table = DecisionTable(shutil.get_terminal_size((120, 40)).columns, shows_all=everybody)
    for number, (item, decision) in enumerate(found, 1):
        record = item.remembered.pupil.record
        overview.add(record, decision)
        without_history += not record.history_known
        if everybody or item.is_due:
            table.add(PupilRow(number, "", record.key, record), record, decision)
    pupils = "1 pupil" if without_history == 1 else f"{without_history} pupils"
    notices = [_NO_HISTORY.format(pupils=pupils)] if without_history else []
    click.echo("\n".join(overview.say(today.policy.name, today.on, notices)))
    lines = list(table.say(overview.said_once))
    if lines:
        click.echo("\n" + "\n".join(lines))
