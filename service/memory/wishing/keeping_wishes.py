"""A personal sentence and other recipients for a pupil's next letter: kept, and taken back before it is issued."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from service.attendance.reading.value_kinds import find_text_fault
from service.attendance.school import School
from service.attendance.wishes import ChosenRecipients, PersonalSentence, Wishes
from service.errors import Problem, RequestError
from service.letters.personal import find_sentence_fault, read_sentence
from service.letters.recipients import is_entitled, why_not_written_to
from service.memory.memory import Memory, OpenSchool
from service.memory.remembered import Remembered
from service.memory.wishing.noting_wishes import note_gone, note_wish
from service.memory.wishing.read_wishes import RECIPIENTS, write_wishes
from service.pupil import Pupil
from service.storage.pupils_kept import raise_version
from service.storage.wishes.wishes_kept import drop_wish, keep_wish

NOT_KEPT = "This was not kept"


def keep_sentence(memory: Memory, school: OpenSchool, about: Remembered, sentence: PersonalSentence) -> None:
    """Keep a sentence for a pupil's next letter. Raises RequestError when there is none, or it cannot be printed."""
    text = read_sentence(sentence.text)
    fault = find_sentence_fault(text) if text else "Write the personal sentence first."
    if fault:
        raise _refuse("unfit-sentence", fault, "personal_sentence")
    _keep(memory, school, about, Wishes(replace(sentence, text=text)))


def keep_recipients(memory: Memory, school: OpenSchool, about: Remembered, choice: ChosenRecipients) -> None:
    """Keep who gets a pupil's next letter; those who usually do is no wish. Raises RequestError with every fault."""
    if choice.changes_nothing:
        take_back_wish(memory, school, about.stored.id, RECIPIENTS)
        return
    check_choice(about.pupil, choice)
    _keep(memory, school, about, Wishes(recipients=replace(choice, why=choice.why.strip())))


def take_back_wish(memory: Memory, school: OpenSchool, pupil: int, kind: str) -> bool:
    """Take a sentence out again, or go back to the usual recipients; whether there was anything to take back."""
    with memory.database.write(school.id) as connection:
        was_there = drop_wish(connection, school.id, pupil, kind)
        if was_there:
            note_gone(connection, school.id, pupil, kind)
            raise_version(connection, school.id, pupil)
    return was_there


def choose_recipients(pupil: Pupil, ticked: Collection[int], why: str, letter: str) -> ChosenRecipients:
    """What ticking these contacts, by their place in the record, changes about who gets the letter."""
    contacts = dict(enumerate(pupil.record.contacts, 1))
    usual = {number for number, contact in contacts.items() if is_entitled(contact)}
    can_be = {number for number in usual if not why_not_written_to(number, contacts[number], pupil.letterhead)}
    return ChosenRecipients(frozenset(can_be - set(ticked)), frozenset(set(ticked) - usual), why, letter)


def check_choice(pupil: Pupil, choice: ChosenRecipients) -> None:
    """Raise RequestError with everything that is wrong with a choice."""
    if problems := find_choice_faults(pupil, choice):
        raise RequestError("unfit-recipients", NOT_KEPT, problems)


def find_choice_faults(pupil: Pupil, choice: ChosenRecipients) -> list[Problem]:
    """What is wrong with a choice: nobody is left, somebody may not be chosen, or there is no reason."""
    contacts, school = dict(enumerate(pupil.record.contacts, 1)), pupil.letterhead
    wanted = {n for n, contact in contacts.items() if is_entitled(contact)} - choice.left_out | choice.added
    problems = [_why_not(pupil, number, school) for number in sorted(choice.added)]
    if not wanted:
        problems.append(_fault("nobody-left", "Choose at least one person: a letter goes to somebody."))
    if any(number not in contacts for number in choice.left_out):
        problems.append(_fault("no-such-contact", "Leave out only contacts of this pupil."))
    if not choice.why.strip():
        problems.append(
            Problem(
                "no-reason", "Say why: the reason stays with the letter.", "/recipients/why", column="recipients_why"
            )
        )
    elif fault := find_text_fault(choice.why):
        problems.append(Problem("unusable-text", fault, "/recipients/why", column="recipients_why"))
    return [problem for problem in problems if problem]


def _why_not(pupil: Pupil, number: int, school: School) -> Problem | None:
    contacts = pupil.record.contacts
    if not 0 < number <= len(contacts):
        return _fault("no-such-contact", "Add only contacts of this pupil.")
    found = why_not_written_to(number, contacts[number - 1], school)
    return replace(found, pointer="/recipients", column="recipients") if found else None


def _fault(code: str, sentence: str) -> Problem:
    return Problem(code, sentence, "/recipients", column="recipients")


def _keep(memory: Memory, school: OpenSchool, about: Remembered, wishes: Wishes) -> None:
    with memory.database.write(school.id) as connection:
        for wish in write_wishes(wishes, about.stored):
            keep_wish(connection, school.id, about.stored.id, wish)
            note_wish(connection, school.id, about.stored.id, wish)
        raise_version(connection, school.id, about.stored.id)


def _refuse(code: str, sentence: str, column: str) -> RequestError:
    return RequestError(code, NOT_KEPT, Problem(code, sentence, column=column))
