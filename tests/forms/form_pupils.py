"""Invented pupils whose forms are known line by line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from service.attendance.calendar import SchoolCalendar
from service.attendance.reading.records import read_record
from service.desk import Desk
from service.pupil import Pupil
from service.sample.export import CALENDAR
from service.sample.sample_school import SAMPLE_SCHOOL
from service.settings import read_settings

DESK = Desk(read_settings({}), SAMPLE_SCHOOL)
TERMS = SchoolCalendar(CALENDAR)
ON = date(2026, 11, 20)
START = date(2026, 9, 3)


def days_open(first: date = START, last: date = ON) -> Iterator[date]:
    """The school days from one day to another."""
    for number in range((last - first).days + 1):
        if TERMS.is_open(day := first + timedelta(days=number)):
            yield day


def marks(absent: Mapping[date, str], last: date = ON) -> list[dict[str, str]]:
    """A full register but for these days: one code for both sessions, or "/O" for a morning and an afternoon."""
    found = []
    for day in days_open(last=last):
        codes = absent.get(day, "/\\")
        for session, code in zip(("AM", "PM"), codes if len(codes) == 2 else codes * 2, strict=True):
            found.append({"date": day.isoformat(), "session": session, "code": code})
    return found


def on(day: int, month: int) -> date:
    """A day of the autumn of 2026."""
    return date(2026, month, day)


ABSENT = {
    **{on(day, 9): "I" for day in (7, 8, 9)},
    on(14, 9): "L\\",
    on(21, 9): "/O",
    **{on(day, 10): "O" for day in (5, 6, 7, 19)},
    on(12, 10): "VV",
    on(2, 11): "UN",
    **{on(day, 11): "O" for day in (9, 10, 16)},
    on(17, 11): "/G",
}
"""4.5 days of illness and other absence in September, 4 in October, 4.5 in November; sessions O 17, U 1, N 1, G 1."""

ANN = {
    "title": "Ms",
    "first_name": "Ann",
    "last_name": "Ash",
    "relationship": "Mother",
    "parental_responsibility": True,
    "lives_with_pupil": False,
    "address_line_1": "2 Long Row",
    "address_line_2": "Netherford",
    "postcode": "ZE8 4QT",
}
BEN = {
    "title": "Mr",
    "first_name": "Ben",
    "last_name": "Birch",
    "relationship": "Father",
    "parental_responsibility": True,
    "lives_with_pupil": True,
    "confidential_address": True,
    "address_line_1": "77 Sluice Road",
    "address_line_2": "Upper Thorley",
    "postcode": "ZE7 1LB",
}


def event(day: date, what: str, **words: str) -> dict[str, str]:
    """One entry of a history."""
    return {"on": day.isoformat(), "event": what, **words}


STAGE_1 = [
    event(on(10, 9), "letter_n"),
    event(on(15, 9), "letter_1", by="JM"),
    event(on(16, 9), "parent_contact", method="telephone", recipient="1", by="JM", note="Transport is difficult."),
    event(on(22, 9), "letter_med"),
    event(on(29, 9), "letter_n"),
    event(on(6, 10), "letter_2", by="JM"),
    event(on(8, 10), "home_visit", recipient="1", outcome="did_not_attend", by="Mr Jo Marlowe", note="Nobody was in."),
    event(on(14, 10), "pastoral_meeting", recipient="2", outcome="attended", by="JM", note="Breakfast club offered."),
]
STAGE_2 = [
    *STAGE_1,
    event(on(20, 10), "enforcement_letter_1", by="JM"),
    event(on(2, 11), "enforcement_letter_2", by="JM"),
    event(on(9, 11), "attendance_panel_meeting", outcome="did_not_attend", by="JM"),
    event(on(9, 11), "enforcement_letter_2_dna", by="JM"),
    event(on(10, 11), "early_help_assessment", outcome="refused", by="JM"),
    event(on(12, 11), "support_action", outcome="agreed", by="JM", note="Mentor on Mondays."),
]


def record(**words: Any) -> dict[str, Any]:
    """A pupil with marks, two parents and the history of stage one; `words` are added or put in their place."""
    return {
        "upn": "F999255024867",
        "first_name": "Robin",
        "last_name": "Ash",
        "date_of_birth": "2013-05-02",
        "year_group": "8",
        "registration_group": "8B",
        "child_protection_plan": False,
        "child_in_need": False,
        "contacts": [ANN, BEN],
        "marks": marks(ABSENT),
        "history": STAGE_1,
        **words,
    }


def pupil(policy: str = "bradford", day: date = ON, calendar: SchoolCalendar = TERMS, **words: Any) -> Pupil:
    """That pupil at the desk, on a day."""
    chosen = DESK.policy(policy)
    return Pupil(read_record(record(**words), events=chosen.events), DESK.school(), chosen, day, calendar)


FORMS_FOLDER = Path(__file__).parents[2] / "form_templates"
