"""The facts of a letter -> the words that its template can use.

`letter_templates/fields.toml` says what each word means. Only the words that a template asks for are worked out; a
word that is not known is left out, and the template then says which one it lacks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date

from service.attendance.record import Event
from service.attendance.value_kinds import read_day
from service.attendance.words import MEETING_EVENTS
from service.decisions.conditions import Unexplained, list_leaves
from service.decisions.notices import count_notices
from service.decisions.reasons import ReasonWriter
from service.decisions.thresholds import improvement_school_days, span_of_notices
from service.decisions.wording import round_percentage, say_day, say_list, say_name, say_number
from service.letters.absences import list_absences, list_unexplained
from service.letters.facts import LetterFacts

SUPPORT = {
    "pastoral_meeting": "Meeting with the pastoral team",
    "attendance_support_meeting": "Attendance support meeting",
    "early_help_assessment": "Early help assessment",
    "early_help_referral": "Referral to early help",
    "support_action": "Support in school",
    "home_visit": "Home visit",
}
"""Steps of support that a letter may name: none that shows a protection plan, a diagnosis or another person."""

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
    figure = letter.facts.figure("attendance_percentage", letter.period).figure
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
    lessons = (missed * a_day + 1) // 2
    return f"{lessons} {'lesson' if lessons == 1 else 'lessons'}"


def _broken_weeks(letter: LetterFacts) -> str:
    broken, weeks = letter.count("broken_weeks"), letter.count("weeks_in_session")
    return "" if broken is None or weeks is None else str(broken)


def _how_to_contact(letter: LetterFacts) -> str:
    owner = "local_authority" if letter.kind.sent_by == "local authority" else "school"
    telephone, email = letter.school.word(f"{owner}_telephone"), letter.school.word(f"{owner}_email")
    ways = [f"call {telephone}"] * bool(telephone) + [f"email {email}"] * bool(email)
    return say_list(ways, "or") or "speak to the school office"


def _sender(letter: LetterFacts) -> tuple[str | None, str]:
    """Who signs and as what: the person whom the school names for the letter's role, else its usual sender."""
    school, role = letter.school, letter.kind.sender_role
    if role in school.senders:
        return school.senders[role], role
    if letter.kind.sent_by == "local authority":
        return school.words.get("local_authority_name"), role
    if role.lower().startswith("head") and school.word("headteacher_name"):
        return school.word("headteacher_name"), role
    return school.words.get("sender_name"), school.word("sender_role") or role


def _reply_by(letter: LetterFacts) -> str | None:
    """The last day to answer: the day before the policy acts on silence, or the review day."""
    day = letter.review_on
    for active in letter.policy.rules:
        for leaf in list_leaves(active.version.when):
            if isinstance(leaf, Unexplained) and letter.kind.letter in leaf.test.followed_by:
                day = leaf.test.followed_for.after(letter.facts.on, letter.facts.calendar)
                return say_day(date.fromordinal(day.toordinal() - 1))
    return say_day(day) if day else None


def _earlier_letters(letter: LetterFacts) -> list[dict[str, str]]:
    writer = ReasonWriter(letter.facts.terms)
    return [
        {"label": writer.name(event.event), "date": say_day(event.on)}
        for event in letter.facts.events
        if event.event in letter.facts.terms.labels and _was_for(event, letter) and not _is_itself(event, letter)
    ]


def _is_itself(event: Event, letter: LetterFacts) -> bool:
    """Whether an event is the letter being written, noted already on its own day."""
    return (event.event, event.on) == (letter.kind.letter, letter.facts.on)


def _was_for(event: Event, letter: LetterFacts) -> bool:
    """Whether something was for this recipient; where nobody was named it was for every one."""
    if not event.recipient:
        return True
    own = {str(number) for number in letter.recipient.numbers}
    for number in letter.recipient.numbers:
        contact = letter.facts.record.contacts[number - 1]
        own |= {contact.name.casefold(), f"{contact.first_name} {contact.last_name}".strip().casefold()}
    return event.recipient.casefold() in own


