"""Who is written to, and at which address."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from service.attendance.address import NO_ADDRESS, PostalAddress
from service.attendance.holding.stopgaps import has_a_note, is_stopgap
from service.attendance.record import AttendanceRecord, Contact
from service.attendance.school import School
from service.attendance.wishes import USUAL, ChosenRecipients
from service.decisions.wording import say_list
from service.errors import Problem
from service.letters.address_window import fit_address


@dataclass(frozen=True, slots=True)
class Recipient:
    """One envelope: the names on it, the address, and how its letter begins.

    `numbers` are the contacts' places in the record, from 1; `caution` is for the office, never printed.
    """

    numbers: tuple[int, ...]
    name: str
    salutation: str
    address: PostalAddress
    caution: str = ""

    @property
    def id(self) -> str:
        """What the recipient is called in file names and requests: "1", "1-2", "by-hand"."""
        return "-".join(map(str, self.numbers)) or "by-hand"

    @property
    def address_lines(self) -> tuple[str, ...]:
        """What shows in the window: the name first, the postcode last."""
        return (self.name, *self.address.printed_lines)


@dataclass(frozen=True, slots=True)
class Recipients:
    """Everybody a letter goes to, and why somebody else does not get one."""

    written_to: tuple[Recipient, ...]
    problems: tuple[Problem, ...] = ()


def find_recipients(record: AttendanceRecord, school: School, choice: ChosenRecipients | None = None) -> Recipients:
    """The recipients of a pupil's letters: each person with parental responsibility or daily care who receives post.

    `choice` leaves some of them out and adds other contacts, but nobody who must not be written to.
    A problem names each such person without an address that works, and a pupil without anybody to write to. Source:
    Education Act 1996, section 576; guidance 004, stage 1.
    """
    choice = choice or USUAL
    wanted, refused = _choose(record, choice)
    found = [(n, contact, _address_problem(n, contact, school.print_profile)) for n, contact in wanted]
    usable = [(n, contact) for n, contact, problem in found if not problem]
    problems = refused + tuple(problem for _, _, problem in found if problem)
    if not wanted and choice.left_out:
        return Recipients((), (*problems, Problem("nobody-left", _NOBODY_LEFT, "/recipients")))
    problems += tuple(_unclear(record.contacts)) if not wanted else ()
    if not usable and not choice.left_out and school.without_contacts == "by hand":
        return Recipients((_by_hand(record),), problems)
    if not usable:
        sentence = _NOBODY if record.contacts else _NO_CONTACTS
        problems += () if problems else (Problem("no-recipient", sentence),)
        return Recipients((), problems)
    households = _households(usable) if school.shared_households else [[person] for person in usable]
    written_to = [recipient for people in households for recipient in _recipients(people, school.print_profile)]
    return Recipients(tuple(_with_caution(recipient, record, choice) for recipient in written_to), problems)


_NOBODY = "Say who is written to: no contact has parental responsibility or daily care, and gets post."
_NO_CONTACTS = (
    "Add the pupil's contacts, with address and parental responsibility, in columns or in a file of their own: "
    "nobody is known to write to."
)


_NOBODY_LEFT = "Choose at least one person who gets the letter: everybody who usually does is left out."
_NO_CARE = "Ask whether {names} may read this: no parental responsibility or daily care is on record."


def is_entitled(contact: Contact) -> bool:
    """Whether somebody gets a pupil's letters without being chosen."""
    return has_care(contact) and contact.receives_post is not False


def has_care(contact: Contact) -> bool:
    """Whether somebody is a parent in the law's words: with parental responsibility, or with care of the child."""
    return contact.parental_responsibility is True or contact.lives_with_pupil is True


def why_not_written_to(number: int, contact: Contact, school: School) -> Problem | None:
    """Why nobody may choose this contact as a recipient; None where somebody may."""
    return _must_not(number, contact) or _address_problem(number, contact, school.print_profile)


def _must_not(number: int, contact: Contact) -> Problem | None:
    if contact.court_order:
        sentence = f"Contact {number} is not written to: a court order is recorded."
    elif contact.receives_post is False:
        sentence = f"Contact {number} is not written to: the school's records say so."
    else:
        return None
    return Problem("not-to-be-written-to", sentence, "/recipients")


def _choose(
    record: AttendanceRecord, choice: ChosenRecipients
) -> tuple[list[tuple[int, Contact]], tuple[Problem, ...]]:
    """The contacts that are wanted, and why others who were added cannot be."""
    wanted, refused = list[tuple[int, Contact]](), list[Problem]()
    for number, contact in enumerate(record.contacts, 1):
        if number in choice.added and (problem := _must_not(number, contact)):
            refused.append(problem)
        elif number in choice.added or (is_entitled(contact) and number not in choice.left_out):
            wanted.append((number, contact))
    if any(number not in range(1, len(record.contacts) + 1) for number in choice.added):
        refused.append(Problem("no-such-contact", _NO_SUCH_CONTACT, "/recipients"))
    return wanted, tuple(refused)


_NO_SUCH_CONTACT = "Choose again who gets the letter: somebody who was added is no contact of this pupil."


def _with_caution(recipient: Recipient, record: AttendanceRecord, choice: ChosenRecipients) -> Recipient:
    """The recipient, with what the office should know of somebody who was added without care of the child."""
    people = [record.contacts[number - 1] for number in recipient.numbers if number in choice.added]
    names = say_list([contact.name for contact in people if not has_care(contact)])
    return replace(recipient, caution=_NO_CARE.format(names=names)) if names else recipient


