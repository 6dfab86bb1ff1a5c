"""What a letter may say was done: only what the history shows, and only to the person whom it concerned."""

from __future__ import annotations

from collections.abc import Iterator

from service.attendance.record import Event
from service.decisions.notices import count_notices
from service.decisions.thresholds import span_of_notices
from service.decisions.wording import say_day
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
EARLIER = {
    "letter_n": "We asked why school was missed",
    "letter_med": "We wrote about illness and appointments",
    "notice_to_improve": "A Notice to Improve was sent",
    "lateness_letter": "We wrote about mornings and being on time",
    "school_worries_letter": "We wrote about worries about school",
    "attendance_message": "We sent a message about attendance",
    "did_not_attend_letter": "We wrote about a meeting that was missed",
    "enforcement_letter_2_dna": "We wrote about a meeting that was missed",
    "panel_invitation": "We invited you to a meeting about attendance",
}
"""What parents know a letter as: never by the school's own name for it."""
MOST_NOTICES = 2
"""To one parent for one child in three years. Source: Education (Penalty Notices) (England) Regulations, 2024."""
ANY_LETTER = "We wrote to you about attendance"


def earlier_letters(letter: LetterFacts) -> list[dict[str, str]]:
    """The letters sent to this recipient this school year, oldest first, without the one being written."""
    sent = (event for event in _for_recipient(letter) if event.event in letter.facts.terms.labels)
    told = (
        (EARLIER.get(event.event, ANY_LETTER), say_day(event.on))
        for event in sent
        if (event.event, event.on) != (letter.kind.letter, letter.facts.on)
    )
    return [{"what": what, "date": day} for what, day in dict.fromkeys(told)]


def since_contact(letter: LetterFacts) -> str | None:
    """How the earlier letter or contact is spoken of: "We wrote to you about attendance on 5 October 2026"."""
    event = letter.since
    if event is None:
        return None
    if event.event not in letter.facts.terms.labels:
        said = "We were in touch about attendance"
    else:
        said = EARLIER.get(event.event, ANY_LETTER) if _was_for(event, letter) else "We wrote home about attendance"
    return f"{said} on {say_day(event.on)}"


def support_given(letter: LetterFacts) -> list[dict[str, str]]:
    """The support of this school year that was not refused or missed, oldest first; a meeting only where somebody said
    that it took place."""
    given = (event for event in letter.facts.events if event.event in SUPPORT and _was_given(event))
    return [{"what": SUPPORT[event.event], "date": say_day(event.on)} for event in given]


def _was_given(event: Event) -> bool:
    if event.event.endswith("_meeting"):
        return event.outcome in ("attended", "agreed", "completed")
    return event.outcome not in ("did_not_attend", "refused")


def last_meeting(letter: LetterFacts, names: tuple[str, ...], outcome: str) -> str:
    """The day of this recipient's last such meeting with that outcome; "" where there is none on record."""
    found = [event for event in _for_recipient(letter) if event.event in names and event.outcome == outcome]
    return say_day(found[-1].on) if found else ""


def notices_before(letter: LetterFacts) -> int | None:
    """The notices to the recipient; to any one parent where a letter is handed over and has no contact's name.

    None where no history was given: nobody knows then.
    """
    record, span = letter.facts.record, span_of_notices(letter.policy, letter.facts)
    if span is None or not record.history_known:
        return None
    return count_notices(record, span.first, span.last, letter.recipient.numbers)


def notice_can_follow(letter: LetterFacts) -> bool:
    """Whether a penalty notice to the recipient is known to be possible: after two in three years there is no third."""
    number = notices_before(letter)
    return number is not None and number < MOST_NOTICES


def _for_recipient(letter: LetterFacts) -> Iterator[Event]:
    return (event for event in letter.facts.events if _was_for(event, letter))


def _was_for(event: Event, letter: LetterFacts) -> bool:
    """Whether something was for this recipient; where nobody was named it was for every one."""
    if not event.recipient:
        return True
    own = {str(number) for number in letter.recipient.numbers}
    for number in letter.recipient.numbers:
        contact = letter.facts.record.contacts[number - 1]
        own |= {contact.name.casefold(), f"{contact.first_name} {contact.last_name}".strip().casefold()}
    return event.recipient.casefold() in own
