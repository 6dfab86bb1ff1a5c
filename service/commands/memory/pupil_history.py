"""`history`: what was sent to a pupil's family and done, with what was taken back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import click

from service.attendance.words import EVENTS
from service.commands.memory.opening import AT, PUPIL, opened
from service.commands.outcome import DONE
from service.memory.told_history import Told, tell_history


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
        event = item.event
        parts = [event.outcome.replace("_", " "), event.recipient, event.method, event.by, event.note]
        details = "; ".join(part for part in parts if part)
        name = EVENTS.get(event.event, event.event.replace("_", " "))
        what = f"{name[0].upper()}{name[1:]}{': ' + details if details else ''}"
        yield f"{event.on:%d/%m/%Y}  #{item.id:<6} {what} ({item.source})"
        for letter in told.letters:
            if letter.event == item.id:
                yield f"{'':>19} {letter.reference} to {letter.recipient}"
        if not item.counts:
            yield f"{'':>19} taken back: {item.reversed_why}"
    for correction, noted_at in told.corrections:
        change = f"{correction.before or 'no mark'} to {correction.after or 'no mark'}"
        yield f"{correction.day:%d/%m/%Y}  {correction.session} corrected from {change}, known since {noted_at[:10]}"
    if not (told.events or told.corrections):
        yield "Nothing was sent or done yet."


def as_values(told: Told) -> dict[str, Any]:
    """A history as JSON."""
    return {
        "events": [
            {
                "number": item.id,
                "on": item.event.on.isoformat(),
                **{word: getattr(item.event, word) for word in "event outcome recipient by method note".split()},
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