def _unclear(contacts: Sequence[Contact]) -> Iterator[Problem]:
    for number, contact in enumerate(contacts, 1):
        if contact.parental_responsibility is None and contact.lives_with_pupil is None:
            sentence = f"Say whether contact {number} has parental responsibility or lives with the pupil."
            yield Problem("unclear-contact", sentence, f"/contacts/{number - 1}/parental_responsibility")


_NO_LINE = re.compile(
    r"unknown|not known|n/?a|none|nil|null|tb[ac]|to be confirmed|[?.x-]+|as above|same( address)?( as .*)?|as pupil|"
    r"no fixed abode|nfa|see (above|below|notes?|file|pupil|contact).*|address (withheld|unknown)|withheld",
    re.I,
)
"""What stands in the place of a line of an address that nobody knows."""
_DECEASED = re.compile(r"\b(deceased|dec'd|died|the late)\b", re.I)
_NO_NAME = re.compile(
    r"(the )?(step|foster|grand)?[ -]?(mum|mam|mummy|dad|daddy|mother|father|parents?|carers?|guardians?)"
    r"( ?(&|and|/|or) ?(mum|dad|mother|father|parents?|carers?|guardians?))*",
    re.I,
)
"""What somebody is to the child, where a forename should stand."""
_THE_PUPIL = frozenset(("self", "pupil", "student", "the pupil", "the student", "child", "own", "himself", "herself"))


def _has_stopgap(contact: Contact) -> bool:
    """Whether a word that only says that a name is not known stands in its place, so that nobody is called so."""
    named = ("first_name", "last_name", "addressee", "salutation")
    alone = contact.first_name or ("" if contact.title else contact.last_name)
    if not contact.addressee and _NO_NAME.fullmatch(alone):
        return True
    return any(is_stopgap("full_name", getattr(contact, word)) for word in named)


def _address_problem(number: int, contact: Contact, profile: str) -> Problem | None:
    pointer, address = f"/contacts/{number - 1}", contact.address
    if not contact.name or contact.name == contact.title or _has_stopgap(contact):
        return Problem("no-name", f"Give the name of contact {number}.", f"{pointer}/last_name")
    if _DECEASED.search(f"{contact.name} {contact.relationship}"):
        sentence = f"Look at contact {number}: it says deceased. Nobody is written to there."
        return Problem("deceased", sentence, f"{pointer}/relationship")
    if not contact.addressee and has_a_note(f"{contact.first_name} {contact.last_name}"):
        sentence = f"Take out of the name of contact {number} what is no part of it: it would be printed."
        return Problem("note-in-name", sentence, f"{pointer}/last_name")
    if contact.relationship.strip().casefold() in _THE_PUPIL:
        sentence = f"Look at contact {number}: it seems to be the pupil. Say who the parents or carers are."
        return Problem("is-the-pupil", sentence, f"{pointer}/relationship")
    if any(map(_NO_LINE.fullmatch, address.lines)):
        sentence = f"Correct the address of contact {number}: one of its lines is no part of an address."
        return Problem("no-address", sentence, f"{pointer}/address_line_1")
    if not address.is_complete:
        sentence = (
            f"Add the first line and the postcode of contact {number}'s address: a letter cannot reach them without."
        )
        return Problem("incomplete-address", sentence, f"{pointer}/postcode")
    if _fit(contact.name, address, profile) is None:
        sentence = f"Shorten the name and address of contact {number}: they do not fit the window of the envelope."
        return Problem("address-too-long", sentence, f"{pointer}/address_line_1")
    return None


def _fit(name: str, address: PostalAddress, profile: str) -> PostalAddress | None:
    lines = fit_address(name, address.lines, address.postcode, profile)
    return None if lines is None else PostalAddress(lines, address.postcode)


def _households(people: Sequence[tuple[int, Contact]]) -> list[list[tuple[int, Contact]]]:
    """People at one address together; nobody whose address is confidential shares an envelope."""
    households: dict[object, list[tuple[int, Contact]]] = {}
    for number, contact in people:
        lines = tuple(line.casefold() for line in contact.address.printed_lines)
        households.setdefault(number if contact.confidential_address else lines, []).append((number, contact))
    return list(households.values())


def _recipients(people: Sequence[tuple[int, Contact]], profile: str) -> Iterator[Recipient]:
    """The people of a household on one envelope, or each on their own where their names together are too long."""
    contacts = [contact for _, contact in people]
    name = " and ".join(contact.name for contact in contacts)
    address = _fit(name, contacts[0].address, profile)
    if address is None:
        for person in people:
            yield from _recipients([person], profile)
        return
    yield Recipient(
        numbers=tuple(number for number, _ in people),
        name=name,
        salutation="Dear " + " and ".join(map(_greeting, contacts)),
        address=address,
    )


def _greeting(contact: Contact) -> str:
    """Title and last name; without a title the whole name, because nobody is greeted by a last name alone.

    The school's own salutation comes first, without the "Dear" that some write before it.
    """
    if contact.salutation:
        return contact.salutation.removeprefix("Dear ").strip(" ,")
    return f"{contact.title} {contact.last_name}" if contact.title and contact.last_name else contact.name


def _by_hand(record: AttendanceRecord) -> Recipient:
    name = " ".join(part for part in ("Parent or carer of", record.first_name, record.last_name) if part)
    caution = "Hand this letter over, or write the address by hand: no contact is known."
    return Recipient((), name, f"Dear p{name[1:]}", NO_ADDRESS, caution)
