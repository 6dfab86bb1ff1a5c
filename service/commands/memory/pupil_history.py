"""`history`: what was sent to a pupil's family and done, with what was taken back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import click

from service.attendance.words import EVENTS, OUTCOMES
from service.commands.memory.opening import AT, PUPIL, opened
from service.commands.outcome import DONE
from service.decisions.wording import say_span
from service.memory.told_history import Told, tell_history
from service.storage.stored import IMPORTED, ISSUED, RECORDED, StoredEvent, StoredLetter


@click.command()
@PUPIL
@AT
@click.option("--json", "as_json", is_flag=True, help="As JSON instead of lines.")
def history(pupil: str, at: str, as_json: bool) -> int:
    """What was sent and done for PUPIL (a UPN or reference), letters with their references, corrections of marks."""
    with opened(at) as here:
        told = tell_history(here.memory, here.school, pupil)
    if as_json:
        click.echo(json.dumps(as_values(told), ensure_ascii=False))
        return DONE
    click.echo("\n".join(_say(told)))
    return DONE


def _say(told: Told) -> Iterator[str]:
    for item in told.events:
        letters = [letter for letter in told.letters if letter.event == item.id]
        yield f"{item.event.on:%d/%m/%Y}  #{item.id:<6} {_say_event(item, letters)}"
        yield from (f"{'':>19} {letter.reference} to {_say_recipient(letter.recipient)}" for letter in letters)
        if not item.counts:
            by = f" by {item.reversed_by}" if item.reversed_by else ""
            yield f"{'':>19} taken back{by}: {item.reversed_why}"
    for correction, noted_at in told.corrections:
        change = f"{correction.before or 'no mark'} to {correction.after or 'no mark'}"
        noted = date.fromisoformat(noted_at[:10])
        yield f"{correction.day:%d/%m/%Y}  {correction.session} mark changed from {change} (noted {noted:%d/%m/%Y})"
    if not (told.events or told.corrections):
        yield "Nothing is remembered of this pupil yet: no letter, no contact, no changed mark."


PERIOD = ("period_start", "period_end")
"""The days that a notice named."""


def _say_event(item: StoredEvent, letters: list[StoredLetter]) -> str:
    event = item.event
    name = letters[0].label if letters else EVENTS.get(event.event, event.event.replace("_", " "))
    period = say_span(event.period_start, event.period_end) if event.period_start and event.period_end else ""
    parts = [OUTCOMES.get(event.outcome, ""), period, event.recipient, event.method, event.by, event.note]
    details = "; ".join(part for part in parts if part)
    return f"{name[0].upper()}{name[1:]}{': ' + details if details else ''} ({_KNOWN[item.source]})"


_KNOWN = {ISSUED: "issued here", RECORDED: "recorded here", IMPORTED: "from an export"}


def _say_recipient(recipient: str) -> str:
    """Whom a letter went to, by the contacts' numbers in the record of its day."""
    numbers = recipient.split("-")
    if not all(number.isdecimal() for number in numbers):
        return "be given by hand"
    return f"contact{'s' if len(numbers) > 1 else ''} {' and '.join(numbers)}"


def as_values(told: Told) -> dict[str, Any]:
    """A history as JSON."""
    return {
        "events": [
            {
                "number": item.id,
                "on": item.event.on.isoformat(),
                **{word: getattr(item.event, word) for word in "event outcome recipient by method note".split()},
                **{word: f"{day}" for word in PERIOD if (day := getattr(item.event, word))},
                "source": item.source,
                "noted_at": item.noted_at,
                "reversed_at": item.reversed_at or None,
                "reversed_why": item.reversed_why or None,
                "letters": [
                    {word: getattr(letter, word) for word in "reference recipient state file".split()}
                    for letter in told.letters
                    if letter.event == item.id
                ],
            }
            for item in told.events
        ],
        "corrections": [
            {**correction._asdict(), "day": correction.day.isoformat(), "noted_at": noted_at}
            for correction, noted_at in told.corrections
        ],
    }
