"""The cases beside a rules file: a pupil in a few lines, and the decision and reasons that must come of it.

A case's pupil holds the same words as a JSON record. Instead of many marks it may say `attends = {from, to}` and
`absent = [{on or from and to, session, code}]`: every school day of the case's calendar gets its marks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from service.attendance.calendar import CalendarEntry, SchoolCalendar
from service.attendance.reading import read_record
from service.attendance.strict_toml import UnreadableTomlError, read_toml
from service.decisions.decide import decide
from service.decisions.decision import Decision
from service.decisions.policy import Policy
from service.errors import AttendanceLettersError, Problem, RulesError, did_you_mean

_CASE_KEYS = frozenset(("name", "on", "pupil", "calendar", "expect"))
_NOT_A_CASE = (LookupError, TypeError, ValueError, AttributeError)  # what a case of another shape leads to
_MOST_DAYS = 1_000
_NEEDED = (
    "This is not written as a case: it needs name, on (a date), pupil and expect; its calendar from, to and kind; "
    f"and attends runs from one date to another, over {_MOST_DAYS:,} days at the most."
)


def run_cases(path: Path, policy: Policy) -> list[Problem]:
    """Everything in which the decisions differ from what the cases of a file expect; empty when all is well."""
    values = _open(path)
    calendar = values.get("calendar", [])
    return [problem for case in _cases(values) for problem in _run_case(case, calendar, policy, path.name)]


def count_cases(path: Path) -> int:
    """How many cases a file holds."""
    return len(_cases(_open(path)))


def _open(path: Path) -> dict[str, Any]:
    try:
        return read_toml(path)
    except UnreadableTomlError as error:
        raise RulesError(Problem("not-toml", str(error), file=path.name)) from None


def _cases(values: Mapping[str, Any]) -> list[dict[str, Any]]:
    cases = values.get("case", [])
    return [case for case in cases if isinstance(case, dict)] if isinstance(cases, list) else []


def _run_case(case: dict[str, Any], calendar: list[dict[str, Any]], policy: Policy, file: str) -> Iterator[Problem]:
    place = f'case "{case.get("name", "")}"'
    for key in case.keys() - _CASE_KEYS:
        yield Problem("unknown-key", f'"{key}" is not known here.{did_you_mean(key, _CASE_KEYS)}', file, column=place)
    try:
        decision = decide_case(case, calendar, policy)
    except AttendanceLettersError as error:
        for problem in error.problems:
            yield Problem(problem.code, f"{problem.pointer}: {problem.detail}", file=file, column=place)
        return
    except _NOT_A_CASE:
        yield Problem("not-a-case", _NEEDED, file=file, column=place)
        return
    expected = case.get("expect", {})
    if not isinstance(expected, dict):
        yield Problem("not-a-case", _NEEDED, file=file, column=place)
        return
    for sentence in _compare(decision, expected):
        yield Problem("case-fails", sentence, file=file, column=place)


def decide_case(case: Mapping[str, Any], calendar: list[dict[str, Any]], policy: Policy) -> Decision:
    """The decision for a case's pupil. Raises RecordError when the pupil's record is wrong."""
    entries = (
        CalendarEntry(item["from"], item["to"], item["kind"] == "term", item.get("name", ""))
        for item in case.get("calendar", calendar)
    )
    school = SchoolCalendar(tuple(entries))
    pupil = dict(case["pupil"])
    marks = _marks(pupil.pop("attends", None), pupil.pop("absent", []), school)
    if marks:
        pupil["marks"] = marks + pupil.get("marks", [])
    record = read_record({"pupil_reference": "case", **_plain(pupil)}, events=policy.events)
    return decide(record, policy, case["on"], school)


def _marks(attends: dict[str, date] | None, absent: Iterable[dict[str, Any]], school: SchoolCalendar) -> list[Any]:
    if attends is None:
        return []
    marks = {
        (day, session): code
        for day in _days(attends["from"], attends["to"])
        if school.is_open(day)
        for session, code in (("AM", "/"), ("PM", "\\"))
    }
    for item in absent:
        for day in _days(item.get("on") or item["from"], item.get("on") or item["to"]):
            for session in [item["session"]] if "session" in item else ["AM", "PM"]:
                if (day, session) in marks:
                    marks[day, session] = item["code"]
    return [{"date": day.isoformat(), "session": session, "code": code} for (day, session), code in marks.items()]


def _days(first: date, last: date) -> Iterator[date]:
    number = (last - first).days + 1
    if number > _MOST_DAYS:
        raise ValueError(number)
    return (first + timedelta(days=day) for day in range(number))


def _plain(value: Any) -> Any:
    """TOML's dates as JSON writes them."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, list) else value


def _compare(decision: Decision, expect: Mapping[str, Any]) -> Iterator[str]:
    found = decision.as_json()
    if not expect.get("outcome") or not expect.get("reasons"):
        yield "A case must expect an outcome and reasons."
    for word, wanted in _plain(dict(expect)).items():
        if word == "reasons":
            yield from _compare_reasons(found["reasons"], wanted)
        elif word == "figures":
            yield from (
                _differs(key, value, found["figures"].get(key))
                for key, value in wanted.items()
                if found["figures"].get(key) != value
            )
        elif word not in found:
            yield f'"{word}" is not a word of a decision.{did_you_mean(word, found)}'
        elif (found[word] or wanted) and found[word] != wanted:
            yield _differs(word, wanted, found[word])


def _differs(word: str, wanted: Any, found: Any) -> str:
    return f"{word} should be {wanted!r} but is {found!r}."


def _compare_reasons(found: list[dict[str, Any]], wanted: Iterable[dict[str, Any]]) -> Iterator[str]:
    for reason in wanted:
        if not any(_matches(candidate, reason) for candidate in found):
            near = [item["text"] for item in found if item["rule"] == reason.get("rule")]
            yield f"No reason matches {reason!r}; those of the rule are {near!r}."


def _matches(candidate: Mapping[str, Any], reason: Mapping[str, Any]) -> bool:
    return all(
        wanted in candidate["text"] if word == "text" else candidate.get(word) == wanted
        for word, wanted in reason.items()
    )
