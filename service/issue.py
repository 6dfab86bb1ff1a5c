"""ONE PUPIL: record -> decision -> letters.

Everything that makes a letter calls `issue_letters`: the command, the route and the cohort. There is no second way.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from service.attendance.school import School
from service.attendance.words import FLAGS
from service.decisions.case import Case, invites_to_meeting
from service.decisions.decide import Decided
from service.decisions.decision import Decision
from service.decisions.facts import Facts
from service.decisions.policy import ActiveRule, PolicyOn
from service.decisions.wording import say_list
from service.desk import Desk
from service.did_you_mean import did_you_mean
from service.errors import AttendanceLettersError, FillError, Problem, RequestError
from service.letters.catalogue import OpenLetter
from service.letters.facts import LetterFacts
from service.letters.fields import Value, letter_fields
from service.letters.letterhead import find_half_letterhead
from service.letters.meeting_day import unfit_meeting_day
from service.letters.named_days import improvement_days
from service.letters.notes import notes_on
from service.letters.recipients import Recipient, Recipients, find_recipients, has_care
from service.letters.wished import find_unfit_wishes, say_no_place, say_only_parents
from service.pupil import Pupil
from service.word.filling.message import MessageTemplate
from service.word.filling.template import LetterTemplate
from service.word.filling.word_file import WordFile
from service.word.text import Block, read_blocks, read_text

NOTHING: tuple[object, ...] = (None, "", "0", [], False)
"""What a letter that needs a word cannot be written with."""


@dataclass(frozen=True, slots=True)
class IssuedLetter:
    """A letter made for one recipient; a message has text and no document.

    `fields` are the words that were filled in; `notes` are for the office, never printed.
    """

    letter: str
    label: str
    recipient: Recipient
    reference: str
    word: WordFile | None
    message: str
    must_be_posted: bool
    enclosures: tuple[str, ...]
    fields: Mapping[str, Value]
    notes: tuple[str, ...] = ()
    template: bytes = b""
    """The Word document with its tags that the letter was filled into."""
    period: tuple[date, date] | None = None
    """The first and last day of the period that the letter names, where it names one."""

    @property
    def content(self) -> bytes:
        """The Word document; nothing of a message. Raises FillError where it has not been filled and cannot be."""
        return self.word.fill() if self.word else b""

    @property
    def numbered_recipient(self) -> str:
        """The id of whom it goes to, where the record numbers them."""
        return self.recipient.id if self.recipient.numbers else ""

    @property
    def text(self) -> str:
        """The letter's words, as somebody would read them."""
        return self.message or read_text(self.content)

    @property
    def blocks(self) -> list[Block]:
        """The same as paragraphs and rows of tables."""
        return [(line,) for line in self.message.splitlines()] if self.message else read_blocks(self.content)


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
    missing_flags: tuple[str, ...]


def issue_letters(
    desk: Desk, pupil: Pupil, letter: str = "", decided: Decided | None = None, *, fills: bool = True
) -> Issue:
    """What came of a pupil: the decision, and its letter for each recipient; with `letter`, that letter instead.

    `decided` is this pupil's decision, where it has been made already. Unless it `fills`, a letter's Word document is
    filled when somebody asks for it, and who prints the letter is told of a word that cannot stand in it.

    What holds a letter back is among the problems: what the record says must be cleared up first, a missing meeting,
    an unanswered question before a step of enforcement, nobody to write to, a missing word, a wish that does not fit.
    Raises RequestError when the policy has no such letter.
    """
    decided = decided or pupil.decide_with_facts()
    chosen = _choose(pupil, decided, letter)
    if chosen is None:
        return Issue(decided)
    school = pupil.letterhead
    holds = [
        *_missing_school(school),
        *pupil.record.holds,
        *_unfit_meeting(pupil, decided.facts, chosen),
        *_missing_flags(chosen),
        *find_unfit_wishes(pupil.wishes, chosen.letter, chosen.label, pupil.on),
    ]
    recipients = find_recipients(pupil.record, school, pupil.wishes.recipients)
    problems = [*holds, *recipients.problems]
    if holds:
        return Issue(decided, (), tuple(problems))
    letters: list[IssuedLetter] = []
    for recipient in recipients.written_to:
        try:
            made = _write(desk, pupil, decided.facts, chosen, recipient, recipients)
            if fills and made.word:
                made.word.fill()
            letters.append(made)
        except AttendanceLettersError as error:
            problems += [item for item in error.problems if item not in problems]
    return Issue(decided, tuple(letters), tuple(problems))


