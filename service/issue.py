"""ONE PUPIL: record -> decision -> letters.

Everything that makes a letter calls `issue_letters`: the command, the route and the cohort. There is no second way.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from service.attendance.calendar import SchoolCalendar
from service.attendance.record import AttendanceRecord
from service.attendance.school import School
from service.attendance.words import MEETING
from service.decisions.case import Case
from service.decisions.decide import Decided, decide, decide_with_facts
from service.decisions.decision import Decision
from service.decisions.facts import Facts
from service.decisions.policy import Policy, PolicyOn
from service.desk import Desk
from service.errors import AttendanceLettersError, FillError, Problem, RequestError, did_you_mean
from service.letters.catalogue import OpenLetter
from service.letters.fields import LetterFacts, Value, letter_fields
from service.letters.recipients import Recipient, find_recipients
from service.word.filling.message import MessageTemplate
from service.word.filling.template import LetterTemplate
from service.word.text import read_text


@dataclass(frozen=True, slots=True)
class Pupil:
    """A pupil to decide about: the record, the school, the policy and the day, with the school's calendar."""

    record: AttendanceRecord
    school: School
    policy: Policy
    on: date
    calendar: SchoolCalendar

    def decide(self) -> Decision:
        """What the policy suggests."""
        return decide(self.record, self.policy, self.on, self.calendar)

    def decide_with_facts(self) -> Decided:
        """What the policy suggests, and the facts that letters and forms are filled from."""
        return decide_with_facts(self.record, self.policy, self.on, self.calendar)

    def active_policy(self) -> PolicyOn:
        """The rules in force on the day. Raises RulesError before the policy begins."""
        return self.policy.in_force(self.on)


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
    template: bytes = b""
    """The Word document with its tags that the letter was filled into."""

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
    """The decision for a pupil and the letters of it, one for each recipient; with `letter`, that letter instead.

    `decided` is the pupil's own where it has been made already.

    What holds a letter back is among the problems: what the record says must be cleared up first, a missing meeting,
    nobody to write to, a missing word.
    Raises RequestError when the policy has no such letter.
    """
    decided = decided or pupil.decide_with_facts()
    chosen = _choose_named(pupil, decided, letter) if letter else _choose_due(decided.decision)
    if chosen is None:
        return Issue(decided)
    holds = [*pupil.record.holds, *_missing_meeting(chosen)]
    recipients = find_recipients(pupil.record, pupil.school)
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
    return ChosenLetter(letter, item.rule.label, found.variant, found.review_on, found.missing)


def _missing_meeting(chosen: ChosenLetter) -> Iterator[Problem]:
    for word in chosen.missing_meeting:
        yield Problem("missing-meeting", f"{MEETING[word]} {chosen.label} invites to it.", f"/{word}")


def _write(desk: Desk, pupil: Pupil, facts: Facts, chosen: ChosenLetter, recipient: Recipient) -> IssuedLetter:
    school = pupil.school.with_words(pupil.record.school)
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
        template=opened.docx,
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
    sentence = f"{opened.kind.title} needs {word.replace('_', ' ')}, and nobody has given it."
    return Problem("missing-word", sentence, f"/{word}")
