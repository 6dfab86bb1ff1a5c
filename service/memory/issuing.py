"""ONE PUPIL, ISSUED: what is remembered -> decision -> letters -> remembered, once however often it is asked for.

The files are whole before the transaction that knows of them; a file nobody knows of is swept away.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from service.attendance.record import Event
from service.attendance.wishes import NO_WISHES, Wishes
from service.errors import Problem, RequestError
from service.issue import Issue, IssuedLetter, issue_letters, lacks_meeting
from service.memory.approval.needing import are_for_signatory, find_needs
from service.memory.fingerprints import Fingerprints
from service.memory.memory import Memory, OpenSchool
from service.memory.occasions import occasion_of
from service.memory.once_for_all import write_assumptions
from service.memory.remembered import Remembered, remember
from service.memory.today import Today
from service.memory.wishing.using_wishes import keep_for_later, use_wishes
from service.storage.approval.approvals_kept import NewApproval, add_approval
from service.storage.audit_chain import note, note_all
from service.storage.database import Connection
from service.storage.failpoints import reach
from service.storage.happened import add_events
from service.storage.issued import (
    LetterToKeep,
    NewDecision,
    NewLetter,
    keep_addressees,
    keep_decisions,
    keep_files,
    keep_letters,
)
from service.storage.packing import pack
from service.storage.pupils_kept import raise_versions
from service.storage.stored import ISSUED
from service.word.document import DOCX

MOST_TRIES = 10
TEXT = "text/plain"
BY_HAND = "by-hand"
CHANGED = "This pupil has changed since you looked. Look at the decision again, then issue the letter."
ISSUED_ALREADY = "issued-already"
"""The code of what somebody is told who issues a letter a second time on one occasion."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A letter that was issued and is remembered: the letter, its number and its file's hash."""

    letter: IssuedLetter
    number: int
    file: str


@dataclass(frozen=True, slots=True)
class Issued:
    """What came of issuing for one pupil: the pupil, what was decided, and the letters that are remembered now.

    `waits`: a further letter is due, but one was issued on this day already; `is_asked`: a signatory has to approve it.
    """

    remembered: Remembered
    issue: Issue
    kept: tuple[Kept, ...] = ()
    waits: bool = False
    decision: int = 0
    """The number of the decision that is kept with the letters."""
    is_asked: bool = False


Also = Callable[[Connection, Issued], None]
"""What else is noted when letters are."""


class PupilChanged(Exception):  # noqa: N818  # no error: somebody else was first
    """The pupil with this number has changed since the decision was made."""

    def __init__(self, number: int) -> None:
        super().__init__("the pupil has changed")
        self.number = number


class LacksApprovalError(Exception):
    """Letters about the pupils with these numbers cannot be issued before a signatory has approved them."""

    def __init__(self, numbers: Sequence[int]) -> None:
        super().__init__("a signatory has to approve letters")
        self.numbers = frozenset(numbers)


def issue_for(
    memory: Memory,
    today: Today,
    number: int,
    letter: str = "",
    by: str = "",
    meeting: Mapping[str, str] | None = None,
    also: Also | None = None,
    wishes: Wishes = NO_WISHES,
    *,
    asker: int = 0,
    seen: int | None = None,
    is_approved: bool = False,
) -> Issued:
    """Issue what a pupil is due on a day, or the letter that a person named, and remember it.

    `meeting` is one that an invitation can invite to where none is known; `by` are the initials of who asks; `also` is
    done in the same transaction, and undoes it where it raises an error; `asker` is the number of the person who asks,
    `seen` the version of the pupil that somebody looked at. `wishes` are for these letters, in place of those of their
    kinds that were kept about the pupil. A letter that a signatory has to approve, and `is_approved` does not say that
    one did, is asked for and not issued.

    Nobody gets two letters about a pupil on one day, unless a person names the second: asking twice is no wish for it.
    When somebody else changes the pupil meanwhile, it is decided again with what is known then.
    Raises RequestError when the letter is not the policy's, or the pupil has changed since, or changes all the time.
    """
    for _ in range(MOST_TRIES):
        about = _with_wishes(remember(memory, today, number), wishes)
        if seen not in (None, about.stored.version):
            raise RequestError("changed", "The letter was not issued", Problem("changed", CHANGED))
        made = make_letters(memory, about, letter, meeting)
        if not made.issue.letters:
            return made
        try:
            return _keep(memory, today.school, made, by, also, is_approved)
        except PupilChanged:
            continue
        except LacksApprovalError:
            with memory.database.write(today.school.id) as connection:
                return ask_signatory(connection, today.school, made, letter, by, asker)
    sentence = "Somebody else keeps changing this pupil. Try again in a moment."
    raise RequestError("pupil-changes", "The letter was not issued", Problem("pupil-changes", sentence))


