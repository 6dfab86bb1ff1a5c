"""What a pupil's own record says that keeps letters from leaving until a person has looked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from service.attendance.codes import CODES
from service.attendance.holding.lost_letters import has_lost_letters, say_lost_letters
from service.attendance.holding.stopgaps import has_a_note, is_stopgap
from service.attendance.holding.unsent import UNSENT, is_about_withdrawing, says_unsent
from service.attendance.holding.warning_texts import is_warned_address, is_warned_name
from service.attendance.record import AttendanceRecord
from service.attendance.register import Register
from service.errors import Problem

STANDING = frozenset(
    "has-left born-later no-name not-yet-here off-roll do-not-write letters-held lost-letter court-order "
    "warned-address unsent note-in-name".split()
)
"""The holds that follow from what a record says, so that they can be found anew on another day."""
_PUPIL_NAMES = ("first_name", "last_name", "preferred_name", "preferred_last_name")
_CONTACT_NAMES = ("first_name", "last_name", "addressee", "salutation")
_OFF_ROLL = bytes((0, CODES["Z"].byte, CODES["#"].byte))
_NOT_HELD = frozenset(("", "no", "n", "false", "f", "0", "none", "n/a", "-"))


def with_standing_holds(record: AttendanceRecord, on: date | None) -> AttendanceRecord:
    """The record with what holds its letters back on that day; a day that nobody knows is later than all others."""
    found = tuple(_find_holds(record, on or date.max))
    return replace(record, holds=(*record.holds, *found)) if found else record


def without_standing_holds(record: AttendanceRecord) -> AttendanceRecord:
    """The record with those holds alone that an export brought and that cannot be found anew."""
    return replace(record, holds=tuple(hold for hold in record.holds if hold.code not in STANDING))


def _find_holds(record: AttendanceRecord, on: date) -> Iterator[Problem]:
    if record.date_of_leaving and record.date_of_leaving <= on:
        sentence = f"The pupil left on {record.date_of_leaving:%d/%m/%Y}, so no letter goes out."
        yield Problem("has-left", sentence, "/date_of_leaving")
    if record.date_of_admission and on < record.date_of_admission < date.max:
        sentence = f"The pupil joins on {record.date_of_admission:%d/%m/%Y}, so no letter goes out before."
        yield Problem("not-yet-here", sentence, "/date_of_admission")
    if record.register and (since := _off_roll_since(record.register, on)):
        sentence = f"The marks from {since:%d/%m/%Y} on are Z, not on roll. Find out whether the pupil has left."
        yield Problem("off-roll", sentence, "/marks")
    if record.do_not_write_until and on < record.do_not_write_until:
        sentence = f"Nobody is to be written to about this pupil before {record.do_not_write_until:%d/%m/%Y}."
        yield Problem("do-not-write", sentence, "/do_not_write_until")
    if is_held(record.letters_held):
        sentence = (
            "Letters about this pupil are held. Find out why; once they may go out, enter No under Do Not Write or "
            "Letters Held."
        )
        yield Problem("letters-held", sentence, "/letters_held")
    if record.date_of_birth and record.date_of_birth > on:
        yield Problem("born-later", "Correct the date of birth: it is still to come.", "/date_of_birth")
    for word in _PUPIL_NAMES:
        if is_stopgap(word, getattr(record, word)):
            sentence = "Write the pupil's name: what stands there only says that it is not known."
            yield Problem("no-name", sentence, f"/{word}")
        if has_a_note(getattr(record, word)):
            sentence = "Take out of the pupil's name what is no part of it: brackets or stars and what they say."
            yield Problem("note-in-name", sentence, f"/{word}")
    yield from _find_lost_letters(record)
    yield from _find_in_history(record)
    yield from _find_at_contacts(record)


def _find_in_history(record: AttendanceRecord) -> Iterator[Problem]:
    for place, event in enumerate(record.history):
        if event.note and says_unsent(event.note) and not is_about_withdrawing(event.event):
            yield Problem("unsent", UNSENT, f"/history/{place}/note")


def _find_at_contacts(record: AttendanceRecord) -> Iterator[Problem]:
    for place, contact in enumerate(record.contacts):
        if contact.court_order:
            sentence = f"Check the court order first: one is recorded for contact {place + 1}."
            yield Problem("court-order", sentence, f"/contacts/{place}/court_order")
        if is_warned_name(contact.name) or any(map(is_warned_address, contact.address.lines)):
            sentence = (
                f"Read the name and address of contact {place + 1}: they may say that nothing is to be sent there."
            )
            yield Problem("warned-address", sentence, f"/contacts/{place}/address_line_1")


def _off_roll_since(register: Register, on: date) -> date | None:
    """The first day of those without any other mark than Z that the register ends with; None where it does not."""
    marks = register.between(register.start, min(on, register.last)).rstrip(bytes(2))
    here = marks.rstrip(_OFF_ROLL)
    first = marks.find(CODES["Z"].byte, len(here))
    return register.start + timedelta(days=first // 2) if here and first >= 0 else None


def _find_lost_letters(record: AttendanceRecord) -> Iterator[Problem]:
    """A hold for each name with a letter that an encoding destroyed: nobody is written to under a wrong name."""
    names = {f"/{word}": getattr(record, word) for word in _PUPIL_NAMES}
    for place, contact in enumerate(record.contacts):
        names |= {f"/contacts/{place}/{word}": getattr(contact, word) for word in _CONTACT_NAMES}
    for pointer, name in names.items():
        if (not name.isascii() or "?" in name or "&" in name) and has_lost_letters(name):
            sentence = f"A letter of this name was lost: {', '.join(say_lost_letters(name))}. Correct the name."
            yield Problem("lost-letter", sentence, pointer)


def is_held(text: str) -> bool:
    """Whether what stands under "letters held" holds them: anything but a plain no."""
    return text.strip().casefold() not in _NOT_HELD
