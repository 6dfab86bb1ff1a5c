"""`approvals`: the letters that wait for a signatory, and one that is asked for no more.

A signatory approves on the pages, signed in: initials on a command line are no second person.
"""

from __future__ import annotations

import click

from service.commands.memory.opening import AT, BY, Opened, opened
from service.commands.outcome import DONE
from service.decisions.wording import say_count, say_day
from service.errors import Problem, RequestError
from service.memory.approval.approving import drop, find_approvals
from service.memory.remembered import keys_of, number_of
from service.storage.approval.approvals_kept import Approval

SHOWN = 50
SAID = {"approved": "approved", "refused": "not approved", "dropped": "asked for no more"}


@click.command()
@click.option("--drop", "dropped", default="", help="Ask no more for the letter about this pupil, by UPN or reference.")
@click.option("--settled", is_flag=True, help="Also what was said last.")
@BY
@AT
def approvals(dropped: str, settled: bool, by: str, at: str) -> int:
    """Letters that wait for a signatory, who approves them on the pages."""
    with opened(at) as here:
        if dropped:
            asked = _find_waiting(here, dropped)
            drop(here.memory, here.school, asked.id, by)
            click.echo(f"{dropped}: {asked.label} is asked for no more.")
            return DONE
        found = find_approvals(here.memory, here.school, SHOWN if settled else 0)
        keys = keys_of(here.memory, here.school, {one.pupil for one in (*found.waiting, *found.settled)})
    wait = "waits" if len(found.waiting) == 1 else "wait"
    click.echo(f"{say_count(len(found.waiting), 'letter')} {wait} for a signatory.")
    for one in found.waiting:
        click.echo(f"  {keys.get(one.pupil, '')}: {one.label}, asked for on {say_day(one.day)}{_by(one.asked_by)}")
    if found.settled:
        click.echo("What was said last:")
    for one in found.settled:
        why = f": {one.why}" if one.why else ""
        click.echo(f"  {keys.get(one.pupil, '')}: {one.label}, {SAID[one.state]}{_by(one.settled_by)}{why}")
    return DONE


def _by(initials: str) -> str:
    return f" by {initials}" if initials else ""


def _find_waiting(here: Opened, name: str) -> Approval:
    pupil = number_of(here.memory, here.school, name)
    for one in find_approvals(here.memory, here.school).waiting:
        if one.pupil == pupil:
            return one
    sentence = f"No letter about {name} waits for a signatory. `approvals` lists those that do."
    raise RequestError("nothing-waits", "Nothing was changed", Problem("nothing-waits", sentence))
