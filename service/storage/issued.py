"""Issued letters, the decisions they come from, and their files, as rows."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Connection, Row, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from service.storage.packing import squeeze, unsqueeze
from service.storage.schema import UtcNow, addressee, batch, decision, file, letter, of_school, pupil
from service.storage.stored import StoredLetter
from service.storage.tables.numbered_rows import add_numbered

ISSUED, PRINTED, SENT, REVERSED = "issued", "printed", "sent", "reversed"
"""The states of a letter, in their order."""
UNSENT = "unsent"
"""What is asked for to see the letters that count and have not been sent."""


@dataclass(frozen=True, slots=True)
class NewDecision:
    """A decision to keep: the day, the policy and its fingerprint, the record it was made from, its reasons, and what
    the school had said once for everybody."""

    day: date
    policy: str
    fingerprint: str
    outcome: str
    record: str
    reasons: str
    assumptions: str = ""


@dataclass(frozen=True, slots=True)
class NewLetter:
    """A letter to keep: `persons` are the people it is addressed to, by their own numbers, or "by-hand"."""

    day: date
    letter: str
    label: str
    occasion: str
    recipient: str
    reference: str
    template: str
    words: str
    file: str
    persons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LetterToKeep:
    """A letter with the numbers of its pupil, its decision and its event."""

    pupil: int
    decision: int
    event: int
    letter: NewLetter


_WORDS = ("day", "letter", "label", "occasion", "recipient", "reference", "template", "file")


def keep_files(connection: Connection, school: int, kept: Mapping[str, tuple[int, str]]) -> None:
    """Note files that were kept, each with its size and media type; one that is noted already stays as it is."""
    known = select(file.c.hash).where(of_school(file, school), file.c.hash.in_(list(kept)))
    there = set(connection.execute(known).scalars())
    new = [(name, size, media_type) for name, (size, media_type) in kept.items() if name not in there]
    if new:
        words = [dict(zip(("school", "hash", "size", "media_type"), (school, *one), strict=True)) for one in new]
        connection.execute(insert(file).values(noted_at=UtcNow()), words)


def list_files(connection: Connection, school: int) -> dict[str, tuple[int, str]]:
    """Every file of a school: its size and media type, by its hash."""
    query = select(file.c.hash, file.c.size, file.c.media_type).where(of_school(file, school))
    return {row.hash: (row.size, row.media_type) for row in connection.execute(query.order_by(file.c.hash))}


def keep_decisions(connection: Connection, school: int, made: Sequence[tuple[int, NewDecision]]) -> list[int]:
    """Keep decisions that led to something, each with its pupil; their numbers."""
    words = [
        {
            "school": school,
            "pupil": pupil,
            "day": one.day,
            "policy": one.policy,
            "fingerprint": one.fingerprint,
            "outcome": one.outcome,
            "record": squeeze(one.record),
            "reasons": squeeze(one.reasons),
            "assumptions": one.assumptions,
        }
        for pupil, one in made
    ]
    return add_numbered(connection, decision, words)


def read_decision(connection: Connection, school: int, number: int) -> NewDecision | None:
    """A decision that was kept."""
    row = connection.execute(select(decision).where(of_school(decision, school), decision.c.id == number)).one_or_none()
    if row is None:
        return None
    texts = (unsqueeze(row.record), unsqueeze(row.reasons))
    return NewDecision(row.day, row.policy, row.fingerprint, row.outcome, *texts, row.assumptions)


def keep_letters(connection: Connection, school: int, new: Sequence[LetterToKeep]) -> list[int]:
    """Keep issued letters; their numbers."""
    words = [
        {
            "school": school,
            "pupil": one.pupil,
            "decision": one.decision,
            "event": one.event,
            **{word: getattr(one.letter, word) for word in _WORDS},
            "words": squeeze(one.letter.words),
            "state": ISSUED,
        }
        for one in new
    ]
    return add_numbered(connection, letter, words)


def keep_addressees(connection: Connection, school: int, numbers: Sequence[int], new: Sequence[LetterToKeep]) -> bool:
    """Note to whom letters go; False when somebody has had one of them on this occasion already."""
    words = [
        {
            "school": school,
            "pupil": one.pupil,
            "written": number,
            "letter": one.letter.letter,
            "occasion": one.letter.occasion,
            "person": person,
        }
        for number, one in zip(numbers, new, strict=True)
        for person in one.letter.persons
    ]
    try:
        if words:
            connection.execute(insert(addressee), words)
    except IntegrityError:
        return False
    return True


def read_words(connection: Connection, school: int, number: int) -> str:
    """The words that a letter was filled with, as JSON."""
    query = select(letter.c.words).where(of_school(letter, school), letter.c.id == number)
    return unsqueeze(connection.execute(query).scalar_one())


def list_letters(connection: Connection, school: int, pupil: int) -> list[StoredLetter]:
    """A pupil's letters in the order in which they were issued."""
    return _letters(connection, school, letter.c.pupil == pupil)


