"""Whether what somebody wished for still fits the letter that is due: nothing wished for is dropped unseen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from service.attendance.wishes import ChosenRecipients, PersonalSentence, Wishes
from service.decisions.wording import say_day
from service.errors import Problem

FRESH = timedelta(days=28)
"""After so long somebody looks again at what was wished for: the family may be in another place by then."""


def find_unfit_wishes(wishes: Wishes, letter: str, label: str, on: date) -> Iterator[Problem]:
    """A wish for another letter than the one to write, or one that is old."""
    sentence, recipients = wishes.sentence, wishes.recipients
    if sentence and sentence.text:
        yield from _find_unfit(sentence, letter, label, on, "personal_sentence", "The personal sentence was written")
    if recipients and not recipients.changes_nothing:
        yield from _find_unfit(recipients, letter, label, on, "recipients", "The recipients were chosen")


def _find_unfit(
    wish: PersonalSentence | ChosenRecipients, letter: str, label: str, on: date, word: str, said: str
) -> Iterator[Problem]:
    if wish.letter and wish.letter != letter:
        yield Problem("unfit-wish", f"{said} for another letter than {label}. {_AGAIN[word]}", f"/{word}")
    elif wish.on and on - wish.on > FRESH:
        yield Problem("unfit-wish", f"{said} on {say_day(wish.on)}, some time ago. {_AGAIN[word]}", f"/{word}")


_AGAIN = {
    "personal_sentence": "Read it again: put it into this letter, or take it out.",
    "recipients": "Look again: keep who gets this letter, or go back to the usual recipients.",
}


def say_no_place(title: str) -> Problem:
    """What to do about a letter whose template has no place for the sentence."""
    place = "write {{ personal_sentence }} into its template"
    sentence = f"{title} has no place for a personal sentence. Take it out, or have somebody {place}."
    return Problem("no-place-for-sentence", sentence, "/personal_sentence")


def say_only_parents(title: str, name: str) -> Problem:
    """Why somebody who was added does not get a letter that speaks of the law."""
    why = f"{title} warns a parent in law, and {name} has no parental responsibility or daily care on record"
    return Problem("only-parents", f"Leave {name} out: {why}.", "/recipients")
