"""What makes a letter the same letter: the occasion on which it can be issued once."""

from __future__ import annotations

from service.attendance.calendar import school_year_of
from service.attendance.words import MEETING_EVENTS
from service.decisions.decide import Decided
from service.decisions.facts import Facts
from service.decisions.unexplained import UnexplainedTest, outstanding_sessions
from service.pupil import Pupil

MISSED_MEETING = ("enforcement_letter_2_dna", "did_not_attend_letter")
NOTICES = ("notice_to_improve",)


def occasion_of(pupil: Pupil, decided: Decided, letter: str) -> str:
    """The oldest N mark's day for a letter about them, the missed meeting's day, a notice's number, the day of a letter
    that may be sent again, and else the school year."""
    facts, active = decided.facts, pupil.active_policy()
    if letter == active.terms.unexplained_letter:
        return _oldest_unexplained(facts, letter)
    if letter in MISSED_MEETING:
        return _missed_meeting(facts)
    if letter in NOTICES:
        return f"notice {1 + sum(event.event == letter for event in facts.events.history)}"
    if any(item.rule.letter == letter and item.rule.again for item in active.rules):
        return pupil.on.isoformat()
    return f"school year {school_year_of(pupil.on).year}"


def _oldest_unexplained(facts: Facts, letter: str) -> str:
    test = UnexplainedTest(not_followed_by=(letter,))
    days = [day for day, _ in outstanding_sessions(facts) if test.counts(day, facts)]
    summary = facts.record.summary
    oldest = min(days, default=summary.unexplained_since if summary else None)
    return f"no reason since {(oldest or facts.on).isoformat()}"


def _missed_meeting(facts: Facts) -> str:
    missed = [e.on for e in facts.events if e.event in MEETING_EVENTS and e.outcome == "did_not_attend"]
    return f"missed on {max(missed, default=facts.on).isoformat()}"
