"""ONE PUPIL: record -> decision -> letters.

Everything that makes a letter calls `issue_letters`: the command, the route and the cohort. There is no second way.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from service.attendance.school import School
from service.decisions.case import Case
from service.decisions.decide import Decided
from service.decisions.decision import Decision
from service.decisions.facts import Facts
from service.desk import Desk
from service.errors import AttendanceLettersError, FillError, Problem, RequestError, did_you_mean
from service.letters.catalogue import OpenLetter
from service.letters.facts import LetterFacts
from service.letters.fields import Value, letter_fields
from service.letters.recipients import Recipient, find_recipients
from service.pupil import Pupil
from service.word.filling.message import MessageTemplate
from service.word.filling.template import LetterTemplate
from service.word.text import read_text


@dataclass(frozen=True, slots=True)
class IssuedLetter:
    """A letter made for one recipient; a message has text and no document.

    `fields` are the words that were filled in.
    """

    letter: str
    label: str
    recipient: Recipient
    reference: str
    content: bytes
    message: str
    must_be_posted: bool
    enclosures: tuple[str, ...]
    fields: Mapping[str, Value]

    @property
    def words(self) -> str:
        """All the words that were filled in, for looking at their characters."""
        return " ".join(_all_words(self.fields.values()))

    @property
    def text(self) -> str:
        """The letter's words, as somebody would read them."""
        return self.message or read_text(self.content)


@dataclass(frozen=True, slots=True)
class Issue:
    """What came of one pupil: the decision, the letters, and why a letter that is due was not made."""

    decided: Decided
    letters: tuple[IssuedLetter, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def decision(self) -> Decision:
        """What the policy suggests."""
        return self.decided.decision


@dataclass(frozen=True, slots=True)
class ChosenLetter:
    """The letter to write: the one that is due, or the one that a person named."""

    letter: str
    label: str
    variant: str
    review_on: date | None
    missing_meeting: tuple[str, ...]


def issue_letters(desk: Desk, pupil: Pupil, letter: str = "", decided: Decided | None = None) -> Issue:
    """What came of a pupil: the decision, and its letter for each recipient; with `letter`, that letter instead.

    `decided` is this pupil's decision, where it has been made already.

    What holds a letter back is among the problems: what the record says must be cleared up first, a missing meeting,
    nobody to write to, a missing word.
    Raises RequestError when the policy has no such letter.
    """
    decided = decided or pupil.decide_with_facts()
    chosen = _choose_named(pupil, decided, letter) if letter else _choose_due(decided.decision)
    if chosen is None:
        return Issue(decided)
    school = pupil.letterhead
    holds = [*_missing_school(school), *pupil.record.holds, *_missing_meeting(chosen)]
    recipients = find_recipients(pupil.record, school)
    problems = [*holds, *recipients.problems]
    if holds:
        return Issue(decided, (), tuple(problems))
    letters = []
    for recipient in recipients.written_to:
        try:
            letters.append(_write(desk, pupil, decided.facts, chosen, recipient))
        except AttendanceLettersError as error:
            problems += [item for item in error.problems if item not in problems]
    return Issue(decided, tuple(letters), tuple(problems))


def _choose_due(decision: Decision) -> ChosenLetter | None:
    if not decision.letter:
        return None
    return ChosenLetter(
        decision.letter, decision.letter_label, decision.variant, decision.review_on, decision.missing_meeting
    )


def _choose_named(pupil: Pupil, decided: Decided, letter: str) -> ChosenLetter | None:
    """The letter that a person named; the one that is due, as it is due, where that is the same."""
    active = pupil.active_policy()
    rules = {item.rule.letter: item for item in active.rules if item.rule.letter}
    if letter not in rules:
        sentence = f'The policy {pupil.policy.name} has no letter "{letter}".{did_you_mean(letter, rules)}'
        raise RequestError("unknown-letter", "There is no such letter", Problem("unknown-letter", sentence, "/letter"))
    if letter == decided.decision.letter:
        return _choose_due(decided.decision)
    item = rules[letter]
    found = Case(decided.facts, active).particulars_of(item)
    return ChosenLetter(letter, item.rule.label, found.variant, found.review_on, found.missing_meeting)


_NO_SCHOOL = (
    "Name the school that writes, in a school.toml (--school) or in the request: "
    "no letter leaves without the letterhead of its own school."
)


def _missing_school(school: School) -> Iterator[Problem]:
    """A letter without a letterhead of its own school is nobody's letter."""
    if not school.words:
        yield Problem("no-school", _NO_SCHOOL, "/school")


def _missing_meeting(chosen: ChosenLetter) -> Iterator[Problem]:
    for word in chosen.missing_meeting:
        yield Problem("missing-meeting", f"Add the {word.replace('_', ' ')}: {chosen.label} invites to it.", f"/{word}")


def _write(desk: Desk, pupil: Pupil, facts: Facts, chosen: ChosenLetter, recipient: Recipient) -> IssuedLetter:
    school = pupil.letterhead
    opened = desk.open_letter(chosen.letter, pupil.policy.name, school)
    letter = LetterFacts(facts, pupil.active_policy(), school, opened.kind, recipient, chosen.variant, chosen.review_on)
    fields = letter_fields(letter, opened.template.wants)
    _refuse_missing(opened, fields)
    template = opened.template
    return IssuedLetter(
        letter=chosen.letter,
        label=chosen.label,
        recipient=recipient,
        reference=letter.reference,
        content=template.fill(fields) if isinstance(template, LetterTemplate) else b"",
        message=template.fill_text(fields) if isinstance(template, MessageTemplate) else "",
        must_be_posted=opened.kind.must_be_posted,
        enclosures=opened.kind.enclosures,
        fields=fields,
    )


def _all_words(values: Iterable[Value | str]) -> Iterator[str]:
    for value in values:
        if isinstance(value, str):
            yield value
        elif isinstance(value, list):
            for item in value:
                yield from _all_words(item.values() if isinstance(item, dict) else (item,))


def _refuse_missing(opened: OpenLetter, fields: Mapping[str, Value]) -> None:
    """Name what the letter wants and nobody knows, before anything is filled."""
    missing = [*opened.template.missing(fields), *(word for word in opened.kind.needs if not fields.get(word))]
    if missing:
        raise FillError(_say_missing(opened, word) for word in dict.fromkeys(missing))


def _say_missing(opened: OpenLetter, word: str) -> Problem:
    sentence = f"Add the {word.replace('_', ' ')}: {opened.kind.title} cannot be written without it."
    return Problem("missing-word", sentence, f"/{word}")
