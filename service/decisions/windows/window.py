"""Windows of time as rules write them: "school year", "last 10 school weeks", "since letter_1"."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date, timedelta
from typing import NamedTuple

from service.attendance.calendar import SchoolCalendar
from service.attendance.record import Event
from service.did_you_mean import did_you_mean

LAST_LETTER = "the last letter"
_PLAIN = ("school year", "term", "half term", "register")
_LAST = re.compile(r"last (\d{1,4}) ([a-z ]+?)")
_FIRST = re.compile(r"first (\d{1,4}) ([a-z ]+?) since (the arrival of )?([a-z0-9_ ,]+)")
_RUN = re.compile(r"from day (\d{1,4}) of the unauthorised run")
_UNITS = ("weeks", "school weeks", "school days", "days", "months", "years")


class Window(NamedTuple):
    """A window: its kind, how many units, and what it is counted from.

    `after` holds the events that a "since" window begins after; for other kinds it only cuts the window off at the
    latest of them, so that the same absences are not counted twice. `from_arrival` counts a "first" window from the day
    on which the letter is taken to arrive.
    """

    kind: str
    number: int = 0
    unit: str = ""
    after: tuple[str, ...] = ()
    from_arrival: bool = False

    @property
    def suffix(self) -> str | None:
        """How a summary's words for this window end, such as "_last_10_weeks"; None when it has no words for it."""
        if self.kind == "school year":
            return ""
        if self.kind == "last" and self.unit in ("weeks", "school weeks"):
            return f"_last_{self.number}_{self.unit.replace(' ', '_')}"
        return "_since_last_letter" if self.kind == "since" else None


SCHOOL_YEAR = Window("school year")


class Span(NamedTuple):
    """The days of a window, both included, and the event that it was counted from."""

    first: date
    last: date
    window: Window = SCHOOL_YEAR
    anchor: Event | None = None


def first_days(window: Window, since: date, calendar: SchoolCalendar) -> tuple[date, date]:
    """The first and last day of a "first" window that is counted from a day: what a letter says and a rule counts."""
    begins = calendar.arrival_of(since) if window.from_arrival else since
    if window.unit == "school days":
        return calendar.school_day_after(begins, 1), calendar.school_day_after(begins, window.number)
    days = window.number * (7 if window.unit == "weeks" else 1)
    return begins + timedelta(days=1), begins + timedelta(days=days)


def read_window(text: str, anchors: Collection[str]) -> Window | str:
    """The window that a rule's text means, or a sentence about what is wrong with it.

    `anchors` are the events, letters and milestones that a window may be counted from.
    """
    if text in _PLAIN:
        return Window(text)
    if text.startswith("since "):
        return _with_anchors(Window("since"), text.removeprefix("since "), anchors)
    if found := _LAST.fullmatch(text):
        return _with_unit(Window("last", int(found[1]), found[2]))
    if found := _FIRST.fullmatch(text):
        window = _with_unit(Window("first", int(found[1]), found[2], from_arrival=bool(found[3])))
        return window if isinstance(window, str) else _with_anchors(window, found[4], anchors)
    if found := _RUN.fullmatch(text):
        return Window("run", max(1, int(found[1])))
    known = (
        *_PLAIN,
        "last 10 weeks",
        "last 10 school weeks",
        f"since {LAST_LETTER}",
        "first 15 school days since the arrival of notice_to_improve",
        "from day 10 of the unauthorised run",
    )
    return f'"{text}" is not a window.{did_you_mean(text, known)}'


def read_anchors(text: str, anchors: Collection[str]) -> tuple[str, ...] | str:
    """The events named in "letter_1, letter_2", or a sentence about the one that is not known."""
    names = tuple(name.strip() for name in text.split(","))
    for name in names:
        if name != LAST_LETTER and name not in anchors:
            return f'"{name}" is not a known event.{did_you_mean(name, (*anchors, LAST_LETTER))}'
    return names


def _with_anchors(window: Window, text: str, anchors: Collection[str]) -> Window | str:
    names = read_anchors(text, anchors)
    return names if isinstance(names, str) else window._replace(after=names)


def _with_unit(window: Window) -> Window | str:
    if window.unit not in _UNITS:
        return f'"{window.unit}" is not a unit of time.{did_you_mean(window.unit, _UNITS)}'
    if not 1 <= window.number <= 600:
        return f"A window holds 1 to 600 {window.unit}, not {window.number}."
    return window
