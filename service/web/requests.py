"""Requests -> what they ask for, with every fault under its JSON pointer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask import request
from werkzeug.exceptions import UnsupportedMediaType

from service.attendance.calendar import SchoolCalendar
from service.attendance.days import MarkDays, read_pupil
from service.attendance.record import AttendanceRecord
from service.attendance.school import SCHOOL_CHOICES, School, read_school
from service.attendance.strict_json import pointer_part, read_json
from service.attendance.value_kinds import EARLIEST, LATEST, read_day
from service.cohort.json_cohort import read_calendar
from service.decisions.policy import Policy
from service.desk import Desk
from service.errors import CohortError, Problem, RecordError, RequestError, SettingsError, did_you_mean

MOST_PUPILS = 5_000
"""Pupils in one request; a larger cohort is a batch, or a command."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What every request about pupils says: the day, the policy, the school and its calendar, and the pupils."""

    on: date
    policy: Policy
    school: School
    calendar: SchoolCalendar
    pupils: tuple[AttendanceRecord, ...]
    others: Mapping[str, str]
    flags: Mapping[str, bool]


def read_body() -> Any:
    """The JSON of this request, read strictly. Raises RequestError 400 when it is none."""
    if request.mimetype != "application/json":
        raise UnsupportedMediaType
    try:
        return read_json(request.get_data())
    except CohortError as error:
        raise RequestError(400, "not-json", "This is not JSON that can be read", error.problems) from None


def read_asked(desk: Desk, values: Any, pupils: str, others: Sequence[str] = (), flags: Sequence[str] = ()) -> Asked:
    """What a request asks for. Raises RequestError with every fault of the whole request.

    `pupils` is the word that holds the pupils ("pupils", a list) or the one pupil ("pupil"); `others` are further words
    with a text, `flags` with true or false.
    """
    if not isinstance(values, dict):
        problem = Problem("wrong-shape", 'Send an object with "on" and the pupils.')
        raise RequestError(422, "wrong-shape", "The request has the wrong shape", problem)
    words = ("on", "policy", "calendar", "school", pupils, *others, *flags)
    problems = [
        Problem("unknown-word", f'"{word}" is not a word of this request.{did_you_mean(word, words)}', _at(word))
        for word in values
        if word not in words
    ]
    on = _read_on(values.get("on"), problems)
    school = _read_school(desk, values.get("school"), problems)
    calendar = _read_calendar(values, problems)
    policy = _read_policy(desk, values.get("policy"), school, problems)
    events = policy.events if policy else frozenset[str]()
    records = _read_pupils(values, pupils, events, MarkDays(calendar, on), problems) if policy else ()
    texts = {word: _read_text(values, word, problems) for word in others}
    said = {word: _read_flag(values, word, problems) for word in flags}
    if problems or on is None or policy is None:
        raise RequestError(422, "request-problem", "Some of this request needs correcting", problems)
    return Asked(on, policy, school, calendar, tuple(records), texts, said)


def _at(*words: str) -> str:
    return "".join(f"/{pointer_part(word)}" for word in words)


def _read_on(value: Any, problems: list[Problem]) -> date | None:
    day = read_day(value, british=False) if isinstance(value, str) else None
    if day is None or not EARLIEST <= day <= LATEST:
        problems.append(Problem("not-a-date", 'Say for which day: "on": "2026-11-20".', "/on"))
    return day


def _read_calendar(values: Mapping[str, Any], problems: list[Problem]) -> SchoolCalendar:
    """The calendar; none where something is wrong with it, so that its faults are not told of each mark again."""
    found: list[Problem] = []
    calendar = SchoolCalendar(tuple(read_calendar(values.get("calendar", []), found)))
    problems += found
    return SchoolCalendar() if found else calendar


def _read_text(values: Mapping[str, Any], word: str, problems: list[Problem]) -> str:
    value = values.get(word)
    if value is None:
        return ""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        problems.append(Problem("not-text", "Enter text in quotation marks.", f"/{word}"))
        return ""
    return value


def _read_flag(values: Mapping[str, Any], word: str, problems: list[Problem]) -> bool:
    value = values.get(word, False)
    if not isinstance(value, bool):
        problems.append(Problem("not-true-or-false", "Answer true or false.", f"/{word}"))
        return False
    return value


def _read_school(desk: Desk, value: Any, problems: list[Problem]) -> School:
    if value is None:
        return desk.school
    if not isinstance(value, dict):
        problems.append(Problem("wrong-shape", "Give the school as an object.", "/school"))
        return desk.school
    try:
        given = read_school(value)
    except SettingsError as error:
        problems += (replace(item, pointer=_at("school", item.column), column="") for item in error.problems)
        return desk.school
    if given.word("logo"):
        problems.append(
            Problem("no-files", "A logo comes from the school's own file, not from a request.", "/school/logo")
        )
    choices = {word: getattr(given, word) for word in SCHOOL_CHOICES if value.get(word, "") != ""}
    return replace(desk.school.with_words(given.words), **choices)


def _read_policy(desk: Desk, value: Any, school: School, problems: list[Problem]) -> Policy | None:
    if value is not None and not isinstance(value, str):
        problems.append(Problem("not-text", "Enter the policy's name.", "/policy"))
        return None
    try:
        return desk.policy(value or school.policy)
    except RequestError as error:
        problems += error.problems
        return None


def _read_pupils(
    values: Mapping[str, Any], word: str, events: frozenset[str], days: MarkDays, problems: list[Problem]
) -> list[AttendanceRecord]:
    found = values.get(word)
    items = found if word == "pupils" else [found]
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        shape = "a list of objects" if word == "pupils" else "an object"
        problems.append(Problem("wrong-shape", f"Give {word} as {shape}.", f"/{word}"))
        return []
    if len(items) > MOST_PUPILS:
        sentence = f"Send at most {MOST_PUPILS:,} pupils at once; there are {len(items):,}."
        problems.append(Problem("too-many-pupils", sentence, f"/{word}"))
        return []
    records = []
    for place, item in enumerate(items):
        start = f"/{word}/{place}" if word == "pupils" else f"/{word}"
        try:
            records.append(read_pupil(item, events, days))
        except RecordError as error:
            problems += (replace(problem, pointer=start + problem.pointer) for problem in error.problems)
    return records
