"""Everything that one form about one pupil is filled from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import count, takewhile
from typing import TypeVar

from service.attendance.record import AttendanceRecord, Contact
from service.attendance.school import School
from service.decisions.decision import Decision
from service.decisions.events import Events
from service.decisions.facts import Facts
from service.decisions.policy import PolicyOn
from service.decisions.thresholds import Threshold, find_threshold
from service.decisions.windows.window import SCHOOL_YEAR, Window
from service.forms.catalogue import FormKind
from service.forms.register_weeks import Day, Week, list_days, list_sickness, list_weeks

LOCAL_AUTHORITY = "local authority"
MOST_CHARACTERS, MOST_LINES = 12_000, 120
"""What one box takes of a long history, before its earliest lines are left out and counted."""

Value = str | bool
Row = TypeVar("Row")


@dataclass(frozen=True)
class FormFacts:
    """A form, the pupil's record with its decision, the policy of the day and the school; `fields` are the form's."""

    kind: FormKind
    fields: frozenset[str]
    decision: Decision
    facts: Facts
    policy: PolicyOn
    school: School

    @property
    def record(self) -> AttendanceRecord:
        """The pupil's record."""
        return self.facts.record

    @property
    def on(self) -> date:
        """The day the form is made."""
        return self.facts.on

    @property
    def events(self) -> Events:
        """What was done this school year up to that day, in order."""
        return self.facts.events

    @cached_property
    def parents(self) -> tuple[tuple[int, Contact], ...]:
        """Everybody with parental responsibility or daily care, each with the number in the record."""
        numbered = enumerate(self.record.contacts, 1)
        return tuple((n, one) for n, one in numbered if one.parental_responsibility or one.lives_with_pupil)

    @property
    def parent(self) -> Contact | None:
        """Whom the form is for: the first with parental responsibility."""
        return next((contact for contact in self.record.contacts if contact.parental_responsibility), None)

    @cached_property
    def weeks(self) -> Sequence[Week]:
        """The school weeks that there are rows for, the latest when there are more."""
        register = self.record.register
        found = list_weeks(register, self.facts.calendar, self.on) if register else []
        return self.latest_rows(found, "week_{}_begins")

    @cached_property
    def reported(self) -> Sequence[Day]:
        """The days of the absence that the form reports."""
        register = self.record.register
        if register is None or not self.kind.reports:
            return ()
        if self.kind.reports == "sickness":
            return list_days(register, list_sickness(register, self.on, self.sickness_threshold))
        return list_days(register, register.unauthorised_run(self.on))

    @property
    def sickness_threshold(self) -> Threshold | None:
        """From how many days of illness a sickness return is due."""
        return find_threshold(self.policy, "illness_days")

    @property
    def notice_threshold(self) -> Threshold | None:
        """From how many unauthorised sessions a penalty notice is considered, and over which window."""
        return find_threshold(self.policy, "sessions_unauthorised")

    def count_for_notice(self, word: str, codes: bytes = b"") -> int | None:
        """A figure over the window in which a penalty notice is considered, None when it is not known."""
        threshold = self.notice_threshold
        return self.count(word, threshold.window, codes) if threshold else None

    def latest_rows(self, items: Sequence[Row], name: str) -> Sequence[Row]:
        """As many of the latest items as the form has rows; `name` is a field of a row with {} for its number."""
        return items[max(0, len(items) - self.count_rows(name)) :]

    def count_rows(self, name: str) -> int:
        """How many rows the form has; `name` is a field of a row with {} for its number."""
        return sum(1 for _ in takewhile(lambda number: name.format(number) in self.fields, count(1)))

    def count(self, word: str, window: Window = SCHOOL_YEAR, codes: bytes = b"") -> int | None:
        """A figure over a window, None when it is not known."""
        figure = self.facts.figure(word, window, codes).figure
        return None if figure is None else int(figure.part)


def say_date(day: date | None) -> str | None:
    """A day as a form's box holds it: 20/11/2026."""
    return f"{day:%d/%m/%Y}" if day else None


def say_number(number: int | None) -> str | None:
    """A count in digits; nothing where it is not known."""
    return None if number is None else str(number)


def say_lines(lines: Iterable[str]) -> str | None:
    """Lines one below the other; the earliest of a history too long for any form are counted instead of shown."""
    kept = [line for line in (" ".join(line.split()) for line in lines) if line]
    number, room = 0, MOST_CHARACTERS
    for line in reversed(kept[-MOST_LINES:]):
        room -= len(line) + 1
        if room < 0:
            break
        number += 1
    left_out = len(kept) - number
    shown = kept[left_out:] if left_out else kept
    return "\n".join([f"({left_out} earlier entries are in the record.)", *shown] if left_out else shown) or None
