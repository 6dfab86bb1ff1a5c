"""The command that fills one form for one pupil."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import click

from service.attendance.calendar import SchoolCalendar
from service.attendance.closed_days import MarkDays
from service.attendance.reading.asked import PupilFileSchema, read_words
from service.attendance.reading.on_the_day import read_pupil
from service.attendance.reading.strict_json import read_json
from service.attendance.record import AttendanceRecord
from service.commands.options import ON, POLICY, SCHOOL, agree_day
from service.desk import Desk
from service.errors import CohortError, Problem, RecordError, RequestError
from service.file_access import write_private
from service.fill import fill_form
from service.pupil import Pupil
from service.settings import read_settings
from service.word.document import DOCX, ENDINGS, PDF


@dataclass(frozen=True, slots=True)
class PupilFile:
    """What a JSON file says of one pupil: the record, and the day and the school's calendar where they stand in it."""

    record: AttendanceRecord
    calendar: SchoolCalendar
    on: date | None


@click.command()
@click.argument("name", metavar="FORM")
@click.argument("record", metavar="RECORD.json", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@POLICY
@ON
@SCHOOL
@click.option(
    "--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="The .pdf or .docx to write."
)
@click.option("--flat", is_flag=True, help="A PDF that cannot be typed into.")
def form(name: str, record: Path, policy: str, on: date | None, school: Path | None, out: Path, flat: bool) -> int:
    """Fill FORM, for example attendance_certificate, for the pupil of RECORD.json.

    RECORD.json is one pupil's record, or {"on", "pupil", "calendar"}. What is known is filled in; the rest stays open.
    """
    media_type = _media_type(out)
    beside = record.parent / "school.toml"
    desk = Desk(read_settings(), school or (beside if beside.is_file() else None))
    desk.forms.kind(name)
    chosen = desk.policy(policy or desk.school().policy)
    found, day = open_pupil_file(record, chosen.events, on)
    pupil = Pupil(found.record, desk.school(), chosen, day, found.calendar)
    document = fill_form(desk, pupil, name, media_type, flat)
    try:
        write_private(out, document.content)
    except OSError as error:
        problem = Problem("not-written", f"This file cannot be written: {error.strerror}.", file=out.name)
        raise RequestError(problem.code, "The form could not be written", problem) from None
    click.echo(f"{desk.forms.kind(name).title} in {out}.", err=True)
    for warning in found.record.warnings:
        click.echo(f"Note: {warning}", err=True)
    return 0


def _media_type(out: Path) -> str:
    kinds = {ending: media_type for media_type, ending in ENDINGS.items() if media_type in (PDF, DOCX)}
    if out.suffix.lower() in kinds:
        return kinds[out.suffix.lower()]
    raise click.BadParameter("Name a file that ends in .pdf or .docx.", param_hint="--out")


def open_pupil_file(path: Path, events: frozenset[str], on: date | None) -> tuple[PupilFile, date]:
    """The pupil of a JSON file with the marks up to the day of the form, and that day.

    Raises CohortError or RecordError with every fault, CohortError also where the file names another day than `on`.
    """
    found = read_pupil_file(path, events, on)
    day = agree_day(on, found.on)
    return (found if on or found.on else read_pupil_file(path, events, day)), day


def read_pupil_file(path: Path, events: frozenset[str], on: date | None = None) -> PupilFile:
    """The pupil of a JSON file, with the marks up to `on` or else the file's own day.

    Raises CohortError or RecordError with every fault, each with the file and place.
    """
    values = read_json(path.read_bytes(), path.name)
    if not isinstance(values, dict):
        sentence = 'Give one pupil\'s record, or {"on", "pupil", "calendar"}.'
        raise CohortError(Problem("wrong-shape", sentence, file=path.name))
    problems: list[Problem] = []
    read = _read_wrapped if "pupil" in values else _read_alone
    found = read(values, events, on, problems)
    if problems or found is None:
        raise RecordError(replace(item, file=path.name, column=item.pointer) for item in problems)
    return found


def _read_alone(
    values: dict[str, Any], events: frozenset[str], on: date | None, problems: list[Problem]
) -> PupilFile | None:
    try:
        return PupilFile(read_pupil(values, events, MarkDays(SchoolCalendar(), on)), SchoolCalendar(), None)
    except RecordError as error:
        problems += error.problems
        return None


def _read_wrapped(
    values: dict[str, Any], events: frozenset[str], on: date | None, problems: list[Problem]
) -> PupilFile | None:
    words = read_words(PupilFileSchema(), values, problems)
    if "pupil" not in words:
        return None
    calendar, day = words.get("calendar", SchoolCalendar()), words.get("on")
    try:
        return PupilFile(read_pupil(words["pupil"], events, MarkDays(calendar, on or day)), calendar, day)
    except RecordError as error:
        problems += (replace(item, pointer=f"/pupil{item.pointer}") for item in error.problems)
        return None
