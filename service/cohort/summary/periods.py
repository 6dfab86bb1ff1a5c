"""Which days a summary is of: as its columns, its title rows or its file's name say; else nobody knows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from service.attendance.calendar import monday_of
from service.attendance.reading.value_kinds import read_day

_DAY = re.compile(
    r"(?<![\d/.-])(?:\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[/.-]\d{1,2}[/.-](?:\d{4}|\d{2})"
    r"|\d{1,2}(?:st|nd|rd|th)?[ -][A-Za-z]{3,9}[ -](?:\d{4}|\d{2}))(?![\d/-]\d|\d)"
)
_UNTIL = re.compile(r"(?:\bto|until|up to|as at|ending|end date|date to)\W*$", re.I)
_MADE = re.compile(r"\b(?:printed|produced|generated|created|exported|report run|run (?:on|at|by))\b", re.I)
_FROM = re.compile(r"(?:\bfrom|since|start(?:ing)?(?: date)?|date from)\W*$", re.I)


class Period(NamedTuple):
    """The first and the last day that figures are of, each None where nobody says; and who says so."""

    first: date | None
    last: date | None
    source: str = ""


NO_PERIOD = Period(None, None)


def read_period(text: str) -> Period:
    """The period that a text names: two days, or one after "from" or "to"; else none."""
    found = [(match.start(), day) for match in _DAY.finditer(text) if (day := read_day(match[0], british=True))]
    if len(found) == 2 and found[0][1] <= found[1][1]:
        return Period(found[0][1], found[1][1])
    if len(found) != 1:
        return NO_PERIOD
    place, day = found[0]
    if _UNTIL.search(text[:place]):
        return Period(None, day)
    return Period(day, None) if _FROM.search(text[:place]) else NO_PERIOD


def find_period(titles: Sequence[str], name: str) -> Period:
    """The period that the rows above the headings name, else the file's name; `titles` has a text for each row."""
    first = last = None
    for text in titles:
        found = read_period(text)
        first, last = first or found.first, last or found.last
    if first or last:
        return Period(first, last, "the title rows say")
    found = read_period(re.sub(r"[_]+", " ", name))
    return found._replace(source="the file's name says") if found.first or found.last else NO_PERIOD


def find_only_week(texts: Sequence[str]) -> date | None:
    """The Monday of the week that texts name, where all their days lie in one; when a report was made says nothing."""
    days = (match[0] for text in texts if not _MADE.search(text) for match in _DAY.finditer(text))
    weeks = {monday_of(day) for text in days if (day := read_day(text, british=True))}
    return weeks.pop() if len(weeks) == 1 else None


def say_period(first: date | None, last: date | None) -> str:
    """ "01/09/2026 to 13/11/2026", "the days up to 13/11/2026" """
    if first and last:
        return f"{first:%d/%m/%Y} to {last:%d/%m/%Y}"
    return f"the days from {first:%d/%m/%Y}" if first else f"the days up to {last:%d/%m/%Y}"
