"""What somebody says about a pupil, in words -> notes to write down, or what is wrong with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from service.attendance.closed_days import MarkDays
from service.attendance.codes import read_code
from service.attendance.reading.mark_lists import SESSIONS, unknown_code
from service.attendance.reading.records import read_record
from service.attendance.reading.value_kinds import find_text_fault, read_day
from service.attendance.record import Event
from service.attendance.words import FACTS, MEETING
from service.did_you_mean import did_you_mean
from service.errors import Problem, RecordError, RequestError

NOT_WRITTEN = "This was not written down"


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer to a question about a pupil, and the day on which it was given."""

    word: str
    given: str
    on: date


@dataclass(frozen=True, slots=True)
class NewMark:
    """A mark as it is in the register now."""

    day: date
    session: str
    code: str
    byte: int


@dataclass(frozen=True, slots=True)
class Hold:
    """Write no letter before a day, or until it is lifted when no day is named; and why."""

    until: date | None
    why: str


@dataclass(frozen=True, slots=True)
class Notes:
    """What is written down about a pupil at one time; `lift` lifts every hold that there was before."""

    event: Event | None = None
    answers: tuple[Answer, ...] = ()
    marks: tuple[NewMark, ...] = ()
    hold: Hold | None = None
    lift: bool = False


def read_event(values: Mapping[str, str], events: frozenset[str]) -> Event:
    """The event that words mean: on, event, outcome, recipient, by, method, note.

    Raises RecordError with every fault, each under its word.
    """
    given = {word: value for word, value in values.items() if value}
    try:
        return read_record({"pupil_reference": "any", "history": [given]}, events=events).history[0]
    except RecordError as error:
        faults = (_say_fault(item, given, events) for item in error.problems)
        raise RecordError(faults, NOT_WRITTEN) from None


def _say_fault(item: Problem, given: Mapping[str, str], events: frozenset[str]) -> Problem:
    """A fault under its word; what may be said instead is listed where nothing near was found."""
    word = item.pointer.rsplit("/", 1)[-1]
    detail = item.detail
    if word == "event" and "event" in given and "Did you mean" not in detail:
        detail = f"{detail} Choose one of: {', '.join(sorted(events))}."
    return replace(item, detail=detail, pointer="", column=word)


def read_answer(word: str, given: str, on: date) -> Answer:
    """An answer to a question. Raises RequestError when there is no such question or it is no answer."""
    word = word.strip().lower().replace(" ", "_")
    value = given.strip().lower() if word in FACTS else given.strip()
    if word not in FACTS and word not in MEETING:
        raise _refuse("unknown-question", f'"{word}" is not a question we ask.{did_you_mean(word, (*FACTS, *MEETING))}')
    if word in FACTS and value not in ("yes", "no"):
        raise _refuse("not-yes-or-no", f"Answer yes or no: {FACTS[word].question}")
    if word == "meeting_date" and read_day(value, british=True) is None:
        raise _refuse("not-a-day", f'"{value}" is not a date. Write it as 27/11/2026 or 2026-11-27.')
    _check_text(value)
    return Answer(word, value, on)


def read_mark(day: date, session: str, code: str, days: MarkDays) -> NewMark:
    """A mark as it is now. Raises RequestError when it is no session or register code, or the school was closed."""
    if session.upper() not in SESSIONS:
        raise _refuse("not-a-session", "Name the session as AM or PM.")
    read = read_code(code, day)
    if read is None:
        raise _refuse("unknown-code", str(unknown_code(code)))
    if days.is_after(day):
        raise _refuse("later-mark", f"{day:%d/%m/%Y} has not come yet. Correct the day of the mark.")
    if fault := days.find_fault(day, read.byte):
        raise _refuse(fault.code, str(fault))
    return NewMark(day, session.upper(), code.strip().upper(), read.byte)


def read_hold(until: date | None, why: str) -> Hold:
    """A hold on letters. Raises RequestError without a reason."""
    if not why.strip():
        raise _refuse("no-reason", "Say why no letter may be written, with --why.")
    _check_text(why)
    return Hold(until, why.strip())


def _check_text(text: str) -> None:
    if fault := find_text_fault(text):
        raise _refuse("unusable-text", fault)


def _refuse(code: str, sentence: str) -> RequestError:
    return RequestError(code, NOT_WRITTEN, Problem(code, sentence))
