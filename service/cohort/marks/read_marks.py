"""Every file of marks of an export -> everybody's registers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import MappingProxyType

from service.attendance.closed_days import MarkDays
from service.cohort.day_order import refuse_month_first
from service.cohort.holds.absences_only import has_only_absences
from service.cohort.marks.day_marks import read_day_marks
from service.cohort.marks.long_marks import read_long_marks
from service.cohort.marks.mark_strings import read_mark_strings
from service.cohort.marks.registers import CohortMarks
from service.cohort.marks.weekly_marks import read_weekly_marks
from service.cohort.marks.wide_marks import read_wide_marks
from service.cohort.sheet import Sheet
from service.errors import CohortError, Problem

_READERS: MappingProxyType[str, Callable[[Sheet, CohortMarks], None]] = MappingProxyType(
    {
        "long marks": read_long_marks,
        "wide marks": read_wide_marks,
        "day marks": read_day_marks,
        "weekly marks": read_weekly_marks,
        "mark strings": read_mark_strings,
    }
)


def read_all_marks(sheets: Sequence[Sheet], days: MarkDays, notices: list[str], is_alone: bool) -> CohortMarks:
    """The marks of these tables; `is_alone` says that no other table names the pupils.

    Raises CohortError where a table of marks cannot be used for anybody.
    """
    marks = CohortMarks(days)
    problems: list[Problem] = []
    for sheet in sheets:
        try:
            _READERS[sheet.kind](sheet, marks)
            if marks.has_unread_days(sheet.name):
                refuse_month_first(sheet, "date")
        except CohortError as error:
            problems.extend(error.problems)
    if common := marks.common_fault():
        problems.append(common)
    problems += _find_lessons_only(marks)
    if problems:
        raise CohortError(problems)
    marks.is_absences_only = not marks.has_faults and has_only_absences(marks.registers.values())
    if marks.is_absences_only:
        _say_absences_only(sheets, notices, is_alone)
    notices.extend(marks.notices(list(sheets)))
    return marks


def _find_lessons_only(marks: CohortMarks) -> Sequence[Problem]:
    if not marks.lessons or any(register.strip(b"\0") for register in marks.registers.values()):
        return ()
    sentence = "These are marks of lessons only. Export the marks of the morning and the afternoon session."
    return [Problem("lessons-only", sentence, file=name) for name in marks.lessons]


def _say_absences_only(sheets: Sequence[Sheet], notices: list[str], is_alone: bool) -> None:
    """Say what a list of absences cannot tell. Raises CohortError where nothing else tells who the pupils are."""
    names = " and ".join(sheet.name for sheet in sheets)
    sentence = (
        "Only absences are listed here, so nobody's percentage can be worked out. Export all marks, those of pupils "
        "who were present included, or add an attendance summary."
    )
    if is_alone:
        raise CohortError(Problem("absences-only", sentence, file=names))
    notices.append(f"{names}: {sentence}")
