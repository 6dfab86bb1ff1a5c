"""What somebody wants of one pupil's next letter: a personal sentence, and other recipients than the usual ones."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date


@dataclass(frozen=True, slots=True)
class PersonalSentence:
    """A sentence to add to a letter; "" where somebody wants none.

    `letter` is the letter that it was written for ("": any), `by` and `on` say who wrote it and when.
    """

    text: str
    letter: str = ""
    by: str = ""
    on: date | None = None


@dataclass(frozen=True, slots=True)
class ChosenRecipients:
    """Contacts who are left out and contacts who are added, by their place in the record from 1, and why.

    A place of 0 is somebody who is no contact of the pupil any more.
    """

    left_out: frozenset[int] = frozenset()
    added: frozenset[int] = frozenset()
    why: str = ""
    letter: str = ""
    by: str = ""
    on: date | None = None

    def signed(self, by: str, on: date) -> ChosenRecipients:
        """The same choice, with who made it and when."""
        return replace(self, by=by, on=on)

    @property
    def changes_nothing(self) -> bool:
        """Whether everybody gets a letter who usually does, and nobody else."""
        return not self.left_out and not self.added


USUAL = ChosenRecipients()
"""Everybody with parental responsibility or daily care who gets post."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """The wishes for a letter; None where nobody has said anything."""

    sentence: PersonalSentence | None = None
    recipients: ChosenRecipients | None = None

    def over(self, earlier: Wishes) -> Wishes:
        """These wishes, and the earlier ones where these say nothing."""
        return replace(
            self, sentence=self.sentence or earlier.sentence, recipients=self.recipients or earlier.recipients
        )


NO_WISHES = Wishes()
