"""What is known about one pupil on the day of a decision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from service.attendance.address import NO_ADDRESS, PostalAddress
from service.attendance.register import Register
from service.errors import Problem

Exact = int | Fraction
"""A number without rounding: counts are whole, percentages fractions."""


@dataclass(frozen=True, slots=True)
class Contact:
    """A person who has to do with a pupil; a fact that nobody gave is None."""

    title: str = ""
    first_name: str = ""
    last_name: str = ""
    relationship: str = ""
    parental_responsibility: bool | None = None
    lives_with_pupil: bool | None = None
    receives_post: bool | None = None
    confidential_address: bool | None = None
    court_order: bool | None = None
    addressee: str = ""
    salutation: str = ""
    address: PostalAddress = NO_ADDRESS
    email: str = ""
    language: str = ""

    @property
    def name(self) -> str:
        """The name for an envelope: "Mrs Siân Jones", or the addressee where the school gives one."""
        title = "" if self.title and self.first_name.startswith(f"{self.title} ") else self.title
        return self.addressee or " ".join(part for part in (title, self.first_name, self.last_name) if part)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that was done: a letter sent, a meeting held, a notice issued.

    `period_start` and `period_end` are the days that a notice named: what it said counts, whatever is reckoned later.
    """

    on: date
    event: str
    outcome: str = ""
    recipient: str = ""
    by: str = ""
    method: str = ""
    note: str = ""
    period_start: date | None = None
    period_end: date | None = None


@dataclass(frozen=True, slots=True)
class Summary:
    """Figures that an MIS counted itself, by flat word; a word that nobody gave is not in it.

    Counts are whole numbers; percentages are exact fractions of a hundred. The period is that of the words without
    a window.
    """

    figures: Mapping[str, Exact]
    period_start: date | None = None
    period_end: date | None = None
    unexplained_since: date | None = None


@dataclass(frozen=True, slots=True)
class AttendanceRecord:
    """One pupil: who, the marks or a summary, what people judged, and what was done so far.

    `holds` are what has to be cleared up before any letter about the pupil may leave; a decision is made all the same.
    `history_known` says whether anybody has told what was sent and done: an empty history of which nobody said that it
    is the whole is not one in which nothing happened.
    """

    upn: str = ""
    pupil_reference: str = ""
    first_name: str = ""
    last_name: str = ""
    preferred_name: str = ""
    preferred_last_name: str = ""
    date_of_birth: date | None = None
    date_of_admission: date | None = None
    date_of_leaving: date | None = None
    do_not_write_until: date | None = None
    letters_held: str = ""
    year_group: str = ""
    registration_group: str = ""
    facts: Mapping[str, bool] = field(default_factory=dict)
    contacts: tuple[Contact, ...] = ()
    register: Register | None = None
    summary: Summary | None = None
    history: tuple[Event, ...] = ()
    history_known: bool = False
    meeting: Mapping[str, str] = field(default_factory=dict)
    school: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    holds: tuple[Problem, ...] = ()

    @property
    def key(self) -> str:
        """What the pupil is known by in files and answers: the UPN, or the MIS's own reference."""
        return self.upn or self.pupil_reference