def make_letters(
    memory: Memory, about: Remembered, letter: str = "", meeting: Mapping[str, str] | None = None
) -> Issued:
    """What issuing would come to, nothing kept yet. Raises RequestError when the letter is not the policy's."""
    remembered = with_meeting(about, letter, meeting)
    if not letter and had_letter(remembered):
        decided = remembered.pupil.decide_with_facts()
        return Issued(remembered, Issue(decided), waits=bool(decided.decision.letter))
    issue = issue_letters(memory.desk, remembered.pupil, letter)
    reach("letters-filled")
    return Issued(remembered, issue)


def _with_wishes(remembered: Remembered, wishes: Wishes) -> Remembered:
    pupil = remembered.pupil
    return replace(remembered, pupil=replace(pupil, wishes=wishes.over(pupil.wishes)))


def had_letter(remembered: Remembered) -> bool:
    """Whether a letter about the pupil was issued on this day and not taken back."""
    on = remembered.pupil.on
    return any(item.counts and item.source == ISSUED and item.event.on == on for item in remembered.stored.events)


def with_meeting(remembered: Remembered, letter: str, meeting: Mapping[str, str] | None) -> Remembered:
    """A pupil with a meeting to be invited to, where the letter that is due, or that a person named, lacks one."""
    pupil = remembered.pupil
    if not meeting or pupil.record.meeting or not lacks_meeting(pupil, letter):
        return remembered
    return replace(remembered, pupil=replace(pupil, record=replace(pupil.record, meeting=meeting)))


def ask_signatory(
    connection: Connection, school: OpenSchool, made: Issued, named: str, by: str, asker: int = 0
) -> Issued:
    """Ask for the letters that were made, within a transaction; `named` is the letter where a person named one."""
    pupil, first = made.remembered.pupil, made.issue.letters[0]
    keep_for_later(connection, school.id, made.remembered, first.letter)
    meeting = json.dumps(dict(pupil.record.meeting), ensure_ascii=False) if pupil.record.meeting else ""
    new = NewApproval(pupil.on, first.letter, first.label, bool(named), meeting, by, asker)
    if add_approval(connection, school.id, made.remembered.stored.id, new):
        note(connection, school.id, "approval asked", f"pupil {made.remembered.stored.id}")
    waits = Problem("waits-for-approval", f"{first.label} waits for a signatory: it is issued when one approves it.")
    return replace(made, issue=replace(made.issue, letters=(), problems=(waits,)), is_asked=True)


def _keep(memory: Memory, school: OpenSchool, made: Issued, by: str, also: Also | None, is_approved: bool) -> Issued:
    """Keep the files, then everything that says so in one transaction."""
    files = [memory.files.put(school.id, content_of(letter)) for letter in made.issue.letters]
    reach("files-kept")
    with memory.database.write(school.id) as connection:
        reach("issue-begun")
        (issued,) = note_letters(connection, memory, school, [(made, files)], by, is_approved=is_approved)
        if also:
            also(connection, issued)
        reach("issue-ready")
    reach("issue-kept")
    return issued


def note_letters(
    connection: Connection,
    memory: Memory,
    school: OpenSchool,
    made: Sequence[tuple[Issued, Sequence[str]]],
    by: str,
    *,
    is_approved: bool = False,
    is_claimed: bool = False,
) -> list[Issued]:
    """Note the letters of some pupils, whose files are kept, within a transaction: everything that makes them issued.

    `is_claimed`: their chunk was claimed before the files were kept and still is, so that no sweep took them away.
    Raises PupilChanged when somebody else changed a pupil since they were made, LacksApprovalError when a signatory
    has to approve some first, RequestError when one of the people has had the letter on this occasion; the transaction
    cannot go on then.
    """
    if not is_approved and (lacking := _find_lacking(connection, school, [one for one, _ in made])):
        raise LacksApprovalError(lacking)
    seen = {one.remembered.stored.id: one.remembered.stored.version for one, _ in made}
    if changed := raise_versions(connection, school.id, seen):
        raise PupilChanged(min(changed))
    _note_files(connection, memory, school, made, is_claimed)
    reach("file-noted")
    prints = Fingerprints(memory.desk)
    decided = [(one.remembered.stored.id, _new_decision(prints, one.remembered, one.issue)) for one, _ in made]
    decisions = keep_decisions(connection, school.id, decided)
    reach("decision-noted")
    for (one, _), decision in zip(made, decisions, strict=True):
        use_wishes(connection, school.id, one.remembered, decision)
    events = _note_events(connection, school, [one for one, _ in made], by)
    reach("event-noted")
    new = [
        LetterToKeep(one.remembered.stored.id, decision, event, _new_letter(prints, one, letter, file))
        for (one, files), decision, own in zip(made, decisions, events, strict=True)
        for letter, event, file in zip(one.issue.letters, own, files, strict=True)
    ]
    numbers = iter(_note_new(connection, school, new))
    return [
        replace(one, kept=_kept(one.issue, numbers, files), decision=decision)
        for (one, files), decision in zip(made, decisions, strict=True)
    ]


