"""What is stored of a pupil -> the record of a day: one history, one register, what people answered, what they hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from service.attendance.calendar import school_year_of
from service.attendance.holding.holds import with_standing_holds
from service.attendance.reading.value_kinds import read_day
from service.attendance.record import AttendanceRecord, Event, Summary
from service.attendance.register import Register
from service.attendance.words import FACTS, LETTERS, MEETING
from service.cohort.holds.coverage import SchoolDays
from service.decisions.wording import say_day
from service.errors import Problem
from service.storage.stored import ISSUED, StoredAnswer, StoredEvent, StoredHold, StoredPupil

_DETAILS = ("outcome", "by", "method", "note", "period_start", "period_end")


def join_record(stored: StoredPupil, on: date, days: SchoolDays) -> AttendanceRecord:
    """The record of a pupil on a day, with everything that is remembered; `days` are those that marks should cover."""
    record, answers = stored.record, stored.answers or {}
    register = record.register.until(on) if record.register else None
    summary = _choose_summary(record.summary, stored.given_on, on, register)
    joined = replace(
        record,
        register=None if summary else register,
        summary=summary,
        facts=_join_facts(record.facts, answers, stored.given_on),
        meeting=_join_meeting(record.meeting, answers, on),
        history=join_events(stored.events),
        holds=(*record.holds, *_say_holds(stored.holds, on)),
    )
    return with_standing_holds(_with_coverage(joined, days), on)


def _with_coverage(record: AttendanceRecord, days: SchoolDays) -> AttendanceRecord:
    """The record with what is to be said, or holds letters back, where the marks that are kept leave days out."""
    if record.register is None:
        return record
    note, hold = days.check(record.register, record.date_of_admission)
    if not note:
        return record
    holds = (*record.holds, hold) if hold else record.holds
    return replace(record, warnings=(*record.warnings, note), holds=holds)


def join_events(stored: Sequence[StoredEvent], brought: Iterable[Event] = ()) -> tuple[Event, ...]:
    """One history of what is stored and what an export or request brings, in the order of days.

    An event is the same by its kind, day and recipient. A letter issued here outranks any other account of a letter of
    that day; what was taken back stays taken back.
    """
    counting = [item for item in stored if item.counts and not is_outranked(item.event, item, stored)]
    joined = [item.event for item in counting]
    for event in brought:
        match = find_same(event, counting)
        if match:
            place = next(place for place, item in enumerate(counting) if item is match)
            joined[place] = complete(joined[place], event)
        elif not is_outranked(event, None, stored):
            joined.append(event)
    return tuple(sorted(joined, key=lambda event: event.on))


def find_same(event: Event, stored: Iterable[StoredEvent]) -> StoredEvent | None:
    """The stored event that is this one: the same kind on the same day for the same recipient."""
    same = (event.event, event.on, event.recipient.casefold())
    for item in stored:
        if (item.event.event, item.event.on, item.event.recipient.casefold()) == same:
            return item
    return None


def is_outranked(event: Event, own: StoredEvent | None, stored: Iterable[StoredEvent]) -> bool:
    """Whether an account of an event gives way: to a letter issued here that day, or to having been taken back."""
    if own is not None and own.source == ISSUED:
        return False
    for item in stored:
        if item is own or (item.event.event, item.event.on) != (event.event, event.on):
            continue
        if item.source == ISSUED and event.event in LETTERS:
            return True
        if own is None and not item.counts and item.event.recipient.casefold() == event.recipient.casefold():
            return True
    return False


def complete(event: Event, other: Event) -> Event:
    """An event with the details that only another account of it has."""
    missing = {word: getattr(other, word) for word in _DETAILS if not getattr(event, word) and getattr(other, word)}
    return replace(event, **missing) if missing else event


def _choose_summary(summary: Summary | None, given_on: date, on: date, register: Register | None) -> Summary | None:
    """A summary of this school year that reaches further than the marks that are kept; it ends when it was given."""
    if summary is None:
        return None
    last = summary.period_end or given_on
    if last < school_year_of(on) or (register is not None and last <= register.last):
        return None
    return summary if summary.period_end or last >= on else replace(summary, period_end=last)


def _join_facts(facts: Mapping[str, bool], answers: Mapping[str, StoredAnswer], given_on: date) -> Mapping[str, bool]:
    """The facts of the last export, and what people answered since."""
    said = {
        word: answer.answer == "yes"
        for word, answer in answers.items()
        if word in FACTS and (word not in facts or answer.day >= given_on)
    }
    return {**facts, **said} if said else facts


def _join_meeting(given: Mapping[str, str], answers: Mapping[str, StoredAnswer], on: date) -> Mapping[str, str]:
    """The meeting to invite to; one that is over is none."""
    meeting = {**given, **{word: answers[word].answer for word in MEETING if word in answers}}
    day = read_day(meeting.get("meeting_date", ""), british=True)
    return {} if day and day < on else meeting


def _say_holds(holds: Iterable[StoredHold], on: date) -> Iterator[Problem]:
    for hold in holds:
        if hold.until is None or on < hold.until:
            when = f"until {say_day(hold.until)}" if hold.until else "until the hold is lifted"
            yield Problem("held", f"Do not write {when}: {hold.why.rstrip('.')}.")
