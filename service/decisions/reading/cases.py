"""The cases beside a rules file: a pupil in a few lines, and the decision and reasons that must come of it.

A case's pupil holds the same words as a JSON record. Instead of many marks it may say `attends = {from, to}` and
`absent = [{on or from and to, session, code}]`: every school day of the case's calendar gets its marks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from service.attendance.calendar import SchoolCalendar
from service.attendance.reading.records import read_record
from service.decisions.decide import decide
from service.decisions.decision import Decision
from service.decisions.policy import Policy
from service.decisions.reading.case_tables import Case, days_between, read_cases
from service.did_you_mean import did_you_mean
from service.errors import AttendanceLettersError, Problem


def run_cases(path: Path, policy: Policy) -> list[Problem]:
    """Everything in which the decisions differ from what the cases of a file expect; empty when all is well.

    What is written wrongly in the file is among the problems, and such a case is not decided.
    """
    problems: list[Problem] = []
    cases = read_cases(path, problems)
    return problems + [problem for case in cases for problem in _run_case(case, policy, path.name)]


def _run_case(case: Case, policy: Policy, file: str) -> Iterator[Problem]:
    try:
        decision = decide_case(case, policy)
    except AttendanceLettersError as error:
        for problem in error.problems:
            detail = f"{problem.pointer}: {problem.detail}" if problem.pointer else problem.detail
            yield Problem(problem.code, detail, file=file, column=case.place)
        return
    for sentence in _compare(decision, case.values.get("expect", {})):
        yield Problem("case-fails", sentence, file=file, column=case.place)


def decide_case(case: Case, policy: Policy) -> Decision:
    """The decision for a case's pupil. Raises RecordError when the pupil's record is wrong."""
    pupil = dict(case.values["pupil"])
    marks = _marks(pupil.pop("attends", None), pupil.pop("absent", []), case.school)
    given = pupil.get("marks", [])
    if marks and isinstance(given, list):
        pupil["marks"] = marks + given
    record = read_record({"pupil_reference": "case", "history": [], **_plain(pupil)}, events=policy.events)
    return decide(record, policy, case.values["on"], case.school)


def _marks(attends: dict[str, date] | None, absent: Iterable[dict[str, Any]], school: SchoolCalendar) -> list[Any]:
    if attends is None:
        return []
    marks = {
        (day, session): code
        for day in days_between(attends["from"], attends["to"])
        if school.is_open(day)
        for session, code in (("AM", "/"), ("PM", "\\"))
    }
    for item in absent:
        for day in days_between(item.get("on") or item["from"], item.get("on") or item["to"]):
            for session in [item["session"]] if "session" in item else ["AM", "PM"]:
                if (day, session) in marks:
                    marks[day, session] = item["code"]
    return [{"date": day.isoformat(), "session": session, "code": code} for (day, session), code in marks.items()]


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
