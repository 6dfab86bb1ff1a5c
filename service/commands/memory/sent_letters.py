"""`reverse` and `reprint`: what was issued by mistake is taken back; a letter is printed again."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from service.attendance.words import EVENTS
from service.batches.own_files import OwnFiles
from service.batches.own_folder import HOLDS_FILES
from service.commands.memory.opening import AT, BY, Opened, opened
from service.commands.options import Day
from service.commands.outcome import DONE
from service.decisions.wording import say_count, say_day
from service.errors import Problem, RequestError
from service.file_access import make_private_folder, write_private
from service.memory.reversing import content_of, letters_of_day, name_of, read_again, take_back
from service.storage.stored import StoredLetter


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
    references = f" ({', '.join(taken.references)})" if taken.references else ""
    again = " It can be issued again." if taken.references else ""
    click.echo(f"Taken back: {named} of {say_day(taken.on)}{references}.{again}")
    return DONE


@click.command()
@click.argument("reference", default="")
@click.option("--of-day", type=Day(), help="Every letter issued on this day instead of one.")
@click.option(
    "--out", required=True, type=click.Path(path_type=Path), help="The file to write; a folder with --of-day."
)
@AT
def reprint(reference: str, of_day: date | None, out: Path, at: str) -> int:
    """Write the letter with this REFERENCE again, byte for byte as it was issued; or all letters of a day."""
    if bool(reference) == bool(of_day):
        raise click.UsageError("Name one letter by its reference, or a day with --of-day.")
    with opened(at) as here:
        if of_day:
            count = _write_day(here, of_day, out)
            click.echo(f"{say_count(count, 'letter')} of {say_day(of_day)}, written to {out}.")
        else:
            letter, content = read_again(here.memory, here.school, reference)
            write_private(out, content)
            click.echo(f"{letter.label} of {say_day(letter.day)} is in {out}.")
    return DONE


def _write_day(here: Opened, day: date, out: Path) -> int:
    """Write the letters of a day into a folder of their own; how many there are."""
    letters = letters_of_day(here.memory, here.school, day)
    if not letters:
        sentence = (
            f"No letter of {say_day(day)} is remembered. `history PUPIL` shows what was sent to a pupil, and when."
        )
        raise RequestError("no-letters", "Nothing was written", Problem("no-letters", sentence))
    make_private_folder(out)
    if any(out.iterdir()):
        raise RequestError(
            "folder-not-empty", "That folder is already in use", Problem("folder-not-empty", HOLDS_FILES)
        )
    folder = OwnFiles(out)
    try:
        for letter in letters:
            folder.write(*_file_of(here, letter))
    except BaseException:
        folder.take_back()
        raise
    return len(letters)


def _file_of(here: Opened, letter: StoredLetter) -> tuple[str, bytes]:
    content = content_of(here.memory, here.school, letter)
    return name_of(letter, content), content
