"""Who of an export is known already, who is new, and who of the known is gone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from service.attendance.record import AttendanceRecord
from service.cohort.holds.two_files import is_other_child
from service.cohort.pupil_row import PupilRow
from service.errors import Problem
from service.storage.pupils_kept import KnownPupil

_OF_A_CHILD = ("first_name", "last_name", "preferred_name", "preferred_last_name", "date_of_birth")
_OTHER_CHILD = (
    "We know this UPN or reference as that of a child with another name and date of birth. Correct it; if it is the "
    "same child, import the new name first, and the new date of birth after it."
)


class KnownPupils:
    """The pupils of a school, found by UPN or reference, while an export is read."""

    def __init__(self, known: Iterable[KnownPupil]) -> None:
        self.known = list(known)
        self.by_upn = {pupil.upn: pupil for pupil in self.known if pupil.upn}
        self.by_reference = {pupil.reference: pupil for pupil in self.known if pupil.reference}
        self.seen: set[int] = set()
        self.years: set[str] = set()
        self.groups: set[str] = set()
        self.told_years = {pupil.year_group for pupil in self.known if pupil.history_known}
        self.told_groups = {pupil.registration_group for pupil in self.known if pupil.history_known}

    def match(self, record: AttendanceRecord) -> KnownPupil | None:
        """The known pupil that a record is about: by the UPN, or else by the reference."""
        return self.by_upn.get(record.upn) or self.by_reference.get(record.pupil_reference)

    def is_history_known(self, record: AttendanceRecord) -> bool:
        """Whether it has been told what was sent to a pupil before.

        Who is new in a year group, or registration group, of which that is known has joined since then, and whatever
        was sent since then is remembered.
        """
        known = self.match(record)
        if record.history_known or known:
            return record.history_known or bool(known and known.history_known)
        told, group = (
            (self.told_years, record.year_group) if record.year_group else (self.told_groups, record.registration_group)
        )
        return bool(group) and group in told

    def find_conflict(self, row: PupilRow) -> tuple[Problem, ...]:
        """What is wrong with a record whose UPN is one pupil's and whose reference is another's."""
        record = row.record
        if record is None or not (record.upn and record.pupil_reference):
            return ()
        first, second = self.by_upn.get(record.upn), self.by_reference.get(record.pupil_reference)
        if first is None or second is None or first.id == second.id:
            return ()
        sentence = "This UPN belongs to one pupil we know, and this pupil reference to another. Correct one of them."
        return (Problem("two-pupils", sentence, file=row.file, row=row.number),)

    def find_other_child(self, row: PupilRow, before: AttendanceRecord | None) -> tuple[Problem, ...]:
        """What is wrong with a record whose identifier was that of another child until now."""
        if row.record is None or before is None:
            return ()
        words, others = ({word: getattr(record, word) for word in _OF_A_CHILD} for record in (row.record, before))
        if not is_other_child(words, others):
            return ()
        return (Problem("other-child", _OTHER_CHILD, file=row.file, row=row.number),)

    def see(self, key: str, record: AttendanceRecord | None, pupil: int = 0, on: date = date.min) -> None:
        """Note who stands in the export; a row that cannot be used stands for the pupil with its key."""
        if record is None:
            found = self.by_upn.get(key) or self.by_reference.get(key)
            self.seen.update([found.id] if found else [])
            return
        self.seen.add(pupil)
        self.years.add(record.year_group)
        self.groups.add(record.registration_group)
        now = KnownPupil(
            pupil, record.upn, record.pupil_reference, record.year_group, record.registration_group, on, None
        )
        self.by_upn.update({record.upn: now} if record.upn else {})
        self.by_reference.update({record.pupil_reference: now} if record.pupil_reference else {})

    def find_gone(self) -> list[KnownPupil]:
        """The known pupils who are missing from an export of their own year group, or registration group.

        An export of one year group says nothing of the others.
        """
        return list(self._find_gone())

    def _find_gone(self) -> Iterator[KnownPupil]:
        for pupil in self.known:
            if pupil.id in self.seen or pupil.gone_on:
                continue
            in_year, in_group = pupil.year_group in self.years, pupil.registration_group in self.groups
            if in_year if pupil.year_group else in_group:
                yield pupil
