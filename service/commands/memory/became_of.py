"""`sent`: what became of issued letters: printed, sent by post, by e-mail or by hand; or not so."""

from __future__ import annotations

from datetime import date

import click

from service.commands.memory.opening import AT, BY, Opened, day_or_today, opened
from service.commands.options import Day
from service.commands.outcome import DONE
from service.decisions.wording import say_count
from service.errors import Problem, RequestError
from service.memory.dispatch.sending import HOW, note_printed, note_sent, undo_sending
from service.memory.reversing import letters_of_day
from service.storage.issued import find_letters


@click.command()
@click.argument("references", nargs=-1)
@click.option("--of-day", type=Day(), help="Every letter issued on this day.")
@click.option("--how", type=click.Choice(tuple(HOW)), help="How they were sent.")
@click.option("--sent-on", type=Day(), help="The day on which they were sent; today by default.")
@click.option("--printed", is_flag=True, help="They were printed, and not sent yet.")
@click.option("--undo", is_flag=True, help="Take back what was said last of them.")
@BY
@AT
def sent(
    references: tuple[str, ...],
    of_day: date | None,
    how: str | None,
    sent_on: date | None,
    printed: bool,
    undo: bool,
    by: str,
    at: str,
) -> int:
    """Write down that letters were sent with --how, or with --printed that they were printed."""
    if bool(references) == bool(of_day):
        raise click.UsageError("Name letters by their references, or a day with --of-day.")
    if sum((bool(how), printed, undo)) != 1:
        raise click.UsageError("Say one thing: --how they were sent, --printed, or --undo.")
    with opened(at) as here:
        numbers, today = _find_numbers(here, references, of_day), day_or_today(None)
        if how:
            count = note_sent(here.memory, here.school, numbers, how, sent_on or today, today, by)
            click.echo(f"{say_count(count, 'letter')} written down as sent {HOW[how]} that {_was(count)} not before.")
        elif printed:
            count = note_printed(here.memory, here.school, numbers, today, by)
            click.echo(f"{say_count(count, 'letter')} written down as printed that {_was(count)} not before.")
        else:
            count = undo_sending(here.memory, here.school, numbers, by)
            click.echo(f"Taken back for {say_count(count, 'letter')}.")
    return DONE


def _was(count: int) -> str:
    return "was" if count == 1 else "were"


def _find_numbers(here: Opened, references: tuple[str, ...], day: date | None) -> list[int]:
    """The letters' numbers. Raises RequestError with every reference that nobody knows."""
    if day:
        return [letter.id for letter in letters_of_day(here.memory, here.school, day)]
    with here.memory.database.read() as connection:
        found = {text: find_letters(connection, here.school.id, text) for text in references}
    unknown = [text for text, letters in found.items() if not letters]
    if unknown:
        problems = [Problem("unknown-letter", f'There is no letter with the reference "{text}".') for text in unknown]
        raise RequestError("unknown-letter", "Nothing was written down", problems)
    return [letters[-1].id for letters in found.values()]
