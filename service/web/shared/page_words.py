"""How pages say days, numbers, states and what was just done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from typing import Any

from service.attendance.words import EVENTS, OUTCOMES
from service.decisions.wording import MONTHS, say_day
from service.memory.dispatch.sending import HOW
from service.storage.issued import REVERSED
from service.web.shared.lacking import say_lacking

NOTICES = MappingProxyType(
    {
        "signed-out": "You are signed out.",
        "password": "Your new password is kept. Use it the next time you sign in.",
        "recorded": "Written down.",
        "issued": "The letter is issued. Open it below to print it, or print it with others on the page Letters.",
        "answered": "The answers are kept, and everybody concerned was decided about again.",
        "held": "No letter about this pupil will be issued until then.",
        "lifted": "Letters about this pupil can be issued again.",
        "printed": "Written down: {n} printed that were not before.",
        "sent": "Written down: {n} sent that were not before.",
        "unsent": "Taken back for {n}: as they were one step before.",
        "taken-back": "Taken back. The letter can be issued again when it is due.",
        "meeting": "The meeting is kept. The letter can invite to it now.",
        "asked": "A signatory is asked. The letter is issued when one approves it.",
        "refused": "Written down. Whoever asked for the letter sees why.",
        "dropped": "The letter waits no more.",
        "approval": "Kept. It counts from the next letter on.",
        "sentence": "The personal sentence is kept for this letter.",
        "sentence-out": "The personal sentence is taken out.",
        "recipients": "Who gets this letter is kept.",
        "recipients-usual": "The letter goes to everybody who usually gets it.",
        "role": "The role is changed.",
        "settings": "The settings are kept.",
        "headings": "Kept for this school: the next export is read in the same way.",
        "heading-forgotten": "Removed. The next export is read without it.",
        "batch-cancelled": "Cancelled. Nothing more of this batch is issued; what was issued stays.",
        "batch-retried": "{n} pupils are decided again.",
        "keeping": "Kept. It counts from the next time that the service clears up.",
        "calendar": "The calendar is kept.",
        "school": "This is {n} of your schools.",
        "nothing-issued": "No letter was chosen, so none was issued.",
        "erased": "Everything about the pupil is erased here. Delete exports and letters kept elsewhere yourself.",
        "person": "The role is given. Send the link below: it works once, for seven days.",
        "begun": "Your school is made, and you are its administrator.",
        "revoked": "The key is revoked. Nobody gets an answer with it any more.",
        "forgotten": "The files are deleted. Nothing was taken in.",
    }
)
"""What a page says after something was done, by the word in its address."""


NO_LABELS: Mapping[str, str] = MappingProxyType({})


def day_in_words(day: date | None) -> str:
    """20 November 2026."""
    return say_day(day) if day else ""


def short_day(day: date | None) -> str:
    """20 Nov 2026."""
    return f"{day.day} {MONTHS[day.month - 1][:3]} {day.year}" if day else ""


def typed_day(day: date | None) -> str:
    """20/11/2026, as a person types it."""
    return f"{day:%d/%m/%Y}" if day else ""


def moment(text: str) -> str:
    """20 Nov 2026, 09:30: a time of the database's, which is in UTC, as clocks in England show it."""
    if not text:
        return ""
    at = datetime.fromisoformat(text).replace(tzinfo=None)
    if _summer_time(at.year, 3) <= at < _summer_time(at.year, 10):
        at += timedelta(hours=1)
    return f"{short_day(at.date())}, {at:%H:%M}"


def _summer_time(year: int, month: int) -> datetime:
    """When clocks change in a month: on its last Sunday at one o'clock UTC."""
    last = date(year, month, 31)
    return datetime.combine(last - timedelta(days=last.isoweekday() % 7), time(1))


def capital(text: str) -> str:
    """The text with a capital letter in front."""
    return text[:1].upper() + text[1:]


def plain(word: str) -> str:
    """A word of ours as a person reads it."""
    return word.replace("_", " ")


def event_name(word: str, labels: Mapping[str, str] = NO_LABELS) -> str:
    """What happened, as a person reads it; `labels` are what the policy calls its letters."""
    return capital(labels.get(word) or EVENTS.get(word, plain(word)))


def outcome_name(word: str) -> str:
    """What came of it, as a person reads it."""
    return OUTCOMES.get(word, plain(word))


def typed_value(text: str) -> str:
    """What somebody typed or chose, as they saw it: "a conversation with the parent"."""
    return EVENTS.get(text) or OUTCOMES.get(text, text)


def count(number: int, one: str, many: str = "") -> str:
    """1 pupil, 2 pupils."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def state_name(state: str) -> str:
    """What became of a letter."""
    return "Taken back" if state == REVERSED else capital(state)


def how_sent(how: str) -> str:
    """By post; nothing for a letter that was only printed."""
    return HOW.get(how, "")


def percentage(value: Any) -> str:
    """92.3 %, or nothing where it is not known."""
    return "" if value is None else f"{float(value):.1f} %"


FILTERS: dict[str, Callable[..., str]] = {
    "day": day_in_words,
    "short_day": short_day,
    "typed_day": typed_day,
    "moment": moment,
    "capital": capital,
    "plain": plain,
    "event_name": event_name,
    "outcome_name": outcome_name,
    "count": count,
    "state_name": state_name,
    "how_sent": how_sent,
    "percentage": percentage,
    "lacking": say_lacking,
    "typed_value": typed_value,
}
