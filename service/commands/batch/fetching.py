"""`batch results`: what came of a batch, made from what is stored."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

import click

from service.batches.print_file import open_letter_run
from service.batches.results.packing_up import index_csv, messages_csv, write_zip
from service.batches.results.printing_out import fill_print_run
from service.batches.stored.batch_asked import find_batch
from service.commands.batch.batch import NUMBER, batch_group
from service.commands.memory.opening import AT, Opened, opened
from service.commands.outcome import DONE, SOME_NOT_USED, say_problems
from service.file_access import open_private_bytes

OUT = click.Path(path_type=Path, dir_okay=False)


@batch_group.command()
@NUMBER
@click.option("--zip", "letters", type=OUT, help="The letters as they were issued, with the index and messages.")
@click.option("--index", type=OUT, help="The index as CSV: every pupil, the letter or why there is none.")
@click.option("--messages", type=OUT, help="The messages for the school's app as CSV.")
@click.option("--print-run", type=OUT, help="The letters as one file to print: .pdf or .docx.")
@click.option("--order", type=click.Choice(("group", "postcode")), default="group", help="Of the file to print.")
@click.option("--sides", type=click.Choice(("both", "one")), default="both", help="Of the file to print.")
@AT
def results(
    batch: int,
    letters: Path | None,
    index: Path | None,
    messages: Path | None,
    print_run: Path | None,
    order: str,
    sides: str,
    at: str,
) -> int:
    """Write what came of BATCH; the same again whenever it is asked for."""
    if not (letters or index or messages or print_run):
        raise click.UsageError("Name what you want: --zip, --index, --messages or --print-run.")
    with opened(at) as here:
        find_batch(here.memory, here.school, batch)
        if letters:
            with open_private_bytes(letters) as file:
                count = write_zip(here.memory, here.school, batch, file)
            click.echo(f"{count} letters in {letters}.")
        for path, make in ((index, index_csv), (messages, messages_csv)):
            if path:
                _write(path, make(here.memory, here.school, batch))
        return _print(here, batch, print_run, order, sides) if print_run else DONE


def _write(path: Path, pieces: Iterable[bytes]) -> None:
    with open_private_bytes(path) as file:
        file.writelines(pieces)
    click.echo(f"{path} is written.")


def _print(here: Opened, batch: int, path: Path, order: str, sides: str) -> int:
    run = open_letter_run(path, order == "postcode", "one" if sides == "one" else "both", path.parent)
    with closing(here.desk.press), closing(run):
        problems = fill_print_run(here.memory, here.school, batch, run)
        click.echo(run.write(here.desk.press if run.is_pdf else None))
    if problems:
        say_problems("Some letters could not be printed", problems)
    return SOME_NOT_USED if problems else DONE
