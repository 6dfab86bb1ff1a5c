"""The facts of a letter -> the words that its template can use.

`letter_templates/fields.toml` says what each word means. Only the words that a template asks for are worked out; a
word that is not known is left out, and the template then says which one it lacks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date

from service.attendance.reading.value_kinds import read_day
from service.attendance.words import MEETING_EVENTS
from service.decisions.thresholds import improvement_window
from service.decisions.wording import round_percentage, say_day, say_list, say_name, say_number
from service.letters.absences import list_absences, list_unexplained
from service.letters.address_window import choose_setting
from service.letters.facts import LetterFacts
from service.letters.grounds import (
    below_expected,
    law_applies,
    notice_comes_first,
    only_illness,
    reaches_expected,
    separate_absences,
    sessions_for_health,
    unauthorised_since,
)
from service.letters.named_days import improvement_days, reply_by, review_day, review_school_days
from service.letters.on_record import (
    earlier_letters,
    last_meeting,
    notice_can_follow,
    notices_before,
    since_contact,
    support_given,
)
from service.letters.personal import runs_from_right
from service.letters.sender import find_sender

Value = str | int | bool | list[str] | list[dict[str, str]]


def letter_fields(letter: LetterFacts, wanted: Iterable[str]) -> dict[str, Value]:
    """The words of `wanted` that are known, ready to print."""
    known = ((word, _supply(letter, word)) for word in wanted)
    return {word: value for word, value in known if value is not None}


def _supply(letter: LetterFacts, word: str) -> Value | None:
    if supplier := _SUPPLIERS.get(word):
        return supplier(letter)
    return letter.school.words.get(word) if word in _SCHOOL_REQUIRED else letter.school.word(word)


_SCHOOL_REQUIRED = frozenset(("school_name", "local_authority_name"))


def _digits(number: int | None, optional: bool = False) -> str | None:
    return ("" if optional else None) if number is None else str(number)


def _attendance(letter: LetterFacts) -> str | None:
    figure = letter.facts.told("attendance_percentage", letter.period).figure
    return None if figure is None else f"{round_percentage(figure.value, places=1)}%"


def _days(sessions: int) -> str:
    """Half the sessions with the unit: "half a day", "1 day", "4.5 days"."""
    if sessions == 1:
        return "half a day"
    days = f"{sessions // 2}{'.5' if sessions % 2 else ''}"
    return f"{days} {'day' if sessions == 2 else 'days'}"


def _days_missed(letter: LetterFacts) -> str | None:
    missed = letter.count("sessions_absent")
    return None if missed is None else _days(missed)


def _lessons_missed(letter: LetterFacts) -> str:
    missed, a_day = letter.count("sessions_absent"), letter.school.lessons_per_day
    if missed is None or not a_day:
        return ""
    return _lessons((missed * a_day + 1) // 2)


def _lessons_in_19_days(letter: LetterFacts) -> str:
    a_day = letter.school.lessons_per_day
    return _lessons(19 * a_day) if a_day else ""


def _broken_weeks(letter: LetterFacts) -> str:
    broken, weeks = letter.count("broken_weeks"), letter.count("weeks_in_session")
    return "" if broken is None or weeks is None else str(broken)


def _how_to_contact(letter: LetterFacts) -> str:
    owner = "local_authority" if letter.kind.sent_by == "local authority" else "school"
    telephone, email = letter.school.word(f"{owner}_telephone"), letter.school.word(f"{owner}_email")
    ways = [f"call {telephone}"] * bool(telephone) + [f"email {email}"] * bool(email)
    return say_list(ways, "or") or "speak to the school office"


def _meeting_day(letter: LetterFacts) -> str | None:
    text = letter.facts.record.meeting.get("meeting_date")
    if not text:
        return None
    day = read_day(text, british=True)
    return f"{day:%A} {say_day(day)}" if day else text


def _meeting_time(letter: LetterFacts) -> str | None:
    """A time as it is spoken: 14:30 is 2:30 pm, 9:00 is 9 am; anything else stays as it was written."""
    text = letter.facts.record.meeting.get("meeting_time")
    hour, colon, minute = (text or "").partition(":")
    if not (colon and hour.isdigit() and minute.isdigit() and int(hour) < 24 and int(minute) < 60):
        return text
    spoken = str((int(hour) - 1) % 12 + 1) + (f":{minute}" if int(minute) else "")
    return f"{spoken} {'am' if int(hour) < 12 else 'pm'}"


def _improvement(letter: LetterFacts, end: int) -> str | None:
    days = improvement_days(letter)
    return say_day(days[end]) if days else None


def _improvement_school_days(letter: LetterFacts) -> str | None:
    window = improvement_window(letter.policy)
    return str(window.number) if window else None


def _say_day_if(day: date | None) -> str:
    return say_day(day) if day else ""


def _period(letter: LetterFacts, end: int) -> str:
    return say_day((letter.span.first, letter.span.last)[end]) if letter.is_period_known else ""


def _school_days(number: int | None) -> str:
    return "" if number is None else f"{number} school {'day' if number == 1 else 'days'}"


def _lessons(number: int) -> str:
    return f"{number} {'lesson' if number == 1 else 'lessons'}"


_SUPPLIERS: Mapping[str, Callable[[LetterFacts], Value | None]] = {
    "reference": lambda letter: letter.reference,
    "date_long": lambda letter: say_day(letter.facts.on),
    "address_lines": lambda letter: list(letter.recipient.address_lines),
    "salutation": lambda letter: letter.recipient.salutation,
    "recipient_name": lambda letter: letter.recipient.name,
    "pupil_name": lambda letter: say_name(f"{letter.facts.record.first_name} {letter.facts.record.last_name}"),
    "known_as": lambda letter: say_name(letter.facts.record.preferred_name or letter.facts.record.first_name),
    "registration_group": lambda letter: letter.facts.record.registration_group,
    "sender_name": lambda letter: find_sender(letter)[0],
    "sender_role": lambda letter: find_sender(letter)[1],
    "school_address_lines": lambda letter: list(letter.school.address.printed_lines),
    "local_authority_address_lines": lambda letter: list(letter.school.authority_address.printed_lines),
    "how_to_contact": _how_to_contact,
    "period_from": lambda letter: _period(letter, 0),
    "period_to": lambda letter: _period(letter, 1),
    "attendance_percentage": _attendance,
    "expected_level": lambda letter: f"{say_number(letter.facts.terms.expected_level)}%",
    "sessions_possible": lambda letter: _digits(letter.count("sessions_possible"), optional=True),
    "sessions_missed": lambda letter: _digits(letter.count("sessions_absent")),
    "sessions_unauthorised": lambda letter: _digits(letter.count("sessions_unauthorised"), optional=True),
    "sessions_illness": lambda letter: _digits(letter.count("sessions_illness")),
    "sessions_medical": lambda letter: _digits(letter.count("sessions_medical")),
    "sessions_late": lambda letter: _digits(letter.count("sessions_late")),
    "sessions_late_after_close": lambda letter: _digits(letter.count("sessions_late_after_close")),
    "days_missed": _days_missed,
    "lessons_missed": _lessons_missed,
    "broken_weeks": _broken_weeks,
    "weeks_in_session": lambda letter: _digits(letter.count("weeks_in_session"), optional=True),
    "medical_absences": lambda letter: list_absences(letter.facts.record.register, letter.span, "IM"),
    "unauthorised_absences": lambda letter: list_absences(letter.facts.record.register, letter.span, "GNOU"),
    "sessions_without_reason": lambda letter: list_unexplained(letter.facts),
    "since_contact": since_contact,
    "since_date": lambda letter: say_day(letter.since.on) if letter.since else None,
    "sessions_missed_since": lambda letter: _digits(letter.count_since("sessions_absent"), optional=True),
    "sessions_unauthorised_since": lambda letter: _digits(letter.count_since("sessions_unauthorised"), optional=True),
    "earlier_letters": earlier_letters,
    "support_given": support_given,
    "reply_by": lambda letter: _say_day_if(reply_by(letter)),
    "review_date": lambda letter: _say_day_if(review_day(letter)),
    "review_school_days": lambda letter: _school_days(review_school_days(letter)),
    "meeting_date_long": _meeting_day,
    "meeting_time": _meeting_time,
    "meeting_place": lambda letter: letter.facts.record.meeting.get("meeting_place"),
    "meeting_with": lambda letter: letter.facts.record.meeting.get("meeting_with", ""),
    "last_meeting_date": lambda letter: last_meeting(letter, MEETING_EVENTS, "attended"),
    "missed_meeting_date": lambda letter: last_meeting(letter, ("attendance_panel_meeting",), "did_not_attend"),
    "variant": lambda letter: letter.variant,
    "ask_for_evidence": lambda letter: letter.school.ask_for_evidence and bool(letter.count("sessions_illness")),
    "improvement_from": lambda letter: _improvement(letter, 0),
    "improvement_to": lambda letter: _improvement(letter, 1),
    "improvement_school_days": _improvement_school_days,
    "notices_before": notices_before,
    "notice_can_follow": notice_can_follow,
    "address_setting": lambda letter: choose_setting(letter.recipient.address_lines, letter.school.print_profile),
    "lessons_in_19_days": _lessons_in_19_days,
    "sessions_for_health": lambda letter: _digits(sessions_for_health(letter)),
    "separate_absences": lambda letter: _digits(separate_absences(letter), optional=True),
    "below_expected": below_expected,
    "reaches_expected": reaches_expected,
    "only_illness": only_illness,
    "law_applies": law_applies,
    "unauthorised_since": unauthorised_since,
    "notice_comes_first": notice_comes_first,
    "evidence_received": lambda letter: letter.facts.answer("medical_evidence_received") is True,
    "no_reason_given": lambda letter: letter.facts.answer("reason_given") is False,
    "personal_sentence": lambda letter: letter.sentence,
    "personal_sentence_from_right": lambda letter: runs_from_right(letter.sentence),
    "reason_not_accepted": lambda letter: letter.facts.answer("reason_satisfactory") is False,
}
