"""The days that a notice printed are kept with it, and later rules count from them, whatever is reckoned by then."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date

import pytest

from service.attendance.calendar import CalendarEntry, SchoolCalendar
from service.attendance.reading.records import read_record
from service.commands.memory.pupil_history import as_values
from service.decisions.decision import Decision
from service.memory.memory import Memory
from service.memory.reversing import take_back
from service.pupil import Pupil
from service.sample.export import CALENDAR as ENTRIES
from service.word.text import read_text
from tests.commands.memory.officer import Officer, officer
from tests.forms.form_pupils import ABSENT, ON, STAGE_1, TERMS, event, marks, on, record
from tests.memory.living import as_line, due, history, issue, memory_of, school, take

__all__ = ["officer"]
PRINTED = {"period_start": "2026-11-25", "period_end": "2026-12-15"}
CLOSED = CalendarEntry(on(1, 12), on(4, 12), False, "No heating")
AFTERWARDS = SchoolCalendar((*ENTRIES, CLOSED))
"""The calendar as it turned out: reckoned anew, fifteen school days would lead into January."""
LATER = on(18, 12)
WITHIN, AFTER = on(10, 12), on(17, 12)
UPN = record()["upn"]


@pytest.fixture
def memory(url, tmp_path) -> Iterator[Memory]:
    """A pupil about whom a Notice to Improve was sent, before the school had to close for some days."""
    with memory_of(tmp_path, url) as opened:
        take(opened, record(), on=ON, calendar=TERMS)
        assert issue(opened, UPN, ON, "stockport", letter="notice_to_improve").kept
        yield opened


def marks_with(absent: date) -> list[dict[str, str]]:
    """The marks of the whole term, with a day of absence after the notice."""
    kept = marks({**ABSENT, absent: "O"}, last=LATER)
    return [mark for mark in kept if not f"{CLOSED.first}" <= mark["date"] <= f"{CLOSED.last}"]


def decide_later(memory: Memory, absent: date) -> Decision:
    """The decision at the end of term, with an absence after the notice and the calendar as it turned out."""
    take(memory, record(marks=marks_with(absent)), on=LATER, calendar=AFTERWARDS)
    return due(memory, LATER, "stockport")[UPN]


def decide_from_words(memory: Memory, absent: date, **period: str) -> Decision:
    """The same without memory: from the full history, the notice with the days that it named or without."""
    policy = memory.desk.policy("stockport")
    told = record(marks=marks_with(absent), history=[*STAGE_1, event(ON, "notice_to_improve", **period)])
    return Pupil(read_record(told, events=policy.events), school(memory).school, policy, LATER, AFTERWARDS).decide()


def test_the_days_are_kept_as_they_were_printed(memory) -> None:
    (stored,) = [item.event for item in history(memory, UPN).events if item.event.event == "notice_to_improve"]
    assert {word: f"{getattr(stored, word)}" for word in PRINTED} == PRINTED
    letter = history(memory, UPN).letters[0]
    printed = read_text(memory.files.get(school(memory).id, letter.file))
    assert "from 25 November 2026 to 15 December 2026, both days included" in " ".join(printed.split())


def test_an_absence_within_the_printed_days_counts(memory) -> None:
    decision = decide_later(memory, WITHIN)
    assert decision.rule == "penalty_notice_request_after_notice"
    assert any("25 November to 15 December 2026" in reason.text for reason in decision.main_reasons)


def test_an_absence_after_the_printed_days_does_not_count(memory) -> None:
    assert decide_from_words(memory, AFTER).rule == "penalty_notice_request_after_notice", "reckoned anew it would"
    decision = decide_later(memory, AFTER)
    assert decision.rule == "after_notice_to_improve"
    assert decision.review_on == date(2027, 3, 15), "three months after the printed end"


@pytest.mark.parametrize("absent", [WITHIN, AFTER])
def test_the_stateless_decision_is_the_same_when_it_is_told_the_days(memory, absent) -> None:
    assert as_line(decide_later(memory, absent)) == as_line(decide_from_words(memory, absent, **PRINTED))


def test_an_export_that_tells_of_the_notice_takes_nothing_from_it(memory) -> None:
    told = [*STAGE_1, event(ON, "notice_to_improve", by="LA")]
    take(memory, record(marks=marks_with(AFTER), history=told), on=LATER, calendar=AFTERWARDS)
    assert due(memory, LATER, "stockport")[UPN].rule == "after_notice_to_improve"


def test_a_notice_that_was_taken_back_names_no_days(memory) -> None:
    (letter, *_) = [letter for letter in history(memory, UPN).letters if letter.letter == "notice_to_improve"]
    take_back(memory, school(memory), letter.reference, "sent too early")
    assert decide_later(memory, AFTER).rule not in ("after_notice_to_improve", "penalty_notice_request_after_notice")


def test_the_history_says_the_days(memory, url, officer: Officer) -> None:
    officer.set(DATABASE=url, SCHOOL=str(officer.folder / "school.toml"))
    assert "Notice to Improve: 25 November to 15 December 2026" in officer.does("history", UPN)
    told = json.loads(officer.does("history", UPN, "--json"))
    assert told == json.loads(json.dumps(as_values(history(memory, UPN))))
    assert [item for item in told["events"] if PRINTED.items() <= item.items()]