def lacks_meeting(pupil: Pupil, letter: str = "") -> bool:
    """Whether the letter that is due, or the one that a person named, invites to a meeting that nobody has given.

    Raises RequestError when the policy has no such letter.
    """
    chosen = _choose(pupil, pupil.decide_with_facts(), letter)
    return bool(chosen and chosen.missing_meeting)


def _choose(pupil: Pupil, decided: Decided, letter: str) -> ChosenLetter | None:
    return _choose_named(pupil, decided, letter) if letter else _choose_due(decided.decision)


def _choose_due(decision: Decision) -> ChosenLetter | None:
    if not decision.letter:
        return None
    return ChosenLetter(
        decision.letter,
        decision.letter_label,
        decision.variant,
        decision.review_on,
        decision.missing_meeting,
        decision.missing_flags,
    )


def letters_of_policy(active: PolicyOn, name: str, wanted: str) -> dict[str, ActiveRule]:
    """The rule of each letter of a policy, among them that of the letter wanted. Raises RequestError without it."""
    rules = {item.rule.letter: item for item in active.rules if item.rule.letter}
    if wanted not in rules:
        sentence = f'The policy {name} has no letter "{wanted}".{did_you_mean(wanted, rules)}'
        raise RequestError("unknown-letter", "There is no such letter", Problem("unknown-letter", sentence, "/letter"))
    return rules


def _choose_named(pupil: Pupil, decided: Decided, letter: str) -> ChosenLetter | None:
    """The letter that a person named; the one that is due, as it is due, where that is the same."""
    active = pupil.active_policy()
    rules = letters_of_policy(active, pupil.policy.name, letter)
    if letter == decided.decision.letter:
        return _choose_due(decided.decision)
    item = rules[letter]
    case = Case(decided.facts, active)
    found, flags = case.particulars_of(item), case.unanswered_flags(item)
    return ChosenLetter(letter, item.rule.label, found.variant, found.review_on, found.missing_meeting, flags)


CERTIFICATE = "attendance_certificate"
"""The form that shows every session: nobody can enclose it without the marks."""
_NO_SCHOOL = (
    "Name the school that writes, in a school.toml (--school) or in the request: "
    "no letter leaves without the letterhead of its own school."
)


def _missing_school(school: School) -> Iterator[Problem]:
    """A letter without a letterhead of its own school, or with half of one, is nobody's letter."""
    if not school.words:
        yield Problem("no-school", _NO_SCHOOL, "/school")
    yield from find_half_letterhead(school)


def _unfit_meeting(pupil: Pupil, facts: Facts, chosen: ChosenLetter) -> Iterator[Problem]:
    """A meeting of which something is missing, or to which nobody can come."""
    if missing := chosen.missing_meeting:
        parts = say_list([word.removeprefix("meeting_") for word in missing])
        sentence = f"Add the {parts} of the meeting: {chosen.label} invites to it."
        yield Problem("missing-meeting", sentence, f"/{missing[0]}")
    invites = any(
        active.rule.letter == chosen.letter and invites_to_meeting(active, chosen.variant)
        for active in pupil.active_policy().rules
    )
    day = facts.record.meeting.get("meeting_date", "")
    if invites and (sentence := unfit_meeting_day(day, facts.on, facts.calendar)):
        yield Problem("unfit-meeting-day", sentence, "/meeting_date")


