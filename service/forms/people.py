"""What forms say of the school, the pupil and the parents."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from service.attendance.address import PostalAddress
from service.attendance.record import Contact
from service.decisions.notices import find_notices
from service.decisions.thresholds import span_of_notices
from service.forms.facts import LOCAL_AUTHORITY, FormFacts, Value, say_date

UPN_LENGTH = 13

_SOCIAL_CARE = {
    "child_protection_plan": "child protection plan",
    "child_in_need": "child in need",
    "looked_after": "looked after",
    "social_worker": "social worker",
    "team_around_family": "team around the family",
}


def _school_contact(form: FormFacts) -> str:
    words = ("school_telephone", "school_email", "school_website")
    return " · ".join(word for word in map(form.school.word, words) if word)


def _pupil_name(form: FormFacts) -> str:
    return f"{form.record.first_name} {form.record.last_name}".strip()


def _upn(form: FormFacts) -> str | None:
    return form.record.upn if len(form.record.upn) == UPN_LENGTH else None


def _send(form: FormFacts) -> str | None:
    plan, support = form.facts.answer("ehc_plan"), form.facts.answer("sen_support")
    if plan:
        return "ehc_plan"
    if support:
        return "sen_support"
    return "none" if plan is False and support is False else None


def _social_care(form: FormFacts) -> str | None:
    """What is in place, for the local authority only: nobody else is told of a protection plan by a form."""
    if form.kind.goes_to != LOCAL_AUTHORITY:
        return None
    found = ", ".join(words for flag, words in _SOCIAL_CARE.items() if form.facts.answer(flag))
    return found[:1].upper() + found[1:]


def _residence(form: FormFacts) -> PostalAddress | None:
    """Where the pupil lives, unless that is confidential and the form goes to another parent."""
    home = next((contact for contact in form.record.contacts if contact.lives_with_pupil), None)
    return home.address if home and _may_be_shown(form, home) else None


def _may_be_shown(form: FormFacts, contact: Contact) -> bool:
    return not contact.confidential_address or form.kind.goes_to == LOCAL_AUTHORITY or contact is form.parent


def _lines(address: PostalAddress | None) -> str | None:
    return "\n".join(address.printed_lines) if address else None


def _residence_if_different(form: FormFacts) -> str | None:
    residence, own = _residence(form), form.parent.address if form.parent else None
    if residence is None or (own and _folded(own) == _folded(residence)):
        return None
    return _lines(residence)


def _folded(address: PostalAddress) -> tuple[str, ...]:
    return tuple(line.casefold() for line in address.printed_lines)


def _parent_name(form: FormFacts) -> str | None:
    return form.parent.name if form.parent else None


PEOPLE: Mapping[str, Callable[[FormFacts], Value | None]] = {
    "school_name": lambda form: form.school.word("school_name"),
    "school_address": lambda form: ", ".join(form.school.address.printed_lines),
    "school_contact": _school_contact,
    "sender_name": lambda form: form.school.word("sender_name"),
    "sender_role": lambda form: form.school.word("sender_role"),
    "headteacher_name": lambda form: form.school.word("headteacher_name"),
    "pupil_name": _pupil_name,
    "date_of_birth": lambda form: say_date(form.record.date_of_birth),
    "year_group": lambda form: form.record.year_group,
    "registration_group": lambda form: form.record.registration_group,
    "upn": _upn,
    "pupil_address": lambda form: _lines(_residence(form)),
    "pupil_address_if_different": _residence_if_different,
    "send": _send,
    "social_care": _social_care,
    "parent_name": _parent_name,
    "parent_address": lambda form: _lines(form.parent.address) if form.parent else None,
    "invited_pupil_name": _pupil_name,
    "invited_parent_name": _parent_name,
    "invited_staff_name": lambda form: form.school.word("sender_name"),
    "signed_parent_1_name": lambda form: supply_of_parent(form, 1, "name"),
    "signed_parent_2_name": lambda form: supply_of_parent(form, 2, "name"),
    "signed_school_name": lambda form: form.school.word("sender_name"),
    "signed_headteacher_name": lambda form: form.school.word("headteacher_name"),
}
"""The words of people and of the school, by name."""


def supply_of_parent(form: FormFacts, number: int, word: str) -> str | None:
    """A word about the nth parent or carer; None when there is none, or it is not known."""
    if not 1 <= number <= len(form.parents):
        return None
    place, contact = form.parents[number - 1]
    return PARENT[word](form, place, contact)


def _address(form: FormFacts, _place: int, contact: Contact) -> str | None:
    return ", ".join(contact.address.printed_lines) if _may_be_shown(form, contact) else None


def _notices(form: FormFacts, place: int, _contact: Contact) -> str | None:
    """How many notices count; not known where no history was given."""
    days = _notice_days(form, place)
    return None if days is None else str(len(days))


def _notice_dates(form: FormFacts, place: int, _contact: Contact) -> str:
    return ", ".join(f"{day:%d/%m/%Y}" for day in _notice_days(form, place) or ())


def _notice_days(form: FormFacts, place: int) -> list[date] | None:
    span = span_of_notices(form.policy, form.facts)
    if span is None or not form.record.history_known:
        return None
    return find_notices(form.record, span.first, span.last).get(str(place), [])


def _yes_no(answer: bool | None) -> str | None:
    return None if answer is None else "yes" if answer else "no"


PARENT: Mapping[str, Callable[[FormFacts, int, Contact], str | None]] = {
    "name": lambda form, place, contact: contact.name,
    "relationship": lambda form, place, contact: contact.relationship,
    "address": _address,
    "responsibility": lambda form, place, contact: _yes_no(contact.parental_responsibility),
    "lives_with_child": lambda form, place, contact: _yes_no(contact.lives_with_pupil),
    "notices": _notices,
    "notice_dates": _notice_dates,
}
"""The words of each parent or carer: parent_1_name and so on."""
