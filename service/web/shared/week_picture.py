"""The attendance picture: a column for each school week, ten sessions in it, and the same as a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from service.attendance.calendar import SchoolCalendar, monday_of, school_year_of
from service.attendance.codes import CODES, Kind
from service.attendance.record import Event
from service.attendance.register import Register
from service.attendance.words import LETTERS
from service.decisions.wording import MONTHS
from service.web.shared.page_words import NO_LABELS, event_name, short_day

CELL, GAP, LEFT, TOP = 13, 3, 46, 34
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri")
_CLASSES = {
    Kind.PRESENT: "attended",
    Kind.APPROVED_ACTIVITY: "attended",
    Kind.AUTHORISED: "authorised",
    Kind.UNAUTHORISED: "unauthorised",
}


class Cell(NamedTuple):
    """A session in the picture: where it is, of which class, and what it says."""

    x: int
    y: int
    kind: str
    title: str


class Mark(NamedTuple):
    """A letter above a week, or the first week of a month."""

    x: int
    text: str


class Week(NamedTuple):
    """A week in the table: its Monday and the codes of each day."""

    monday: date
    days: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything that the template draws."""

    width: int
    height: int
    cells: tuple[Cell, ...]
    letters: tuple[Mark, ...]
    months: tuple[Mark, ...]
    rows: tuple[tuple[str, int], ...]
    weeks: tuple[Week, ...]
    first: date
    last: date


def draw(
    register: Register | None,
    calendar: SchoolCalendar,
    history: Iterable[Event],
    on: date,
    labels: Mapping[str, str] = NO_LABELS,
) -> Picture | None:
    """The picture of this school year's marks, with the letters as the policy calls them; None where there are none."""
    if register is None or register.last < school_year_of(on):
        return None
    first = max(register.start, monday_of(school_year_of(on)))
    mondays = [first + timedelta(weeks=number) for number in range((min(on, register.last) - first).days // 7 + 1)]
    marks = {(mark.day, mark.session): mark.code for mark in register.marks_between(first, on)}
    shown = [monday for monday in mondays if any(_in_week(day, monday) for day, _ in marks)]
    columns = {monday: LEFT + place * (CELL + GAP) for place, monday in enumerate(shown)}
    return Picture(
        width=LEFT + len(shown) * (CELL + GAP) + 8,
        height=TOP + 10 * (CELL + GAP) + 8,
        cells=tuple(_cells(columns, marks, calendar, on)),
        letters=tuple(_letters(columns, history, labels)),
        months=tuple(_months(columns)),
        rows=tuple((name, TOP + number * 2 * (CELL + GAP) + 17) for number, name in enumerate(DAYS)),
        weeks=tuple(_week(monday, marks) for monday in shown),
        first=shown[0] if shown else first,
        last=min(on, register.last),
    )


Marks = dict[tuple[date, str], str]


def _in_week(day: date, monday: date) -> bool:
    return monday <= day < monday + timedelta(days=7)


def _cells(columns: dict[date, int], marks: Marks, calendar: SchoolCalendar, on: date) -> Iterator[Cell]:
    for monday, x in columns.items():
        for place in range(10):
            day, session = monday + timedelta(days=place // 2), ("AM", "PM")[place % 2]
            if day > on:
                continue
            code = marks.get((day, session), "")
            y = TOP + place * (CELL + GAP)
            yield Cell(x, y, *_look(code, day, session, calendar))


def _look(code: str, day: date, session: str, calendar: SchoolCalendar) -> tuple[str, str]:
    """The class of a session, and what it says."""
    when = f"{short_day(day)}, {'morning' if session == 'AM' else 'afternoon'}"
    if not code:
        is_closed = calendar.is_known and not calendar.is_open(day)
        return ("closed", f"{when}: closed") if is_closed else ("unknown", f"{when}: no mark")
    known = CODES[code]
    kind = "late" if code == "L" else _CLASSES.get(known.kind, "closed")
    return kind, f"{when}: {code}, {known.meaning}"


def _letters(columns: dict[date, int], history: Iterable[Event], labels: Mapping[str, str]) -> Iterator[Mark]:
    for event in history:
        x = columns.get(monday_of(event.on))
        if event.event in LETTERS and x is not None:
            yield Mark(x, f"{event_name(event.event, labels)}, {short_day(event.on)}")


def _months(columns: dict[date, int]) -> Iterator[Mark]:
    seen, free = set[tuple[int, int]](), 0
    for monday, x in columns.items():
        friday = monday + timedelta(days=4)
        if (friday.year, friday.month) not in seen:
            seen.add((friday.year, friday.month))
            if x >= free:
                yield Mark(x, MONTHS[friday.month - 1][:3])
                free = x + 30


def _week(monday: date, marks: Marks) -> Week:
    days = [monday + timedelta(days=number) for number in range(5)]
    return Week(monday, tuple(" ".join(marks.get((day, half), "–") for half in ("AM", "PM")) for day in days))
