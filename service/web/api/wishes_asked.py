"""What a request wants of its letter, as a wish for one pupil: the same as on the staff page of the decision."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from service.attendance.wishes import ChosenRecipients, Wishes
from service.errors import Problem, RequestError
from service.memory.wishing.keeping_wishes import find_choice_faults
from service.pupil import Pupil
from service.web.requests import Asked

_OTHERS = "The contacts that are remembered are others, or in another order. Send those of the latest export."


def wishes_for(asked: Asked, pupil: Pupil) -> Wishes:
    """The wishes of a request for its pupil, signed. Raises RequestError with what is wrong with the recipients."""
    sentence, choice = asked.wishes.sentence, asked.wishes.recipients
    if choice and not choice.changes_nothing:
        problems = [*_find_others(asked, pupil, choice), *find_choice_faults(pupil, choice)]
        if problems:
            title = "The recipients cannot be chosen so"
            raise RequestError("unfit-recipients", title, (replace(problem, column="") for problem in problems))
        choice = replace(choice, why=choice.why.strip())
    return Wishes(
        sentence and replace(sentence, by=asked.by, on=asked.on), choice and choice.signed(asked.by, asked.on)
    )


def _find_others(asked: Asked, pupil: Pupil, choice: ChosenRecipients) -> Iterator[Problem]:
    """A number in the request that is somebody else's in what is remembered."""
    given, known = asked.pupils[0].contacts, pupil.record.contacts
    for number in choice.left_out | choice.added:
        names = [people[number - 1].name for people in (given, known) if number <= len(people)]
        if len(names) == 2 and names[0].casefold() != names[1].casefold():
            yield Problem("other-contacts", _OTHERS, "/recipients")
            return


def tell_wishes(wishes: Wishes) -> dict[str, Any]:
    """What was wanted of a letter that was issued, as answers tell of it."""
    sentence, choice = wishes.sentence, wishes.recipients
    return {
        "personal_sentence": sentence.text if sentence else None,
        "personal_sentence_by": (sentence.by or None) if sentence else None,
        "recipients_why": choice.why if choice else None,
        "recipients_by": (choice.by or None) if choice else None,
    }
