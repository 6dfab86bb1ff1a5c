"""Requests in another system's JSON (?shape=): read by the same shape files as its exports."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from flask import request

from service.attendance.reading.asked import MOST_PUPILS, AskedSchema
from service.attendance.reading.value_kinds import EARLIEST, LATEST, read_exact_day
from service.attendance.record import AttendanceRecord
from service.cohort.event_rows import Past
from service.cohort.join import Cohort, read_document
from service.cohort.pupil_row import PupilRow
from service.cohort.shapes.shape_file import shipped_shapes
from service.decisions.policy import Policy
from service.desk import Desk
from service.did_you_mean import did_you_mean
from service.errors import CohortError, Problem, RequestError, first_problems
from service.web.callers import caller
from service.web.requests import Asked, read_asked, read_body

NAME = "the request"
SHAPE = {
    "in": "query",
    "name": "shape",
    "description": "The body is what this system gives, as it comes; then on and policy stand in the address too.",
    "schema": {"type": "string", "enum": [shape.name for shape in shipped_shapes()]},
}
ON = {
    "in": "query",
    "name": "on",
    "description": "The day to decide for; only with shape, where it is needed.",
    "schema": {"type": "string", "format": "date"},
    "example": "2026-11-20",
}
POLICY = {
    "in": "query",
    "name": "policy",
    "description": "The policy's name; only with shape. Left out, the school's own.",
    "schema": {"type": "string", "maxLength": 60},
    "example": "bradford",
}
PARAMETERS = [SHAPE, ON, POLICY]
NOTHING_SENT = {
    "in": "query",
    "name": "nothing_sent",
    "description": "Whether nothing was sent and done before this school year; only with shape.",
    "schema": {"type": "boolean", "default": False},
}
BY = {
    "in": "query",
    "name": "by",
    "description": "The initials of who starts it; only with shape.",
    "schema": {"type": "string", "maxLength": 20},
    "example": "JM",
}
_ONE = "Send one pupil for a letter; there are {}. For many send them to /v1/batches."


def read_request(desk: Desk, schema: AskedSchema) -> Asked:
    """What a request asks for, in our own words or in another system's."""
    values = read_body()
    return read_shaped(desk, values) if "shape" in request.args else read_asked(desk, values, schema)


def read_request_of_one(desk: Desk, schema: AskedSchema) -> Asked:
    """What a request about one pupil asks for. Raises RequestError where another system's JSON holds several."""
    asked = read_request(desk, schema)
    if "shape" in request.args and asked.total != 1:
        problem = Problem("not-one-pupil", _ONE.format(f"{asked.total:,}"))
        raise RequestError("not-one-pupil", "This is not one pupil", problem)
    return asked


def read_shaped(desk: Desk, values: Any) -> Asked:
    """What a request in another system's JSON asks for. Raises RequestError with everything that is wrong."""
    school = caller().words_of(desk)
    problems = [*_faults_of_address()]
    if problems:
        raise RequestError("request-problem", "Some of this request needs correcting", problems)
    on, policy = _day(), desk.policy(request.args.get("policy") or school.policy)
    cohort, rows = _read_rows(values, on, policy, school.marks_cover)
    good: dict[int, AttendanceRecord] = {place: row.record for place, row in enumerate(rows) if row.record}
    faults = [*cohort.problems, *(problem for row in rows if not row.record for problem in row.problems)]
    said = tuple(first_problems(Problem(problem.code, f"{problem}") for problem in faults))
    if not good:
        problems = list(said) or [Problem("no-pupils", "There are no pupils in it.")]
        raise RequestError("request-problem", "Some of this request needs correcting", problems)
    calendar = caller().calendar_over(cohort.calendar)
    found: dict[str, Any] = {"places": tuple(good), "faults": said, "total": len(rows), "notices": cohort.notices}
    return Asked(on, policy, school, calendar, tuple(good.values()), **found)


def _read_rows(values: Any, on: date, policy: Policy, marks_cover: int) -> tuple[Cohort, list[PupilRow]]:
    past, shape = Past(policy.letter_names), request.args["shape"]
    try:
        cohort = read_document(values, NAME, policy.events, on, shape, past, marks_cover)
        rows = list(cohort.pupils)
    except CohortError as error:
        problems = [Problem(problem.code, problem.detail) for problem in error.problems]
        raise RequestError("request-problem", "This cannot be read", problems) from None
    if len(rows) > MOST_PUPILS:
        sentence = f"Send at most {MOST_PUPILS:,} pupils at once; there are {len(rows):,}."
        raise RequestError("too-many-pupils", "Too many pupils", Problem("too-many-pupils", sentence))
    return cohort, rows


def _faults_of_address() -> Iterator[Problem]:
    known, shape = [item.name for item in shipped_shapes()], request.args["shape"]
    if shape not in known:
        sentence = f"There is no such shape.{did_you_mean(shape, known)} There are {', '.join(known)}."
        yield Problem("unknown-shape", sentence, "/shape")
    if not EARLIEST <= _day() <= LATEST:
        yield Problem("not-a-date", "Say for which day, in the address: &on=2026-11-20.", "/on")


def _day() -> date:
    return read_exact_day(request.args.get("on", "")) or date.min
