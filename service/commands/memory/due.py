"""`due`: what is due today, and why, from memory."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from functools import partial

import click

from service.commands.decision_table import DecisionTable
from service.commands.memory.opening import AT, Opened, opened
from service.commands.options import ON, POLICY, answers_for_everybody
from service.commands.outcome import DONE, SOME_NOT_USED, say_problems
from service.commands.overview import Overview
from service.commands.supposed import suppose
from service.decisions.bounds.assumptions import Assumptions
from service.decisions.decision import Decision
from service.errors import Problem
from service.memory.due_today import Due
from service.memory.looking.due_together import tell_due
from service.memory.today import Today

_HOW_TO_ANSWER = "record PUPIL --answer 'parent engaged=yes', or import an export with a table of answers"
_NO_HISTORY = (
    "Note: Nothing says what was sent to {pupils} before, so only first letters are offered. Import an export with a "
    "history (the index.csv of an earlier run is one), or once more with --nothing-sent-yet."
)

_ENCODER = json.JSONEncoder(ensure_ascii=False)
Decided = tuple[Due, Decision]


@click.command()
@POLICY
@ON
@AT
@answers_for_everybody
@click.option("--all", "everybody", is_flag=True, help="Also the pupils for whom nothing is due.")
@click.option("--json", "as_json", is_flag=True, help="One JSON decision a line instead of the table.")
def due(policy: str, on: date | None, at: str, everybody: bool, as_json: bool, assumptions: Assumptions) -> int:
    """What is due today (or on another day) and why, from what is remembered. Issues nothing."""
    with opened(at) as here:
        today = here.today(policy, on, assumptions)
        faults = _say_lines(here, today, everybody) if as_json else _say_table(here, today, everybody)
    if faults:
        say_problems("Some pupils could not be decided", faults)
    return SOME_NOT_USED if faults else DONE


def _say_lines(here: Opened, today: Today, everybody: bool) -> list[Problem]:
    """One JSON decision a line, as they come; what went wrong."""
    faults = list[Problem]()
    with closing(tell_due(here.memory, today, partial(_tell_lines, everybody))) as told:
        for lines, problems in told:
            if lines:
                click.echo(lines)
            faults += problems
    return faults


def _tell_lines(everybody: bool, found: Iterable[Due]) -> tuple[str, list[Problem]]:
    faults = list[Problem]()
    return "\n".join(_as_lines(_usable(found, faults), everybody)), faults


def _as_lines(found: Iterable[Decided], everybody: bool) -> Iterator[str]:
    for item, decision in found:
        if everybody or item.is_due:
            held = [str(hold) for hold in item.remembered.pupil.record.holds]
            supposed = suppose(item.remembered.pupil, decision).as_json()
            line = {**decision.as_json(), **supposed, **({"letters_held": held} if held else {})}
            yield _ENCODER.encode(line)


@dataclass
class _Portion:
    """What is to be said of some pupils; `pupils` is how many there are."""

    table: DecisionTable
    overview: Overview
    pupils: int = 0
    without_history: int = 0
    faults: list[Problem] = field(default_factory=list)

    def join(self, following: _Portion) -> None:
        """Add the pupils who follow."""
        self.table.join(following.table, self.pupils)
        self.overview.join(following.overview)
        self.pupils += following.pupils
        self.without_history += following.without_history
        self.faults += following.faults


def _say_table(here: Opened, today: Today, everybody: bool) -> list[Problem]:
    """The first paragraph, then the pupils, worst first; what went wrong."""
    width = shutil.get_terminal_size((120, 40)).columns
    whole = _tell_table(width, everybody, ())
    with closing(tell_due(here.memory, today, partial(_tell_table, width, everybody))) as told:
        for portion in told:
            whole.join(portion)
    pupils = "1 pupil" if whole.without_history == 1 else f"{whole.without_history} pupils"
    notices = [_NO_HISTORY.format(pupils=pupils)] if whole.without_history else []
    click.echo("\n".join(whole.overview.say(today.policy.name, today.on, notices)))
    lines = list(whole.table.say(whole.overview.said_once))
    if lines:
        click.echo("\n" + "\n".join(lines))
    return whole.faults


def _tell_table(width: int, everybody: bool, found: Iterable[Due]) -> _Portion:
    told = _Portion(DecisionTable(width, shows_all=everybody), Overview(how_to_answer=_HOW_TO_ANSWER))
    for item, decision in _usable(found, told.faults):
        record = item.remembered.pupil.record
        told.pupils += 1
        supposed = suppose(item.remembered.pupil, decision)
        told.overview.add(record, decision, supposed)
        told.without_history += not record.history_known
        if everybody or item.is_due:
            told.table.add(told.pupils, record, decision, supposed)
    return told


def _usable(found: Iterable[Due], faults: list[Problem]) -> Iterator[Decided]:
    for item in found:
        if item.decision:
            yield item, item.decision
        elif item.fault:
            faults.append(item.fault)
