"""`reverse` and `reprint`: what was issued by mistake is taken back; a letter is printed again."""

from __future__ import annotations

from pathlib import Path

import click

from service.attendance.words import EVENTS
from service.commands.memory.opening import AT, BY, opened
from service.commands.outcome import DONE
from service.memory.reversing import read_again, take_back


@click.command()
@click.argument("what", metavar="REFERENCE")
@click.option("--why", default="", help="The reason, which stays in the history.")
@BY
@AT
def reverse(what: str, why: str, by: str, at: str) -> int:
    """Take back a letter by its REFERENCE, or an event by its number in `history`, with a reason."""
    with opened(at) as here:
        taken = take_back(here.memory, here.school, what, why, by)
    named = EVENTS.get(taken.event, taken.event.replace("_", " "))
    click.echo(f"Taken back: {named}{' (' + ', '.join(taken.references) + ')' if taken.references else ''}.")
    return DONE


@click.command()
@click.argument("reference")
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="The file to write.")
@AT
def reprint(reference: str, out: Path, at: str) -> int:
    """Write the letter with this REFERENCE again, byte for byte as it was issued."""
    with opened(at) as here:
        letter, content = read_again(here.memory, here.school, reference)
    out.write_bytes(content)
    click.echo(f"{letter.label} of {letter.day:%d/%m/%Y} in {out}.")
    return DONE
