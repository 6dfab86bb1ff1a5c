"""Wishes as they are stored -> wishes for a letter, and back: people keep their own numbers, whatever their place."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from service.attendance.wishes import ChosenRecipients, PersonalSentence, Wishes
from service.storage.database import Connection
from service.storage.stored import StoredLetter, StoredPupil, StoredWish
from service.storage.wishes.wishes_kept import list_used

SENTENCE, RECIPIENTS = "sentence", "recipients"
KINDS = (SENTENCE, RECIPIENTS)
"""The kinds of wish, each called as it is among the wishes."""


def wishes_of(stored: StoredPupil) -> Wishes:
    """The open wishes for a pupil's letters."""
    places = {person: place for place, person in enumerate(stored.persons, 1)}
    return _read(stored.wishes, places)


def used_wishes(wishes: Iterable[StoredWish]) -> Wishes:
    """Wishes that were used, with the places that people had in the record of that day."""
    return _read(wishes, None)


def wishes_behind(connection: Connection, school: int, letters: Iterable[StoredLetter]) -> dict[int, Wishes]:
    """What somebody wanted of letters that were issued, by the number of their decision."""
    found = list_used(connection, school, {letter.decision for letter in letters})
    return {decision: used_wishes(wishes) for decision, wishes in found.items()}


def _read(wishes: Iterable[StoredWish], places: dict[int, int] | None) -> Wishes:
    found = {wish.kind: wish for wish in wishes}
    sentence, recipients = found.get(SENTENCE), found.get(RECIPIENTS)
    return Wishes(
        PersonalSentence(sentence.words, sentence.letter, sentence.by, sentence.day) if sentence else None,
        _read_recipients(recipients, places) if recipients else None,
    )


def _read_recipients(wish: StoredWish, places: dict[int, int] | None) -> ChosenRecipients:
    told = json.loads(wish.words)
    if places is None:
        left_out, added = told["places"]["left_out"], told["places"]["added"]
    else:
        left_out = [places[person] for person in told["left_out"] if person in places]
        added = [places.get(person, 0) for person in told["added"]]
    return ChosenRecipients(frozenset(left_out), frozenset(added), wish.why, wish.letter, wish.by, wish.day)


def write_wishes(wishes: Wishes, stored: StoredPupil) -> Iterator[StoredWish]:
    """The wishes that say something, as they are stored."""
    sentence, choice = wishes.sentence, wishes.recipients
    if sentence and sentence.text:
        yield StoredWish(SENTENCE, sentence.letter, sentence.text, "", sentence.by, sentence.on or stored.given_on)
    if choice and not choice.changes_nothing:
        chosen = {"left_out": choice.left_out, "added": choice.added}
        places = {word: sorted(some & set(range(1, len(stored.persons) + 1))) for word, some in chosen.items()}
        people = {word: [stored.persons[place - 1] for place in some] for word, some in places.items()}
        words = json.dumps({**people, "places": places})
        yield StoredWish(RECIPIENTS, choice.letter, words, choice.why, choice.by, choice.on or stored.given_on)
