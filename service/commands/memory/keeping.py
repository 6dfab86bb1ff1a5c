"""`backup`, `restore`, `purge` and `audit`: what is remembered is kept safe, and no longer than it should be."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from service.commands.memory.opening import AT, day_or_today, opened
from service.commands.options import ON
from service.commands.outcome import DONE, SOME_NOT_USED, say_problems
from service.decisions.wording import say_count, say_list
from service.desk import Desk
from service.errors import Problem
from service.memory.keeping.auditing import list_entries, verify_all
from service.memory.keeping.backing_up import back_up
from service.memory.keeping.purging import Purged
from service.memory.keeping.purging import purge as purge_school
from service.memory.keeping.restoring import restore as restore_backup
from service.memory.keeping.sweeping import sweep
from service.memory.memory import COMMAND, open_memory, open_schools
from service.settings import read_settings

FILE = click.argument("file", type=click.Path(path_type=Path, dir_okay=False))


@click.command()
@FILE
def backup(file: Path) -> int:
    """Write everything that is remembered to FILE, while the service works."""
    with open_memory(Desk(read_settings()), COMMAND) as memory:
        done = back_up(memory, file)
    click.echo(f"{say_count(done.rows, 'row')} and {say_count(done.files, 'file')} of letters are in {file}.")
    return DONE


@click.command()
@FILE
@click.option("--replace", is_flag=True, help="Put the backup in place of what is remembered here.")
def restore(file: Path, replace: bool) -> int:
    """Check FILE, a backup, then restore it. Pupils who were erased since stay erased."""
    with open_memory(Desk(read_settings()), COMMAND) as memory:
        done = restore_backup(memory, file, replace)
    click.echo(f"Everything is as it was when {file} was written, with {say_count(done.files, 'file')} of letters.")
    if done.erased:
        click.echo(f"Erased again, because they were erased since then: {say_count(done.erased, 'pupil')}.")
    return DONE


@click.command()
@ON
def purge(on: date | None) -> int:
    """Delete what has been kept long enough by the settings KEEP_…, and files that no letter needs. Once a day."""
    with open_memory(Desk(read_settings()), COMMAND) as memory:
        for school in open_schools(memory):
            done = purge_school(memory, school, day_or_today(on))
            click.echo(f"{school.stored.key}: {_say_purged(done)}")
        swept = sweep(memory)
    if count := swept.removed + swept.unfinished:
        click.echo(f"Removed {say_count(count, 'file')} that no letter needs.")
    if swept.missing:
        sentence = f"The file of {say_count(len(swept.missing), 'letter')} is gone. Restore a backup."
        say_problems("Files are missing", [Problem("missing-file", sentence)])
    return SOME_NOT_USED if swept.missing else DONE


def _say_purged(done: Purged) -> str:
    kinds = {
        "letter": done.letters,
        "event": done.events,
        "register": done.registers,
        "export note": done.uploads,
        "pupil": done.pupils,
    }
    said = [say_count(number, kind) for kind, number in kinds.items() if number]
    if done.batches:
        said.append("1 batch" if done.batches == 1 else f"{done.batches:,} batches")
    return f"deleted {say_list(said)}." if said else "nothing has been kept long enough to be deleted."


@click.group()
def audit() -> None:
    """Who did what, when."""


@audit.command("list")
@AT
@click.option("--last", default=50, show_default=True, type=click.IntRange(1, 1_000_000), help="How many entries.")
def list_audit(at: str, last: int) -> int:
    """The last entries of a school's audit, the latest first: when, by whom, what, and to which number."""
    with opened(at) as here:
        entries = list_entries(here.memory, here.school, 0, last)
    for link in entries.links:
        click.echo(f"{link.number:>8}  {link.noted_at}  {entries.by[link.who]:<30}  {link.what}, {link.subject}")
    return DONE


@audit.command()
def verify() -> int:
    """Check that no entry of the audit was changed, added or taken out."""
    with open_memory(Desk(read_settings()), COMMAND) as memory:
        found = verify_all(memory)
    for school in found:
        entries = f"{school.entries} {'entry' if school.entries == 1 else 'entries'}"
        click.echo(f"{school.key}: {entries}, {'all right' if not school.problems else 'broken'}")
    problems = [Problem("broken-audit", f"{school.key}: {item}") for school in found for item in school.problems]
    if problems:
        say_problems("The audit was tampered with", problems)
    return SOME_NOT_USED if problems else DONE