def _missing_flags(chosen: ChosenLetter) -> Iterator[Problem]:
    for word in chosen.missing_flags:
        sentence = f"{FLAGS[word].question} Answer this before {chosen.label} is sent."
        yield Problem("missing-answer", sentence, f"/{word}")


def _write(
    desk: Desk, pupil: Pupil, facts: Facts, chosen: ChosenLetter, recipient: Recipient, everybody: Recipients
) -> IssuedLetter:
    school = pupil.letterhead
    opened = desk.open_letter(chosen.letter, pupil.policy.name, school)
    sentence = pupil.wishes.sentence.text if pupil.wishes.sentence else ""
    about = (facts, pupil.active_policy(), school, opened.kind, recipient, chosen.variant, chosen.review_on)
    letter = LetterFacts(*about, sentence)
    _refuse_others(opened, pupil, recipient)
    fields = letter_fields(letter, {*opened.template.wants, *opened.kind.needs})
    _refuse_missing(opened, fields, desk.catalogue.fields, pupil.record.register is not None)
    template = opened.template
    made = IssuedLetter(
        letter=chosen.letter,
        label=chosen.label,
        recipient=recipient,
        reference=letter.reference,
        word=WordFile(template, fields) if isinstance(template, LetterTemplate) else None,
        message=template.fill_text(fields) if isinstance(template, MessageTemplate) else "",
        must_be_posted=opened.kind.must_be_posted,
        enclosures=opened.kind.enclosures,
        fields=fields,
        notes=tuple(notes_on(letter, opened.template.wants, everybody.written_to)),
        template=opened.docx,
        period=improvement_days(letter) if "improvement_to" in fields else None,
    )
    if sentence and sentence not in " ".join(made.text.split()):
        raise FillError(say_no_place(opened.kind.title))
    return made


def _refuse_others(opened: OpenLetter, pupil: Pupil, recipient: Recipient) -> None:
    """A letter that warns of a penalty or a court goes only to those whom the law calls a parent."""
    people = [pupil.record.contacts[number - 1] for number in recipient.numbers]
    if opened.kind.must_be_posted and (others := [one.name for one in people if not has_care(one)]):
        raise FillError(say_only_parents(opened.kind.title, say_list(others)))


def _refuse_missing(opened: OpenLetter, fields: Mapping[str, Value], words: Mapping[str, Any], has_marks: bool) -> None:
    """Name what the letter wants and nobody knows, or what there is none of, before anything is filled."""
    if CERTIFICATE in opened.kind.enclosures and not has_marks:
        sentence = f"Add the marks: {opened.kind.title} encloses the certificate that shows every session."
        raise FillError([Problem("no-marks", sentence, "/marks")])
    missing = [*opened.template.missing(fields), *(word for word in opened.kind.needs if fields.get(word) in NOTHING)]
    if missing:
        said = [_say_missing(opened, word, words.get(word, {})) for word in dict.fromkeys(missing)]
        raise FillError(_unique_sentences(said))


def _unique_sentences(problems: Iterable[Problem]) -> Iterator[Problem]:
    """The problems without those whose sentence has been said: two words that are missing may have one remedy."""
    said: set[str] = set()
    for problem in problems:
        if problem.detail not in said:
            said.add(problem.detail)
            yield problem


def _say_missing(opened: OpenLetter, word: str, about: Mapping[str, str]) -> Problem:
    """What to do before the letter can be made, from fields.toml where that says it."""
    plain = f"Add the {word.replace('_', ' ')}: {{letter}} cannot be written without it."
    window = f"the {opened.kind.period.replace('_', ' ')}"
    sentence = about.get("hold", plain).replace("{role}", opened.kind.sender_role).replace("{window}", window)
    return Problem("missing-word", sentence.replace("{letter}", opened.kind.title), f"/{word}")
