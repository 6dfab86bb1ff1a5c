"""Requests -> what they ask for, with every fault under its JSON pointer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask import request
from werkzeug.exceptions import UnsupportedMediaType

from service.attendance.calendar import SchoolCalendar
from service.attendance.closed_days import MarkDays
from service.attendance.reading.asked import AskedSchema, GivenSchool, read_words
from service.attendance.reading.on_the_day import read_pupil
from service.attendance.reading.strict_json import read_json
from service.attendance.record import AttendanceRecord
from service.attendance.school import School
from service.decisions.policy import Policy
from service.desk import Desk
from service.errors import MOST_PROBLEMS, CohortError, Problem, RecordError, RequestError, first_problems
from service.pupil import Pupil


@dataclass(frozen=True, slots=True)
class Asked:
    """What every request about pupils says: the day, the policy, the school and its calendar, and the pupils."""

    on: date
    policy: Policy
    school: School
    calendar: SchoolCalendar
    pupils: tuple[AttendanceRecord, ...]
    letter: str = ""
    recipient: str = ""
    flat: bool = False

    def pupil(self, record: AttendanceRecord) -> Pupil:
        """One of the pupils, to decide about."""
        return Pupil(record, self.school, self.policy, self.on, self.calendar)


def read_body() -> Any:
    """The JSON of this request, read strictly. Raises RequestError when it is none."""
    if request.mimetype != "application/json":
        raise UnsupportedMediaType
    try:
        return read_json(request.get_data())
    except CohortError as error:
        raise RequestError("not-json", "This is not JSON that can be read", error.problems) from None


def read_asked(desk: Desk, values: Any, shape: AskedSchema) -> Asked:
    """What a request of that shape asks for. Raises RequestError with every fault of the whole request."""
    if not isinstance(values, dict):
        problem = Problem("wrong-shape", 'Send an object with "on" and the pupils.')
        raise RequestError("wrong-shape", "The request has the wrong shape", problem)
    problems: list[Problem] = []
    words = read_words(shape, values, problems)
    given, calendar = words.get("school", GivenSchool({}, {})), words.get("calendar", SchoolCalendar())
    school, on = given.over(desk.school()), words.get("on")
    wrong = any(problem.pointer == "/policy" for problem in problems)
    policy = None if wrong else _find_policy(desk, words.get("policy") or school.policy, problems)
    records = _read_pupils(words, policy.events, MarkDays(calendar, on), problems) if policy else ()
    if problems or on is None or policy is None:
        raise RequestError("request-problem", "Some of this request needs correcting", first_problems(problems))
    others = {word: words[word] for word in ("letter", "recipient", "flat") if words.get(word) is not None}
    return Asked(on, policy, school, calendar, tuple(records), **others)


def _find_policy(desk: Desk, name: str, problems: list[Problem]) -> Policy | None:
    try:
        return desk.policy(name)
    except RequestError as error:
        problems += error.problems
        return None


def _read_pupils(
    words: Mapping[str, Any], events: frozenset[str], days: MarkDays, problems: list[Problem]
) -> Sequence[AttendanceRecord]:
    pupils = {f"/pupils/{place}": item for place, item in enumerate(words.get("pupils", ()))}
    if "pupil" in words:
        pupils["/pupil"] = words["pupil"]
    records = []
    for start, item in pupils.items():
        if len(problems) > MOST_PROBLEMS:  # more would not be said
            break
        try:
            records.append(read_pupil(item, events, days))
        except RecordError as error:
            problems += (replace(problem, pointer=start + problem.pointer) for problem in error.problems)
    return records
