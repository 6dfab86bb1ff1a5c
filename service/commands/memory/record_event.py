"""`record`: what people did and said about a pupil, written down."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import partial
from typing import TypeVar

import click

from service.attendance.closed_days import MarkDays
from service.attendance.reading.value_kinds import read_day
from service.attendance.words import EVENTS, FACTS, MEETING
from service.commands.memory.opening import AT, BY, PUPIL, Opened, day_or_today, opened
from service.commands.options import ON, Day
from service.commands.outcome import DONE
from service.decisions.wording import say_day
from service.errors import AttendanceLettersError, Problem, RequestError
from service.memory.reading_notes import (
    NOT_WRITTEN,
    NewMark,
    Notes,
    read_answer,
    read_event,
    read_hold,
    read_mark,
)
from service.memory.recording import WrittenDown, write_down
from service.memory.remembered import number_of

Read = TypeVar("Read")


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
    words = {"outcome": outcome, "recipient": recipient, "by": by, "method": method, "note": note}
    with opened(at) as here:
        number, faults = number_of(here.memory, here.school, pupil), _Faults()
        happened = {"on": day.isoformat(), "event": event, **words}
        notes = Notes(
            event=faults.first(lambda: read_event(happened, here.events())) if event else None,
            answers=tuple(faults.every(lambda item: read_answer(*_in_two(item), day), answer)),
            marks=tuple(faults.every(lambda item: _read_mark(here, item), mark)),
            hold=faults.first(lambda: read_hold(hold_until, why)) if hold or hold_until else None,
            lift=lift,
        )
        faults.refuse()
        done = write_down(here.memory, here.school, number, notes)
    click.echo("\n".join(_say(notes, done)))
    return DONE


class _Faults:
    """Everything that is wrong with what was said, gathered before anything is written down."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def first(self, read: Callable[[], Read]) -> Read | None:
        """What was read, None where it could not be."""
        try:
            return read()
        except AttendanceLettersError as error:
            self.problems += error.problems
            return None

    def every(self, read: Callable[[str], Read], items: Iterable[str]) -> Iterator[Read]:
        """What could be read of several."""
        for item in items:
            if (found := self.first(partial(read, item))) is not None:
                yield found

    def refuse(self) -> None:
        """Raises RequestError with every fault, if there is one."""
        if self.problems:
            raise RequestError("not-written", NOT_WRITTEN, self.problems)


def _in_two(item: str) -> tuple[str, str]:
    word, _, given = item.partition("=")
    return word, given


def _read_mark(here: Opened, item: str) -> NewMark:
    parts = item.split()
    day = read_day(parts[0], british=True) if len(parts) == 3 else None
    if day is None:
        sentence = f'Write a mark as a day, AM or PM, and a code: "2026-11-05 AM O", not "{item}".'
        raise RequestError("not-a-mark", NOT_WRITTEN, Problem("not-a-mark", sentence))
    return read_mark(day, parts[1], parts[2], MarkDays(here.school.calendar, date.today()))


def _say(notes: Notes, done: WrittenDown) -> Iterator[str]:
    if happened := notes.event:
        what = EVENTS.get(happened.event, happened.event.replace("_", " "))
        yield f"Written down as number {done.number}: {what}, {say_day(happened.on)}."
    for answer in notes.answers:
        question = FACTS[answer.word].question if answer.word in FACTS else MEETING[answer.word]
        yield f"{question} {answer.given.capitalize() if answer.word in FACTS else answer.given}."
    for mark in notes.marks:
        yield f"The mark of {say_day(mark.day)}, {mark.session}, is {mark.code} now."
    if notes.lift:
        yield "Letters may be written again." if done.lifted else "No letters were held back."
    if notes.hold:
        until = f"until {say_day(notes.hold.until)}" if notes.hold.until else "until you lift this with --lift"
        yield f"No letter is written {until}."
