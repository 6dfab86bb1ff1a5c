"""`check`: rules files with their cases, and letter templates."""

from __future__ import annotations

from pathlib import Path

import click

from service.checking import check_all, check_path
from service.commands.outcome import DONE, SOME_NOT_USED, say_problems
from service.settings import read_settings


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path, exists=True))
def check(paths: tuple[Path, ...]) -> int:
    """What is wrong with rules files and letter templates; without PATHS, with all that the service uses."""
    settings = read_settings()
    found = [item for path in paths for item in check_path(path, settings)] if paths else list(check_all(settings))
    for item in found:
        if item.problems:
            say_problems(item.name, item.problems)
        else:
            click.echo(f"{item.name}: {item.right}, all right")
            for note in item.notes:
                click.echo(f"  {note}")
    faulty = sum(bool(item.problems) for item in found)
    click.echo(f"{len(found)} checked, {faulty} with problems.")
    return SOME_NOT_USED if faulty else DONE
