"""`due`: what is due today, and why, from memory."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from datetime import date

import click

from service.cohort.pupil_row import PupilRow
from service.commands.decision_table import say_decision, say_due, say_headings, say_totals
from service.commands.memory.opening import AT, day_or_today, opened
from service.commands.options import ON, POLICY
from service.commands.outcome import DONE
from service.memory.due_today import find_due


@click.command()
@POLICY
@ON
@AT
@click.option("--all", "everybody", is_flag=True, help="Also the pupils for whom nothing is due.")
@click.option("--json", "as_json", is_flag=True, help="One JSON decision a line instead of the table.")
def due(policy: str, on: date | None, at: str, everybody: bool, as_json: bool) -> int:
    """What is due today (or on another day) and why, from what is remembered. Issues nothing."""
    totals = Counter[str]()
    width = shutil.get_terminal_size((120, 40)).columns
    with opened(at) as here:
        found = find_due(here.memory, here.school, here.policy(policy), day_or_today(on))
        if not as_json:
            click.echo(say_headings())
        for number, item in enumerate(found, 1):
            totals[say_due(item.decision)] += 1
            if not (everybody or item.is_due):
                continue
            if as_json:
                click.echo(json.dumps(item.decision.as_json(), ensure_ascii=False))
            else:
                record = item.remembered.pupil.record
                click.echo(
                    "\n".join(say_decision(PupilRow(number, "", record.key, record), record, item.decision, width))
                )
        if not as_json:
            click.echo("\n" + "\n".join(say_totals(totals, 0)))
    return DONE
