"""`pupil export` and `pupil erase`: everything about one pupil, given out or erased."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from service.commands.memory.opening import AT, PUPIL, opened
from service.commands.options import ON, POLICY
from service.commands.outcome import DONE
from service.memory.keeping.erasing import erase_pupil
from service.memory.keeping.pupil_file import write_pupil_file
from service.memory.remembered import number_of


@click.group("pupil")
def pupil_data() -> None:
    """Everything about one pupil."""


@pupil_data.command()
@PUPIL
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="The ZIP to write.")
@POLICY
@ON
@AT
def export(pupil: str, out: Path, policy: str, on: date | None, at: str) -> int:
    """Write everything that is kept about PUPIL, with letters and forms, to a ZIP."""
    with opened(at) as here:
        number = number_of(here.memory, here.school, pupil)
        entries, letters = write_pupil_file(here.memory, here.today(policy, on), number, out)
    click.echo(f"{entries} entries and {letters} letters in {out}.")
    return DONE


@pupil_data.command()
@PUPIL
@click.option("--yes", is_flag=True, help="Do not ask again.")
@AT
def erase(pupil: str, yes: bool, at: str) -> int:
    """Erase everything about PUPIL. It cannot be undone, and a restored backup erases it again."""
    with opened(at) as here:
        number = number_of(here.memory, here.school, pupil)
        if not yes:
            click.confirm("Erase everything about this pupil?", abort=True)
        erase_pupil(here.memory, here.school, number)
    click.echo("Everything about this pupil is erased here. Delete exports and letters kept elsewhere yourself.")
    return DONE
