"""`import`: an export into memory."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import click

from service.cohort.row_counts import settle
from service.commands.memory.opening import AT, opened
from service.commands.options import COHORT, ON, SCHOOL, SHAPE, read_for_a_day, school_beside
from service.commands.outcome import finish, say_unusable
from service.commands.rows import say_row_counts
from service.decisions.wording import say_count, say_day
from service.memory.export_days import hash_export
from service.memory.memory import Memory
from service.memory.no_longer_due import NoLongerDue, find_no_longer_due
from service.memory.school_files import keep_first_settings
from service.memory.taking_in import TakenIn, take_in

_MOST_SHOWN = 40


@click.command("import")
@COHORT
@ON
@SCHOOL
@SHAPE
@click.option(
    "--nothing-sent-yet",
    "nothing_sent",
    is_flag=True,
    help="No letter was sent and nothing done before, but for what is remembered here.",
)
@AT
def import_cohort(cohort: Path, on: date | None, school: Path | None, shape: str, nothing_sent: bool, at: str) -> int:
    """Take the export COHORT (a folder or a file) into memory, and say what changed."""
    with opened(at, school or school_beside(cohort)) as here:
        known = keep_first_settings(here.memory, here.school, school or school_beside(cohort))
        past = here.past(nothing_sent)
        words = {"events": here.events(), "shape": shape, "past": past, "headings": known.school.headings}
        found, day = read_for_a_day(cohort, on, marks_cover=None, **words)
        taken = take_in(here.memory, known, found, day, hash_export(cohort))
        stale = find_no_longer_due(here.memory, taken.school, list(taken.corrected), day)
        for notice in found.notices:
            click.echo(f"Note: {notice}", err=True)
        for row in taken.refused:
            say_unusable(row)
        rows = say_row_counts(settle(found.counts, taken.refused))
        click.echo(
            "\n".join([*_say_taken(taken, day), *rows, *_say_corrected(taken), *_say_stale(here.memory, taken, stale)])
        )
    return finish(found, taken.pupils, len(taken.refused))


def _say_taken(taken: TakenIn, day: date) -> Iterator[str]:
    marks = sum(len(corrections) for _, corrections in taken.corrected.values())
    yield f"{say_count(taken.pupils, 'pupil')} taken in for {say_day(day)}."
    unknown = "whose history is unknown; if nothing was sent to them before, import again with --nothing-sent-yet"
    for number, words in (
        (len(taken.new), "new"),
        (len(taken.back), "back again"),
        (len(taken.gone), "gone: no letters are due for them until they are in an export again"),
        (taken.without_marks, "without marks in this export: the marks from before are kept"),
        (taken.marks_added, "mark added" if taken.marks_added == 1 else "marks added"),
        (marks, "mark corrected" if marks == 1 else "marks corrected"),
        (taken.events_added, "added to the history"),
        (taken.history_unknown, unknown),
    ):
        if number:
            yield f"{number:>7}  {words}"


def _say_corrected(taken: TakenIn) -> Iterator[str]:
    lines = [
        f"  {key}: {item.day:%d/%m/%Y} {item.session} {item.before or 'no mark'} to {item.after or 'no mark'}"
        for key, corrections in taken.corrected.values()
        for item in corrections
    ]
    yield from (["Corrected marks:"] if lines else [])
    yield from lines[:_MOST_SHOWN]
    if len(lines) > _MOST_SHOWN:
        yield f"  … and {len(lines) - _MOST_SHOWN} more; `history` shows each pupil's."


def _say_stale(memory: Memory, taken: TakenIn, stale: list[NoLongerDue]) -> Iterator[str]:
    if stale:
        yield "With the corrected marks these letters would no longer be due. Take back what was sent by mistake:"
    for item in stale:
        key, _ = taken.corrected[item.letter.pupil]
        yield f"  {key}: {item.letter.label} of {say_day(item.letter.day)}, reference {item.letter.reference}"
