"""Upload: drop files, see what we understood, go on with the good rows."""

from __future__ import annotations

from datetime import date

from flask import Response, make_response, request

from service.attendance.reading.value_kinds import EARLIEST, LATEST, read_day
from service.batches.csv_files import csv_lines
from service.cohort.columns.column_words import column_words
from service.errors import AttendanceLettersError, Problem, RequestError
from service.memory.export_days import hash_export
from service.memory.looking.understood import KINDS, find_headings, read_uploaded, understand
from service.memory.looking.uploaded import folder_of, forget_uploaded, keep_uploaded
from service.memory.no_longer_due import find_no_longer_due
from service.memory.people.roles import WRITERS
from service.memory.taking_in import take_in
from service.web.shared.setting_up import steps_left
from service.web.shared.site import go, here, show, site
from service.web.shared.visitor import allowed

_COLUMNS = {"file": "File", "row": "Row", "heading": "Heading", "problem": "What is wrong"}
MOST_SHOWN = 30


@site.get("/upload")
@allowed(WRITERS)
def upload() -> Response:
    """Ask for files."""
    return show("upload", left=steps_left(here()))


@site.post("/upload")
@allowed(WRITERS)
def upload_now() -> Response:
    """Keep the files apart, and go on to what we understood."""
    place = here()
    files = ((file.filename or "", file.read()) for file in request.files.getlist("files"))
    try:
        token = keep_uploaded(place.memory, place.school.id, files)
    except RequestError as error:
        return show("upload", 422, error.problems, left=())
    words = {"nothing_sent": "yes"} if request.form.get("nothing_sent") else {}
    return go("understood", token=token, on=place.day.isoformat(), **words)


@site.get("/upload/<token>")
@allowed(WRITERS)
def understood(token: str) -> Response:
    """What we understood of the files."""
    return show_understood(token)


def show_understood(token: str, status: int = 200, *problems: Problem) -> Response:
    """What we understood of the files, with what is wrong with an answer about them."""
    place, on, nothing_sent = here(), _day(), bool(request.args.get("nothing_sent"))
    folder = folder_of(place.memory, place.school.id, token)
    try:
        found = understand(place.memory, place.school, folder, on, nothing_sent)
    except AttendanceLettersError as error:
        tables = find_headings(place.school, folder)
        words = {"tables": tables, "on": on, "nothing_sent": nothing_sent, "column_words": column_words()}
        return show("not_understood", 422, (*problems, *error.problems), token=token, **words)
    words = {"tables": found.tables, "on": on, "nothing_sent": nothing_sent, "column_words": column_words()}
    words["has_marks"] = any(table.holds.startswith("Marks") for table in found.tables)
    words["has_figures"] = any(table.holds == KINDS["summary"] for table in found.tables)
    return show("understood", status, problems, token=token, found=found, most=MOST_SHOWN, **words)


@site.get("/upload/<token>/problems.csv")
@allowed(WRITERS)
def upload_problems(token: str) -> Response:
    """Everything that is wrong, with file, row and heading."""
    place = here()
    folder = folder_of(place.memory, place.school.id, token)
    found = understand(place.memory, place.school, folder, _day(), bool(request.args.get("nothing_sent")))
    lines = csv_lines(_COLUMNS, map(_problem_row, found.problems))
    answer = make_response("\ufeff" + ",".join(_COLUMNS.values()) + "\r\n" + lines)
    answer.headers["Content-Type"] = "text/csv; charset=utf-8"
    answer.headers["Content-Disposition"] = 'attachment; filename="problems.csv"'
    return answer


@site.post("/upload/<token>")
@allowed(WRITERS)
def take_in_now(token: str) -> Response:
    """Take the good rows in, and say what changed."""
    place, on = here(), _day()
    folder = folder_of(place.memory, place.school.id, token)
    cohort = read_uploaded(place.memory, place.school, folder, on, bool(request.args.get("nothing_sent")))
    taken = take_in(place.memory, place.school, cohort, on, hash_export(folder))
    stale = find_no_longer_due(place.memory, taken.school, list(taken.corrected), on)
    forget_uploaded(place.memory, place.school.id, token)
    return show("taken_in", taken=taken, stale=stale, on=on)


@site.post("/upload/<token>/forget")
@allowed(WRITERS)
def forget_upload(token: str) -> Response:
    """Throw the files away."""
    forget_uploaded(here().memory, here().school.id, token)
    return go("upload", "forgotten")


def _day() -> date:
    """The day that the export is of; today where none is named. Raises RequestError when it is none."""
    text = request.args.get("on", "")
    day = read_day(text, british=True) if text else here().day
    if day is None or not EARLIEST <= day <= LATEST:
        sentence = "Enter the day as 20/11/2026."
        raise RequestError("not-a-day", "This is not a day", Problem("not-a-day", sentence, column="on"))
    return day


def _problem_row(problem: Problem) -> dict[str, str]:
    row = "" if problem.row is None else str(problem.row)
    return {"file": problem.file, "row": row, "heading": problem.column, "problem": problem.detail}
