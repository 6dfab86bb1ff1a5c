"""What the office should think of before a letter is sent; never printed on it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from service.decisions.unexplained import outstanding_sessions
from service.letters.facts import LetterFacts
from service.letters.named_days import REPLY_SCHOOL_DAYS
from service.letters.recipients import Recipient

HEALTH_LETTERS = frozenset({"letter_med", "attendance_message", "school_worries_letter", "lateness_letter"})
"""Letters that do not blame: authorised absence is no reason to hold them."""


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
    if "meeting_place" in wanted and len({recipient.address for recipient in recipients}) > 1:
        yield "People at different addresses are invited to one meeting: ask whether they would rather come separately."


def _is_all_authorised(letter: LetterFacts) -> bool:
    return bool(letter.count("sessions_absent")) and letter.count("sessions_unauthorised") == 0


def _old_sessions(letter: LetterFacts) -> Iterator[str]:
    """A note on sessions whose reason should have been found out by now."""
    calendar, on = letter.facts.calendar, letter.facts.on
    days = {day for day, _ in outstanding_sessions(letter.facts)}
    if any(calendar.school_day_after(day, REPLY_SCHOOL_DAYS) < on for day in days):
        yield "Some of these sessions are more than five school days old: telephone as well, and settle their codes."
