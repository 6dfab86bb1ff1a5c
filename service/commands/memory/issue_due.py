"""`issue`: the letters that are due, made and remembered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import date
from pathlib import Path

import click

from service.batches.folder import LetterFiles
from service.batches.meeting_slots import read_slots
from service.batches.run import RunRow
from service.cohort.pupil_row import PupilRow
from service.commands.memory.opening import AT, BY, Opened, day_or_today, opened
from service.commands.options import ON, POLICY, answers_for_everybody
from service.commands.outcome import DONE, SOME_NOT_USED, say_problems
from service.decisions.bounds.assumptions import Assumptions
from service.errors import Problem, RequestError
from service.memory.due_today import find_due
from service.memory.issuing import Issued, issue_for
from service.memory.remembered import number_of
from service.memory.today import Today


@click.command()
@POLICY
@ON
@AT
@BY
@answers_for_everybody
@click.option("--pupil", default="", help="Only this pupil, by UPN or reference.")
@click.option("--letter", default="", help="This letter instead of the one that is due; with --pupil.")
@click.option("--meetings", type=click.Path(path_type=Path), help="A CSV of meeting slots: date, time, place, with.")
@click.option("--out", type=click.Path(path_type=Path), help="Also write the letters and index.csv to this folder.")
@click.option("--format", "kind", type=click.Choice(("docx", "pdf")), default="docx", help="Of the letters in --out.")
def issue(
    policy: str,
    on: date | None,
    at: str,
    by: str,
    pupil: str,
    letter: str,
    meetings: Path | None,
    out: Path | None,
    kind: str,
    assumptions: Assumptions,
) -> int:
    """Issue the letters that are due today, and remember them: each is issued once, however often it is asked for."""
    if letter and not pupil:
        raise click.UsageError("Name the pupil with --pupil as well: --letter issues one letter about one pupil.")
    day = day_or_today(on)
    slots = read_slots(meetings, day) if meetings else []
    totals, problems = Counter[str](), list[Problem]()
    with opened(at) as here, ExitStack() as stack:
        today = here.today(policy, on, assumptions)
        press = here.desk.press if out and kind == "pdf" else None
        if press:
            stack.callback(press.close)
        files = stack.enter_context(LetterFiles(out, kind == "pdf", press)) if out else None
        numbers = [number_of(here.memory, here.school, pupil)] if pupil else list(_find_letters(here, today))
        for place, number in enumerate(numbers, 1):
            try:
                done = issue_for(here.memory, today, number, letter, by, slots[0] if slots else None)
            except RequestError as error:
                problems += error.problems
                continue
            if slots and done.kept and done.remembered.pupil.record.meeting is slots[0]:
                slots.pop(0)
            totals.update(kept.letter.label for kept in done.kept)
            problems += (replace(item, file=_key(done), pointer="") for item in done.issue.problems)
            if files:
                files.write(_row(place, done))
    for label, count in totals.most_common():
        click.echo(f"{count:>7}  {label}")
    click.echo(f"{totals.total()} letters issued" + (f"; they are in {out}." if out else "."))
    if problems:
        say_problems("Some letters could not be issued", problems)
    return SOME_NOT_USED if problems else DONE


def _find_letters(here: Opened, today: Today) -> Iterator[int]:
    """The pupils for whom a letter is due."""
    for item in find_due(here.memory, today):
        if item.decision and item.decision.letter:
            yield item.remembered.stored.id


def _key(done: Issued) -> str:
    return done.remembered.pupil.record.key


def _row(place: int, done: Issued) -> RunRow:
    """A pupil's letters as a row of an index."""
    record = done.remembered.pupil.record
    return RunRow(PupilRow(place, "memory", record.key, record), done.issue)
