"""`sample`: an invented school to try things with."""

from __future__ import annotations

from pathlib import Path

import click

from service.commands.outcome import DONE
from service.sample.export import write_sample


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--pupils", default=240, show_default=True, type=click.IntRange(1, 1_000_000), help="How many pupils.")
@click.option("--seed", default=1, show_default=True, help="The same seed gives the same school.")
def sample(folder: Path, pupils: int, seed: int) -> int:
    """Write an invented school to FOLDER: pupils, marks, history, judgements, calendar, meetings and school.toml."""
    write_sample(folder, pupils, seed)
    click.echo(f"{pupils} invented pupils in {folder}. Try: attendance-letters decide {folder} --on 2026-11-20")
    return DONE
