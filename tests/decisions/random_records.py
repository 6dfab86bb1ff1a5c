"""Random records for property tests: registers or summaries, histories, judgements, birthdays."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from service.attendance.calendar import CalendarEntry, SchoolCalendar
from service.attendance.reading.records import read_record
from service.attendance.record import AttendanceRecord
from service.attendance.words import FACTS, OUTCOMES
from service.decisions.policy import Policy
from service.decisions.reading.policies import load_policies, load_policy
from tests.attendance.random_registers import marks_lists
from tests.attendance.slow_figures import Mark

ROOT = Path(__file__).parents[2]
ON = date(2026, 11, 20)
YEAR = SchoolCalendar(
    (
        CalendarEntry(date(2026, 9, 2), date(2026, 12, 18), True),
        CalendarEntry(date(2026, 10, 26), date(2026, 10, 30), False),
        CalendarEntry(date(2027, 1, 4), date(2027, 3, 25), True),
    )
)
SUMMARY_WINDOWS = ("", "_last_10_weeks", "_last_10_school_weeks", "_since_last_letter")


@cache
def policies() -> dict[str, Policy]:
    """The shipped policies and the two that stand beside these tests."""
    own = [path for path in (ROOT / "tests" / "rules_files").glob("*.toml") if ".cases" not in path.name]
    return load_policies(ROOT / "rules") | {path.stem: load_policy(path, ROOT / "rules") for path in own}


@st.composite
def histories(draw: st.DrawFn, name: str) -> list[dict[str, Any]]:
    """What was done, mostly in this school year, in any order."""
    policy = policies()[name]
    event = st.fixed_dictionaries(
        {
            "on": st.integers(-430, 110).map(lambda days: (date(2026, 9, 1) + timedelta(days=days)).isoformat()),
            "event": st.sampled_from(sorted(policy.events)),
            "outcome": st.sampled_from(["", *OUTCOMES]),
            "recipient": st.sampled_from(["Ms A Green", "Mr B Green"]),
        }
    )
    near = st.fixed_dictionaries(
        {
            "on": st.integers(5, 75).map(lambda days: (date(2026, 9, 1) + timedelta(days=days)).isoformat()),
            "event": st.sampled_from(sorted(policy.on(ON).terms.ladder)),  # type: ignore[union-attr]
        }
    )
    return [*draw(st.lists(event, max_size=4)), *draw(st.lists(near, max_size=4))]


@st.composite
def summaries(draw: st.DrawFn) -> dict[str, int]:
    """Some figures of an MIS for some windows, at least free of contradictions."""
    values: dict[str, int] = {}
    for window in draw(st.sets(st.sampled_from(SUMMARY_WINDOWS))):
        attended, authorised = draw(st.integers(0, 100)), draw(st.integers(0, 20))
        late, ill, none = draw(st.integers(0, 9)), draw(st.integers(0, 9)), draw(st.integers(0, 9))
        figures = {
            "sessions_attended": attended + late,
            "sessions_late": late,
            "sessions_authorised": authorised + ill,
            "sessions_illness": ill,
            "sessions_medical": 0,
            "sessions_unauthorised": none,
            "sessions_unexplained": none // 2,
            "sessions_holiday": none // 3,
            "absence_spells": draw(st.integers(0, 5)),
        }
        kept = draw(st.sets(st.sampled_from(sorted(figures))))
        values.update({word + window: figures[word] for word in kept})
    return values


@st.composite
def values_of_pupils(draw: st.DrawFn, policy: str, *, with_marks: bool | None = None) -> dict[str, Any]:
    """A pupil's record as JSON has it."""
    values: dict[str, Any] = {"pupil_reference": "A1", "history": draw(histories(policy))}
    values |= draw(st.dictionaries(st.sampled_from(sorted(FACTS)), st.booleans(), max_size=9))
    born = draw(st.sampled_from(["", "2012-04-04", "2022-01-10", "2010-08-31"]))
    if born:
        values["date_of_birth"] = born
    if draw(st.booleans()):
        values |= {"meeting_date": "1 December 2026", "meeting_time": "3.30 pm", "meeting_place": "The school office"}
    if with_marks if with_marks is not None else draw(st.booleans()):
        return values | {"marks": as_json(draw(marks_lists(longest=18)))}
    return values | draw(summaries())


def as_json(marks: list[Mark]) -> list[dict[str, str]]:
    """Marks as JSON has them."""
    return [{"date": day.isoformat(), "session": session, "code": code} for day, session, code in marks]


def record_of(values: dict[str, Any], policy: Policy) -> AttendanceRecord:
    """The record that such values mean."""
    return read_record(values, events=policy.events)
