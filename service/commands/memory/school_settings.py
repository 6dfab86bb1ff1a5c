"""`school`: the schools of this deployment, from and to school.toml files."""

from __future__ import annotations

from pathlib import Path

import click

from service.commands.memory.opening import opened
from service.commands.outcome import DONE
from service.desk import Desk
from service.memory.memory import COMMAND, open_memory, open_schools
from service.memory.school_files import add_from_file, change_settings, write_settings
from service.settings import read_settings

KEY = click.argument("key")
FILE = click.argument("file", metavar="SCHOOL.toml", type=click.Path(path_type=Path, dir_okay=False))


@click.group("school")
def school_settings() -> None:
    """The schools that share this deployment; a single one needs none of this."""


@school_settings.command()
@KEY
@FILE
def add(key: str, file: Path) -> int:
    """Add a school under KEY with the settings of SCHOOL.toml."""
    with open_memory(Desk(read_settings()), COMMAND) as memory:
        add_from_file(memory, key, file)
    click.echo(f"{key} added. Import its export with --at {key}.")
    return DONE


@school_settings.command("list")
def list_all() -> int:
    """Every school with its key, policy and name."""
    with open_memory(Desk(read_settings()), COMMAND) as memory:
        for item in open_schools(memory):
            click.echo(f"{item.stored.key:<20}  {item.school.policy:<12}  {item.school.word('school_name')}")
    return DONE


@school_settings.command()
@KEY
@FILE
def change(key: str, file: Path) -> int:
    """Give the school with KEY the settings of another SCHOOL.toml."""
    with opened(key) as here:
        change_settings(here.memory, here.school, file)
    click.echo(f"{key} changed.")
    return DONE


@school_settings.command()
@KEY
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="The school.toml to write.")
def export(key: str, out: Path) -> int:
    """Write the settings of the school with KEY as a school.toml."""
    with opened(key) as here:
        out.write_text(write_settings(here.school.school), encoding="utf-8")
    click.echo(f"The settings of {key} are in {out}.")
    return DONE
