"""What the office should think of before a letter is sent; never printed on it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from service.attendance.reading.value_kinds import read_day
from service.decisions.unexplained import REPLY_SCHOOL_DAYS, outstanding_sessions
from service.letters.facts import LetterFacts
from service.letters.on_record import notices_before
from service.letters.recipients import Recipient

HEALTH_LETTERS = frozenset({"letter_med", "attendance_message", "school_worries_letter", "lateness_letter"})
"""Letters that do not blame: authorised absence is no reason to hold them."""
PATTERN_OF_ILLNESS = 3
"""So many separate absences for illness or appointments are taken for a pattern."""


def notes_on(letter: LetterFacts, wanted: frozenset[str], recipients: Sequence[Recipient]) -> Iterator[str]:
    """The notes on one letter; `wanted` are the words that its template asks for."""
    if letter.recipient.caution:
        yield letter.recipient.caution
    if letter.kind.letter not in HEALTH_LETTERS and _is_all_authorised(letter):
        yield "All of this absence is authorised: think whether to send this letter."
    if "sessions_without_reason" in wanted:
        yield from _old_sessions(letter)
    if "ask_for_evidence" in wanted and letter.school.ask_for_evidence:
        yield "It asks for evidence with every illness; national guidance keeps that for real doubt about a few pupils."
    if letter.kind.letter == "letter_med" and not _is_pattern_of_illness(letter):
        yield "Ask for evidence only where there is real doubt: no pattern of illness is on record."
    if "notices_before" in wanted and notices_before(letter) == 0:
        yield "Ask the council about penalty notices in the last three years: none is on record for this parent."
    if "meeting_place" in wanted and letter.facts.record.meeting:
        yield from _meeting_notes(letter, recipients)


def _is_all_authorised(letter: LetterFacts) -> bool:
    return bool(letter.count("sessions_absent")) and letter.count("sessions_unauthorised") == 0


def _old_sessions(letter: LetterFacts) -> Iterator[str]:
    """A note on sessions whose reason should have been found out by now."""
    calendar, on = letter.facts.calendar, letter.facts.on
    days = {day for day, _ in outstanding_sessions(letter.facts)}
    if any(calendar.school_day_after(day, REPLY_SCHOOL_DAYS) < on for day in days):
        yield "Some of these sessions are more than five school days old: telephone as well, and settle their codes."


def _is_pattern_of_illness(letter: LetterFacts) -> bool:
    figure = letter.facts.told("illness_or_medical_spells", letter.period).figure
    return figure is not None and figure.part >= PATTERN_OF_ILLNESS


def _meeting_notes(letter: LetterFacts, recipients: Sequence[Recipient]) -> Iterator[str]:
    calendar, day = letter.facts.calendar, read_day(letter.facts.record.meeting.get("meeting_date", ""), british=True)
    if day is not None and day <= letter.facts.on:
        yield "The day of the meeting is not after the day of the letter: choose a later one."
    elif day is not None and calendar.covers(day) and not calendar.is_open(day):
        yield "The school is closed on the day of the meeting: choose a school day."
    if len({recipient.address for recipient in recipients}) > 1:
        yield "People at different addresses are invited to one meeting: ask whether they would rather come separately."
