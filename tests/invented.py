"""Invented pupils, contacts and marks to test with; each test says only what it is about."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from service.attendance.calendar import CalendarEntry, SchoolCalendar
from service.attendance.reading.records import read_record
from service.attendance.record import AttendanceRecord

ON = date(2026, 11, 20)
CALENDAR = SchoolCalendar(
    (
        CalendarEntry(date(2026, 9, 3), date(2026, 12, 18), True, "Autumn term"),
        CalendarEntry(date(2026, 10, 26), date(2026, 10, 30), False, "Half term"),
        CalendarEntry(date(2027, 1, 5), date(2027, 3, 25), True, "Spring term"),
    )
)
CONTACT = {
    "title": "Ms",
    "first_name": "Jo",
    "last_name": "Ash",
    "parental_responsibility": True,
    "address_line_1": "2 Long Row",
    "address_line_2": "Netherford",
    "postcode": "ZE8 4QT",
}
SUMMARY = {
    "sessions_possible": 104,
    "sessions_attended": 94,
    "sessions_authorised": 7,
    "sessions_unauthorised": 3,
    "sessions_unexplained": 0,
}
MEETING = {"meeting_date": "2026-12-01", "meeting_time": "14:30", "meeting_place": "Room 4"}
WHO = {
    "pupil_reference": "4711",
    "first_name": "Robin",
    "last_name": "Ash",
    "date_of_birth": "2013-05-02",
    "registration_group": "8B",
}


def contact(**words: Any) -> dict[str, Any]:
    """A contact that gets post, with some words changed; None takes a word out."""
    return {word: value for word, value in {**CONTACT, **words}.items() if value is not None}


def make_values(**words: Any) -> dict[str, Any]:
    """A pupil as JSON with one contact and no attendance, with some words changed."""
    return {**WHO, "contacts": [CONTACT], **words}


def make_record(**words: Any) -> AttendanceRecord:
    """That pupil's record."""
    return read_record(make_values(**words))


def make_marks(absences: Iterable[tuple[str, str]], first: date = date(2026, 9, 3), last: date = ON) -> list[Any]:
    """Marks of every school day: present, but for ("2026-10-05 AM", code)."""
    codes = dict(absences)
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return [
        {"date": f"{day}", "session": session, "code": codes.get(f"{day} {session}", present)}
        for day in days
        if CALENDAR.is_open(day)
        for session, present in (("AM", "/"), ("PM", "\\"))
    ]