def find_letters(connection: Connection, school: int, reference: str) -> list[StoredLetter]:
    """The letters with this reference, the latest last; one that was taken back and issued again has the same."""
    return _letters(connection, school, letter.c.reference == reference.strip().upper())


def list_after(connection: Connection, school: int, after: int, most: int) -> list[tuple[StoredLetter, str, str]]:
    """The letters issued after the one with a number, each with its pupil's reference and UPN."""
    words = [letter.c[word] for word in StoredLetter.__dataclass_fields__]
    query = select(*words, pupil.c.reference, pupil.c.upn).join(pupil, pupil.c.id == letter.c.pupil)
    page = query.where(of_school(letter, school), letter.c.id > after).order_by(letter.c.id).limit(most)
    return [(StoredLetter(*row[:-2]), row[-2], row[-1]) for row in connection.execute(page)]


def letters_of_event(connection: Connection, school: int, event: int) -> list[StoredLetter]:
    """The letters of one event: one for each recipient."""
    return _letters(connection, school, letter.c.event == event)


def list_of_day(connection: Connection, school: int, day: date) -> list[StoredLetter]:
    """The letters of a day that were not taken back."""
    return _letters(connection, school, letter.c.day == day, letter.c.state != REVERSED)


def list_written(connection: Connection, school: int, pupils: Collection[int], since: date) -> list[StoredLetter]:
    """The letters of some pupils since a day that were not taken back."""
    chosen = (letter.c.pupil.in_(pupils), letter.c.day >= since, letter.c.state != REVERSED)
    return _letters(connection, school, *chosen)


@dataclass(frozen=True, slots=True)
class LetterSearch:
    """Which letters of a school are looked for; what is empty is not asked about."""

    letter: str = ""
    state: str = ""
    reference: str = ""
    pupil: int = 0
    numbers: tuple[int, ...] = ()
    since: date | None = None
    until: date | None = None


def search_letters(
    connection: Connection, school: int, wanted: LetterSearch, begin: int = 0, most: int = 1_000_000
) -> list[StoredLetter]:
    """The letters that are looked for, the latest first."""
    words = [letter.c[word] for word in StoredLetter.__dataclass_fields__]
    query = select(*words).where(of_school(letter, school), *_conditions(wanted)).order_by(letter.c.id.desc())
    return [StoredLetter(*row) for row in connection.execute(query.offset(begin).limit(most))]


def count_letters(connection: Connection, school: int, wanted: LetterSearch) -> int:
    """How many letters are looked for."""
    query = select(func.count()).select_from(letter).where(of_school(letter, school), *_conditions(wanted))
    return int(connection.execute(query).scalar_one())


def _conditions(wanted: LetterSearch) -> list[ColumnElement[bool]]:
    state = "" if wanted.state == UNSENT else wanted.state
    same = {"letter": wanted.letter, "state": state, "pupil": wanted.pupil}
    same["reference"] = wanted.reference.strip().upper()
    asked = [letter.c[word] == value for word, value in same.items() if value]
    asked += [letter.c.state.not_in((SENT, REVERSED))] if wanted.state == UNSENT else []
    asked += [letter.c.id.in_(wanted.numbers)] if wanted.numbers else []
    asked += [letter.c.day >= wanted.since] if wanted.since else []
    return [*asked, *([letter.c.day <= wanted.until] if wanted.until else [])]


def _letters(connection: Connection, school: int, *conditions: ColumnElement[bool]) -> list[StoredLetter]:
    words = [letter.c[word] for word in StoredLetter.__dataclass_fields__]
    query = select(*words).where(of_school(letter, school), *conditions).order_by(letter.c.id)
    return [StoredLetter(*row) for row in connection.execute(query)]


def reverse_letters(connection: Connection, school: int, event: int) -> list[str]:
    """Take back the letters of an event, so that they can be issued again; their references."""
    same = (of_school(letter, school), letter.c.event == event)
    query = update(letter).where(*same).values(state=REVERSED).returning(letter.c.id, letter.c.reference)
    found: list[Row[tuple[int, str]]] = list(connection.execute(query))
    for row in found:
        query_of = update(addressee).where(of_school(addressee, school), addressee.c.written == row.id)
        connection.execute(query_of.values(is_freed=1))
    return [row.reference for row in found]


def is_file_used(connection: Connection, school: int, name: str) -> bool:
    """Whether a letter needs this file, or a batch whose export it is."""
    return any(
        connection.execute(select(column).where(of_school(table, school), column == name).limit(1)).first()
        for table, column in ((letter, letter.c.file), (batch, batch.c.export))
    )
