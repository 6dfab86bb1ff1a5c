"""Batches: each run over the whole school, how far it is, what stopped whom; released, cancelled, tried again."""

from __future__ import annotations

from typing import NamedTuple

from flask import Response, request

from service.batches.results.outcomes import index_of
from service.batches.stored import releasing
from service.batches.stored.batch_asked import BatchAsked
from service.batches.stored.progress import Progress, tell_progress
from service.batches.stored.starting import start_batch
from service.errors import AttendanceLettersError, Problem, RequestError
from service.memory.people.roles import EVERYBODY, WRITERS
from service.storage.batched.batch_values import DUE, ISSUED, PROBLEMS, READY, WORKING, BatchRow
from service.storage.batched.batches_kept import list_batches
from service.storage.batched.rows_kept import read_rows
from service.web.pages.issue_page import read_slots_given
from service.web.shared.batch_words import ROW_STATES, say_time_left, state_of
from service.web.shared.site import go, here, show, site
from service.web.shared.visitor import allowed

MOST_LISTED, MOST_ROWS = 50, 50
_CHANGED = "This batch has changed since you looked. Look at it again, then issue what you see."


class RowShown(NamedTuple):
    """A pupil's row: whom it is about, what is due, and what stopped it."""

    pupil: int | None
    name: str
    group: str
    state: str
    letter: str
    why: str


@site.get("/batches")
@allowed(EVERYBODY)
def batches() -> Response:
    """Every batch, the latest first."""
    return _list()


@site.post("/batches")
@allowed(WRITERS)
def batch_now() -> Response:
    """Start a batch of everybody who is remembered."""
    place = here()
    try:
        asked = BatchAsked(place.policy, place.day, place.by, read_slots_given(place))
        number = start_batch(place.memory, place.school, asked)
    except AttendanceLettersError as error:
        return _list(422, *error.problems)
    return go("one_batch", number=number)


@site.get("/batches/<int:number>")
@allowed(EVERYBODY)
def one_batch(number: int) -> Response:
    """How far a batch is, and what came of it."""
    return _show(number)


@site.post("/batches/<int:number>/release")
@allowed(WRITERS)
def release_batch_now(number: int) -> Response:
    """Issue the letters of a batch that were looked at."""
    place = here()
    try:
        releasing.release(place.memory, place.school, number, request.form.get("seen", ""), place.by)
    except RequestError as error:
        problems = (Problem("changed", _CHANGED) if item.code == "changed" else item for item in error.problems)
        return _show(number, 422, *problems)
    return go("one_batch", number=number)


@site.post("/batches/<int:number>/cancel")
@allowed(WRITERS)
def cancel_batch_now(number: int) -> Response:
    """Issue nothing more of a batch."""
    place, why = here(), request.form.get("why", "")
    if not why.strip():
        return _show(number, 422, Problem("no-reason", "Say why: the reason stays with the batch.", column="why"))
    try:
        releasing.cancel(place.memory, place.school, number, why, place.by)
    except RequestError as error:
        return _show(number, 422, *error.problems)
    return go("one_batch", "batch-cancelled", number=number)


@site.post("/batches/<int:number>/retry")
@allowed(WRITERS)
def retry_batch_now(number: int) -> Response:
    """Decide again what could not be issued."""
    place = here()
    try:
        count = releasing.retry(place.memory, place.school, number)
    except RequestError as error:
        return _show(number, 422, *error.problems)
    return go("one_batch", "batch-retried", number=number, n=count)


def _list(status: int = 200, *problems: Problem) -> Response:
    place = here()
    with place.memory.database.read() as connection:
        found = list_batches(connection, place.school.id)[:MOST_LISTED]
    shown = [_describe(tell_progress(place.memory, place.school, item.id)) for item in found]
    return show("batches", status, problems, batches=shown)


def _describe(now: Progress) -> dict[str, object]:
    """A batch as lists show it."""
    done = now.total - now.left
    return {
        "now": now,
        "state": state_of(now.batch),
        "done": done,
        "left": say_time_left(now.seconds_left),
        "is_working": now.batch.state in WORKING,
    }


def _show(number: int, status: int = 200, *problems: Problem) -> Response:
    place = here()
    now = tell_progress(place.memory, place.school, number)
    seen = releasing.look(place.memory, place.school, number) if now.batch.state == "decided" else ""
    words = {
        **_describe(now),
        "batch": now.batch,
        "counts": [(count, text) for state, text in ROW_STATES.items() if (count := now.rows.get(state))],
        "letters": {state: _count_letters(now, state) for state in (DUE, READY, ISSUED)},
        "stopped": _rows(number, PROBLEMS),
        "due": _rows(number, (DUE, ISSUED)),
        "seen": seen,
        "most": MOST_ROWS,
        "can_retry": now.batch.state in releasing.CAN_RETRY and now.problems > now.rows.get("not used", 0),
    }
    return show("batch_part" if request.headers.get("HX-Request") else "batch", status, problems, **words)


def _count_letters(now: Progress, state: str) -> list[tuple[str, int]]:
    """How many of each letter there are in a state, the most first."""
    found = [(label, count) for (of_state, label), count in now.letters.items() if of_state == state]
    return sorted(found, key=lambda pair: -pair[1])


def _rows(number: int, states: tuple[str, ...]) -> list[RowShown]:
    """The first rows in some states, one more than are shown."""
    place = here()
    with place.memory.database.read() as connection:
        numbers = [row.number for row in read_rows(connection, place.school.id, number, states)][: MOST_ROWS + 1]
        between = (numbers[0], numbers[-1]) if numbers else None
        if between is None:
            return []
        found = read_rows(connection, place.school.id, number, states, between, with_shown=True)
    return [_describe_row(row) for row in found]


def _describe_row(row: BatchRow) -> RowShown:
    place = here()
    lines = index_of(place.memory, place.school, row)
    line = lines[0] if lines else {}
    name = ", ".join(filter(None, (str(line.get("last_name", "")), str(line.get("first_name", "")))))
    why = str(line.get("problems", "")) or str(line.get("missing", ""))
    letter = row.label or str(line.get("due", ""))
    return RowShown(row.pupil, name, str(line.get("registration_group", "")), ROW_STATES[row.state], letter, why)
