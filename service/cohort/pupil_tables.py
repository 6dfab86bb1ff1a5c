"""Which tables say who the pupils are, and which of their rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from service.attendance.calendar import SchoolCalendar
from service.cohort.columns.headings import contact_column, is_figure
from service.cohort.files import CohortFiles
from service.cohort.row_counts import LeftOut
from service.cohort.sheet import Sheet, names_pupil_and_contact
from service.cohort.summary.earlier_years import refuse_earlier_year
from service.cohort.summary.parts_of_time import refuse_parts
from service.cohort.summary.term_rows import choose_term
from service.cohort.survey import Survey, say_rows
from service.errors import CohortError, Problem

_KINDS = (
    "pupils", "summary", "wide marks", "weekly marks", "mark strings", "contacts", "long marks", "day marks",
)  # fmt: skip
"""Tables that can say who the pupils are, the most telling first."""
SEVERAL_ROWS = frozenset(("long marks", "day marks", "weekly marks"))
"""Tables in which a pupil has many rows by nature."""
_MANY, _MOST_MISTAKEN = 5, 2
"""Pupils, and rows of one pupil: more than these are no mistake of somebody who typed."""


def find_people(files: CohortFiles) -> list[Sheet]:
    """The tables that say who the pupils are: the first kind of this order that there is.

    A list without names beside one with names adds to it; it does not say who the pupils are. Of lists of
    contacts, one that names the pupil beside the contact comes first.
    """
    for kind in _KINDS:
        if found := files.of(kind):
            named = [sheet for sheet in found if has_names(sheet)] if kind == "pupils" else []
            both = [sheet for sheet in found if names_pupil_and_contact(sheet.headings)]
            return named or both or found
    return []


def has_names(sheet: Sheet) -> bool:
    """Whether a table names the pupils."""
    return sheet.headings.has("last_name") or sheet.headings.has("full_name")


def choose_rows(sheet: Sheet, calendar: SchoolCalendar, on: date | None, notices: list[str]) -> Sheet:
    """The table with the rows that count: of a row a term, those of this term. Raises CohortError where none is."""
    if sheet.kind in SEVERAL_ROWS:
        return replace(sheet, is_once=True)
    if on and any(map(is_figure, sheet.headings.places)):
        refuse_earlier_year(sheet.titles, sheet.name, on)
    if sheet.kind == "summary":
        refuse_parts(sheet)
    sheet = replace(sheet, on=on)
    choice = choose_term(sheet, calendar, on) if on and sheet.kind == "summary" else None
    if choice is None:
        return sheet
    if choice.notice:
        notices.append(choice.notice)
    return replace(sheet, choice=choice)


def merge_rows(sheet: Sheet, survey: Survey) -> Sheet:
    """The table with one row a pupil, where the others only bring more contacts or say the same.

    Raises CohortError where most pupils have several rows that say different things.
    """
    refuse_several_rows(sheet, survey)
    alike = survey.repeated.keys() - survey.differing
    if not alike or survey.differing:
        return sheet
    return replace(sheet, is_once=True)


def refuse_several_rows(sheet: Sheet, survey: Survey) -> None:
    """Raises CohortError where most pupils have several rows that say different things: a row a lesson, or a week."""
    most = max(map(len, survey.repeated.values()), default=0)
    is_many = len(survey.differing) > _MANY or most > _MOST_MISTAKEN
    if is_many and len(survey.differing) > len(survey.first_rows) // 2:
        rows = next(iter(survey.repeated.values()))
        sentence = (
            f"Most pupils are in several rows with different figures, for example {say_rows(rows)}. This looks like a "
            "row for each lesson, subject or week. Export one row for each pupil."
        )
        raise CohortError(Problem("several-rows", sentence, file=sheet.name))


def leave_out_meetings(sheets: Sequence[Sheet]) -> None:
    """Count the rows of tables of meetings: no decision needs them."""
    for sheet in sheets:
        for _ in sheet.rows(sheet.count):
            sheet.count.leave_out(LeftOut.MEETING)


def has_further_contacts(sheet: Sheet) -> bool:
    """Whether rows that say the same of a pupil may each bring another contact."""
    return sheet.is_once and any(contact_column(word) for word in sheet.headings.places)


def say_merged(sheet: Sheet, survey: Survey) -> Sequence[str]:
    """What a person should know about rows that were taken together."""
    if has_further_contacts(sheet):
        return (f"{sheet.name}: pupils are in several rows, one for each contact; they were put together.",)
    rows = sorted(row for many in survey.repeated.values() for row in many[1:])
    return (f"{sheet.name}, {say_rows(rows)}: the same pupil as in an earlier row, and the same figures; left out.",)
