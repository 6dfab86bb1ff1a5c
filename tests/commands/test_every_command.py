"""Commands are read in when they are called."""

from __future__ import annotations

import subprocess
import sys

import click

from service.commands.every_command import WHERE
from service.commands.main import commands

LOADED = (
    "import sys; from service.commands.main import commands; "
    "commands.main([sys.argv[1], '--help'], standalone_mode=False); "
    "print(*sorted(name for name in sys.modules if name in ('flask', 'sqlalchemy')))"
)


def loaded_by(command: str) -> list[str]:
    """Which of the large libraries a command reads in to say how it is used."""
    done = subprocess.run([sys.executable, "-c", LOADED, command], capture_output=True, check=True, text=True)
    return done.stdout.splitlines()[-1].split()


def test_a_command_reads_in_what_it_needs_and_no_more() -> None:
    assert loaded_by("decide") == []
    assert loaded_by("due") == ["sqlalchemy"]


def test_every_command_of_the_table_is_called_by_its_name() -> None:
    context = click.Context(commands)
    found = {name: commands.get_command(context, name) for name in WHERE}
    assert {name: command.name for name, command in found.items() if command} == {name: name for name in WHERE}


def test_an_unknown_command_is_refused() -> None:
    assert commands.get_command(click.Context(commands), "decides") is None