def _find_lacking(connection: Connection, school: OpenSchool, made: Sequence[Issued]) -> list[int]:
    """The pupils whose letters a signatory has to approve; all are of one policy."""
    letters = {one.remembered.stored.id: {letter.letter for letter in one.issue.letters} for one in made}
    policy = made[0].remembered.pupil.policy
    if not are_for_signatory(connection, school, policy, set().union(*letters.values())):
        return []
    needs = find_needs(connection, school, policy)
    return [number for number, own in letters.items() if any(map(needs.has, own))]


def _note_files(
    connection: Connection,
    memory: Memory,
    school: OpenSchool,
    made: Sequence[tuple[Issued, Sequence[str]]],
    is_claimed: bool,
) -> None:
    """Note files, of which the sweep may have taken some since they were written, unless their chunk is claimed."""
    letters = {file: letter for one, files in made for letter, file in zip(one.issue.letters, files, strict=True)}
    for file in () if is_claimed else memory.files.missing(school.id, letters):
        memory.files.put(school.id, content_of(letters[file]))
    kept = {file: (len(content_of(one)), DOCX if one.content else TEXT) for file, one in letters.items()}
    keep_files(connection, school.id, kept)


def _note_new(connection: Connection, school: OpenSchool, new: Sequence[LetterToKeep]) -> list[int]:
    numbers = keep_letters(connection, school.id, new)
    reach("letter-noted")
    if not keep_addressees(connection, school.id, numbers, new):
        raise _issued_already(new)
    reach("addressee-noted")
    done = [(f"letter {number}", one.letter.file) for number, one in zip(numbers, new, strict=True)]
    note_all(connection, school.id, "letter issued", done)
    reach("audit-noted")
    return numbers


def _kept(issue: Issue, numbers: Iterator[int], files: Sequence[str]) -> tuple[Kept, ...]:
    return tuple(Kept(letter, next(numbers), file) for letter, file in zip(issue.letters, files, strict=True))


def _note_events(connection: Connection, school: OpenSchool, made: Sequence[Issued], by: str) -> list[list[int]]:
    """For each pupil the events of the letters: one for all recipients; one for each where somebody was not written to,
    or other recipients were chosen."""
    happened, places = list[tuple[int, Event]](), list[list[int]]()
    for one in made:
        own = list[int]()
        for letter in one.issue.letters:
            if not own or _is_for_each(one):
                happened.append((one.remembered.stored.id, _happened(one, letter, by)))
            own.append(len(happened) - 1)
        places.append(own)
    numbers = add_events(connection, school.id, happened, ISSUED)
    return [[numbers[place] for place in own] for own in places]


def _is_for_each(made: Issued) -> bool:
    """Whether each recipient's letter is an event of its own."""
    choice = made.remembered.pupil.wishes.recipients
    return bool(made.issue.problems) or bool(choice and not choice.changes_nothing)


def _happened(made: Issued, letter: IssuedLetter, by: str) -> Event:
    to = letter.recipient.name if _is_for_each(made) and len(letter.recipient.numbers) == 1 else ""
    start, end = letter.period or (None, None)
    return Event(made.remembered.pupil.on, letter.letter, "", to, by, period_start=start, period_end=end)


def _new_decision(prints: Fingerprints, about: Remembered, issue: Issue) -> NewDecision:
    pupil, made = about.pupil, issue.decision
    return NewDecision(
        day=pupil.on,
        policy=pupil.policy.name,
        fingerprint=prints.of_policy(pupil.policy),
        outcome=made.outcome,
        record=pack(pupil.record),
        reasons=json.dumps([reason.as_json() for reason in made.reasons], ensure_ascii=False),
        assumptions=write_assumptions(pupil.assumptions),
    )


def _new_letter(prints: Fingerprints, made: Issued, letter: IssuedLetter, file: str) -> NewLetter:
    about, issue = made.remembered, made.issue
    persons = tuple(str(about.stored.persons[number - 1]) for number in letter.recipient.numbers)
    return NewLetter(
        day=about.pupil.on,
        letter=letter.letter,
        label=letter.label,
        occasion=occasion_of(about.pupil, issue.decided, letter.letter),
        recipient=letter.recipient.id,
        reference=letter.reference,
        template=prints.of_template(about.pupil.policy, letter.letter),
        words=json.dumps(dict(letter.fields), ensure_ascii=False),
        file=file,
        persons=persons or (BY_HAND,),
    )


def content_of(letter: IssuedLetter) -> bytes:
    """What is kept of a letter: the document, or a message's text."""
    return letter.content or letter.message.encode()


def _issued_already(new: Sequence[LetterToKeep]) -> RequestError:
    labels = sorted({one.letter.label for one in new})
    sentence = f"{' and '.join(labels)} was issued on this occasion already. Print it again, or take it back first."
    return RequestError(ISSUED_ALREADY, "The letter was not issued", Problem(ISSUED_ALREADY, sentence))