def _support_given(letter: LetterFacts) -> list[dict[str, str]]:
    return [
        {"what": SUPPORT[event.event], "date": say_day(event.on)}
        for event in letter.facts.events
        if event.event in SUPPORT and event.outcome not in ("did_not_attend", "refused")
    ]


def _last_of(letter: LetterFacts, names: tuple[str, ...], outcome: str) -> str:
    found = [event for event in letter.facts.events if event.event in names and event.outcome == outcome]
    return say_day(found[-1].on) if found else ""


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


def _improvement_from(letter: LetterFacts) -> str:
    return say_day(letter.facts.calendar.school_day_after(letter.facts.on, 1))


def _improvement_to(letter: LetterFacts) -> str | None:
    number = improvement_school_days(letter.policy)
    return say_day(letter.facts.calendar.school_day_after(letter.facts.on, number)) if number else None


def _notices_before(letter: LetterFacts) -> int | None:
    """The notices to the recipient; to any one parent where a letter is handed over and has no contact's name."""
    span = span_of_notices(letter.policy, letter.facts)
    return count_notices(letter.facts.record, span.first, span.last, letter.recipient.numbers) if span else None


def _since_label(letter: LetterFacts) -> str | None:
    return ReasonWriter(letter.facts.terms).name(letter.since.event) if letter.since else None


_SUPPLIERS: Mapping[str, Callable[[LetterFacts], Value | None]] = {
    "reference": lambda letter: letter.reference,
    "date_long": lambda letter: say_day(letter.facts.on),
    "address_lines": lambda letter: list(letter.recipient.address_lines),
    "salutation": lambda letter: letter.recipient.salutation,
    "recipient_name": lambda letter: letter.recipient.name,
    "pupil_name": lambda letter: say_name(f"{letter.facts.record.first_name} {letter.facts.record.last_name}"),
    "known_as": lambda letter: say_name(letter.facts.record.preferred_name or letter.facts.record.first_name),
    "registration_group": lambda letter: letter.facts.record.registration_group,
    "sender_name": lambda letter: _sender(letter)[0],
    "sender_role": lambda letter: _sender(letter)[1],
    "school_address_lines": lambda letter: list(letter.school.address.printed_lines),
    "local_authority_address_lines": lambda letter: list(letter.school.authority_address.printed_lines),
    "how_to_contact": _how_to_contact,
    "period_from": lambda letter: say_day(letter.span.first),
    "period_to": lambda letter: say_day(letter.span.last),
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
    "since_label": _since_label,
    "since_date": lambda letter: say_day(letter.since.on) if letter.since else None,
    "sessions_missed_since": lambda letter: _digits(letter.count_since("sessions_absent"), optional=True),
    "sessions_unauthorised_since": lambda letter: _digits(letter.count_since("sessions_unauthorised"), optional=True),
    "earlier_letters": _earlier_letters,
    "support_given": _support_given,
    "reply_by": _reply_by,
    "review_date": lambda letter: say_day(letter.review_on) if letter.review_on else "",
    "meeting_date_long": _meeting_day,
    "meeting_time": _meeting_time,
    "meeting_place": lambda letter: letter.facts.record.meeting.get("meeting_place"),
    "meeting_with": lambda letter: letter.facts.record.meeting.get("meeting_with", ""),
    "last_meeting_date": lambda letter: _last_of(letter, MEETING_EVENTS, "attended"),
    "missed_meeting_date": lambda letter: _last_of(letter, ("attendance_panel_meeting",), "did_not_attend"),
    "variant": lambda letter: letter.variant,
    "ask_for_evidence": lambda letter: letter.school.ask_for_evidence and bool(letter.count("sessions_illness")),
    "improvement_from": _improvement_from,
    "improvement_to": _improvement_to,
    "improvement_school_days": lambda letter: _digits(improvement_school_days(letter.policy)),
    "notices_before": _notices_before,
}
