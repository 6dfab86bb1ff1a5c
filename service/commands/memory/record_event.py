"""`record`: what people did and said about a pupil, written down."""

from __future__ import annotations

from datetime import date

import click

from service.commands.memory.opening import AT, BY, PUPIL, Opened, day_or_today, opened
from service.commands.options import ON, Day
from service.commands.outcome import DONE
from service.errors import Problem, RequestError
from service.memory.recording import (
    allow_letters,
    hold_letters,
    read_event,
    recode_mark,
    record_answer,
    record_event,
)
from service.memory.remembered import number_of


@click.command()
@PUPIL
@click.argument("event", default="")
@ON
@click.option("--outcome", default="", help="What came of it: attended, did_not_attend, agreed, refused, completed.")
@click.option("--recipient", default="", help="The contact it was with, by number or name.")
@BY
@click.option("--method", default="", help="How: by telephone, by email, at school.")
@click.option("--note", default="", help="What else to remember.")
@click.option(
    "--answer", multiple=True, help="An answer to a question, as parent_engaged=yes; several times if need be."
)
@click.option("--mark", multiple=True, help="A recoded mark, as '2026-11-05 AM O'; several times if need be.")
@click.option("--hold", is_flag=True, help="Write no letter until --hold-until, or until --lift; with --why.")
@click.option("--hold-until", type=Day(), help="Write no letter before this day; with --why.")
@click.option("--why", default="", help="The reason for holding letters back.")
@click.option("--lift", is_flag=True, help="Allow letters again.")
@AT
def record(
    pupil: str,
    event: str,
    on: date | None,
    outcome: str,
    recipient: str,
    by: str,
    method: str,
    note: str,
    answer: tuple[str, ...],
    mark: tuple[str, ...],
    hold: bool,
    hold_until: date | None,
    why: str,
    lift: bool,
    at: str,
) -> int:
    """Write down what was done for PUPIL: EVENT, for example parent_contact; answers; marks; holds on letters."""
    if not (event or answer or mark or hold or hold_until or lift):
        raise click.UsageError("Say what to write down: an event, or --answer, --mark, --hold-until or --lift.")
    day = day_or_today(on)
    with opened(at) as here:
        number = number_of(here.memory, here.school, pupil)
        if event:
            words = {"outcome": outcome, "recipient": recipient, "by": by, "method": method, "note": note}
            happened = read_event({"on": day.isoformat(), "event": event, **words}, here.events())
            made = record_event(here.memory, here.school, number, happened)
            click.echo(f"Recorded as #{made}.")
        _record_answers(here, number, answer, day)
        _record_marks(here, number, mark)
        if hold or hold_until:
            hold_letters(here.memory, here.school, number, hold_until, why)
            click.echo("Letters are held back.")
        if lift:
            click.echo(f"{allow_letters(here.memory, here.school, number)} holds lifted.")
    return DONE


def _record_answers(here: Opened, number: int, answers: tuple[str, ...], day: date) -> None:
    for item in answers:
        word, _, given = item.partition("=")
        record_answer(here.memory, here.school, number, word.strip(), given, day)
        click.echo(f"{word.strip().replace('_', ' ')}: {given.strip()}.")


def _record_marks(here: Opened, number: int, marks: tuple[str, ...]) -> None:
    for item in marks:
        parts = item.split()
        if len(parts) != 3:
            sentence = f'Write a mark as a day, AM or PM, and a code: "2026-11-05 AM O", not "{item}".'
            raise RequestError("not-a-mark", "This was not written down", Problem("not-a-mark", sentence))
        day = Day().convert(parts[0], None, None)
        recode_mark(here.memory, here.school, number, day, parts[1].upper(), parts[2])
        click.echo(f"{day:%d/%m/%Y} {parts[1].upper()} is {parts[2]} now.")
