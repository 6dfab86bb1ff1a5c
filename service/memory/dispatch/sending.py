"""What people say became of letters: printed, sent by post, by e-mail or by hand; and that it was not so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from types import MappingProxyType

from service.decisions.wording import say_day
from service.errors import Problem, RequestError
from service.letters.catalogue import read_kind
from service.memory.memory import Memory, OpenSchool
from service.storage.audit_chain import note
from service.storage.database import Connection
from service.storage.dispatch.dispatches import Dispatch, note_dispatch, undo_last
from service.storage.issued import PRINTED, REVERSED, SENT, LetterSearch, search_letters
from service.storage.stored import StoredLetter

HOW: Mapping[str, str] = MappingProxyType({"post": "by post", "email": "by e-mail", "hand": "by hand"})
MOST = 5_000


def note_printed(memory: Memory, school: OpenSchool, numbers: Sequence[int], day: date, by: str) -> int:
    """Note that letters were printed; how many were not printed or sent before.

    Raises RequestError when none was chosen.
    """
    with memory.database.write(school.id) as connection:
        chosen = [one for one in _find(connection, school, numbers) if one.state not in (PRINTED, SENT)]
        _note(connection, school, chosen, PRINTED, "", day, by)
    return len(chosen)


def note_sent(
    memory: Memory, school: OpenSchool, numbers: Sequence[int], how: str, day: date | None, today: date, by: str
) -> int:
    """Note that letters were sent, one of HOW, on a day; how many were not sent before.

    Raises RequestError with everything that cannot be so; then nothing is noted.
    """
    with memory.database.write(school.id) as connection:
        chosen = [one for one in _find(connection, school, numbers) if one.state != SENT]
        if faults := list(_find_faults(memory, school, chosen, how, day, today)):
            raise RequestError("not-sent", "This was not written down", faults)
        assert day is not None  # noqa: S101  # a missing day is a fault
        _note(connection, school, chosen, SENT, how, day, by)
    return len(chosen)


def undo_sending(memory: Memory, school: OpenSchool, numbers: Sequence[int], by: str) -> int:
    """Take back what was said last of letters, sent or printed; of how many something was said.

    Raises RequestError when none was chosen.
    """
    with memory.database.write(school.id) as connection:
        chosen = _find(connection, school, numbers)
        undone = [one for one in chosen if undo_last(connection, school.id, one.id)]
        for one in undone:
            note(connection, school.id, "sending taken back", f"letter {one.id}")
    return len(undone)


def say_state(state: str, step: Dispatch | None = None) -> str:
    """What became of a letter, as a person reads it: "sent by post on 20 November 2026"."""
    if state == REVERSED or step is None:
        return "taken back" if state == REVERSED else "issued"
    how = f" {HOW[step.how]}" if step.how in HOW else ""
    return f"{step.step}{how} on {say_day(step.day)}"


def _find(connection: Connection, school: OpenSchool, numbers: Sequence[int]) -> list[StoredLetter]:
    found = search_letters(connection, school.id, LetterSearch(numbers=tuple(numbers[:MOST]) or (-1,)))
    letters = [one for one in found if one.state != REVERSED]
    if not letters:
        sentence = "Choose at least one letter that was not taken back."
        raise RequestError("no-letters", "This was not written down", Problem("no-letters", sentence, column="letter"))
    return letters


def _find_faults(
    memory: Memory, school: OpenSchool, letters: Sequence[StoredLetter], how: str, day: date | None, today: date
) -> Iterator[Problem]:
    if how not in HOW:
        yield Problem("no-way", "Choose how they were sent: by post, by e-mail or by hand.", column="how")
    if day is None:
        yield Problem("no-day", "Enter the day on which they were sent, for example 20/11/2026.", column="sent_on")
    elif day > today:
        sentence = f"{say_day(day)} has not come yet. Enter the day on which they were sent."
        yield Problem("day-to-come", sentence, column="sent_on")
    else:
        for one in letters:
            if day < one.day:
                sentence = f"{one.reference} is of {say_day(one.day)}: it cannot have been sent on {say_day(day)}."
                yield Problem("before-its-day", sentence, column="sent_on")
    if how == "email":
        for label in sorted({one.label for one in letters if _must_be_posted(memory, school, one.letter)}):
            sentence = f"{label} is not sent by e-mail: post it, or give it by hand."
            yield Problem("must-be-posted", sentence, column="how")


def _must_be_posted(memory: Memory, school: OpenSchool, letter: str) -> bool:
    path = memory.desk.catalogue.find(letter, school.school.policy)
    return path is not None and read_kind(path).must_be_posted


def _note(
    connection: Connection, school: OpenSchool, letters: Sequence[StoredLetter], step: str, how: str, day: date, by: str
) -> None:
    for one in letters:
        note_dispatch(connection, school.id, one.pupil, Dispatch(one.id, step, how, day, by))
        note(connection, school.id, f"letter {step}", f"letter {one.id}")
