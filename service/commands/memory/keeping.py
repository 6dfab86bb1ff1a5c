"""`backup`, `restore`, `purge` and `audit`: what is remembered is kept safe, and no longer than it should be."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from service.commands.memory.opening import day_or_today
from service.commands.options import ON
from service.commands.outcome import DONE, SOME_NOT_USED, say_problems
from service.desk import Desk
from service.errors import Problem
from service.memory.keeping.auditing import verify_all
from service.memory.keeping.backing_up import back_up
from service.memory.keeping.purging import purge as purge_school
from service.memory.keeping.restoring import restore as restore_backup
from service.memory.keeping.sweeping import sweep
from service.memory.memory import open_memory, open_schools
from service.settings import read_settings

FILE = click.argument("file", type=click.Path(path_type=Path, dir_okay=False))


@click.command()
@FILE
def backup(file: Path) -> int:
    """Write everything that is remembered to FILE, while the service works."""
    with open_memory(Desk(read_settings())) as memory:
        done = back_up(memory, file)
    click.echo(f"{done.rows} entries and {done.files} letters in {file}.")
    return DONE


@click.command()
@FILE
@click.option("--replace", is_flag=True, help="Put the backup in place of what is remembered here.")
def restore(file: Path, replace: bool) -> int:
    """Check FILE, a backup, then restore it. Pupils who were erased since stay erased."""
    with open_memory(Desk(read_settings())) as memory:
        done = restore_backup(memory, file, replace)
    click.echo(f"Restored, with {done.files} letters. {done.erased} pupils were erased again.")
    return DONE


@click.command()
@ON
def purge(on: date | None) -> int:
    """Delete what has been kept long enough by the settings KEEP_…, and files that no letter needs. Once a day."""
    with open_memory(Desk(read_settings())) as memory:
        for school in open_schools(memory):
            done = purge_school(memory, school, day_or_today(on))
            click.echo(
                f"{school.stored.key}: {done.letters} letters, {done.events} events, {done.registers} registers, "
                f"{done.uploads} notes on exports and {done.pupils} pupils deleted."
            )
        swept = sweep(memory)
    click.echo(f"{swept.removed + swept.unfinished} files without a letter removed.")
    if swept.missing:
        sentence = f"{len(swept.missing)} letters have lost their file. Restore a backup."
        say_problems("Files are missing", [Problem("missing-file", sentence)])
    return SOME_NOT_USED if swept.missing else DONE


@click.group()
def audit() -> None:
    """Who did what, when."""


@audit.command()
def verify() -> int:
    """Check that no entry of the audit was changed, added or taken out."""
    with open_memory(Desk(read_settings())) as memory:
        found = verify_all(memory)
    for school in found:
        click.echo(f"{school.key}: {school.entries} entries, {'all right' if not school.problems else 'broken'}")
    problems = [Problem("broken-audit", f"{school.key}: {item}") for school in found for item in school.problems]
    if problems:
        say_problems("The audit was tampered with", problems)
    return SOME_NOT_USED if problems else DONE
