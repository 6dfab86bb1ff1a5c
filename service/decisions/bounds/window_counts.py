"""The counts of a window from those of a report about other days: what lies outside is bounded by the calendar.

S are the report's days and W the window's. At most d sessions of S lie outside W, and w of W outside S: a count X of
the report is from X - d to X + w in the window, and never more than the school was open.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from service.attendance.calendar import SchoolCalendar
from service.decisions.bounds.counts import RUNS, Counts
from service.decisions.bounds.interval import MOST, Interval

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Overlap:
    """How the days of a report and of a window lie to each other, in sessions at most."""

    outside_window: int
    outside_report: int
    shared: int

    @property
    def is_same(self) -> bool:
        """Whether both hold the same sessions."""
        return not self.outside_window and not self.outside_report


SAME = Overlap(0, 0, MOST)


def find_overlap(report: tuple[date, date], window: tuple[date, date], calendar: SchoolCalendar) -> Overlap:
    """The overlap of two spans of days, both ends included.

    Days after the report's end do not count: as with marks, it tells what is known by then. A window that begins
    after it is not known at all.
    """
    (first, last), (begin, end) = report, window
    before, after = (first, min(last, begin - _DAY)), (max(first, end + _DAY), last)
    missing = [(begin, min(end, first - _DAY))]
    if begin > last:
        missing.append((begin, end))
    return Overlap(
        sum(_open_sessions(calendar, *days) for days in (before, after)),
        sum(_open_sessions(calendar, *days, True) for days in missing),
        _open_sessions(calendar, max(first, begin), min(last, end)),
    )


@lru_cache(maxsize=1024)
def _open_sessions(calendar: SchoolCalendar, first: date, last: date, only_terms: bool = False) -> int:
    """The most sessions that a pupil can have on these days; before the first term of a calendar there are none."""
    if only_terms and calendar.is_known:
        first = max(first, calendar.terms[0].first)
    return 2 * calendar.count_open_days(first, last) if first <= last else 0


def cut(counts: Counts, overlap: Overlap) -> Counts:
    """The counts of the window."""
    if overlap.is_same:
        return counts
    found = {}
    for word, count in counts.items():
        least = max(0, count.low - overlap.outside_window) if word not in RUNS else 0
        most = min(count.high, overlap.shared) if word not in RUNS else count.high
        found[word] = Interval(min(least, most), most + overlap.outside_report)
    return found


def merge(counts: list[Counts]) -> dict[str, Interval]:
    """What several reports say together about the same window; the first is believed where they contradict."""
    found: dict[str, Interval] = {}
    for own in counts:
        for word, count in own.items():
            found[word] = found[word].within(count) if word in found else count
    return _tighten(found) if "sessions_possible" in found else found


_WHOLES = {
    "sessions_authorised": "sessions_absent",
    "sessions_unauthorised": "sessions_absent",
    "sessions_illness": "sessions_authorised",
    "sessions_medical": "sessions_authorised",
    "sessions_unexplained": "sessions_unauthorised",
    "sessions_holiday": "sessions_unauthorised",
    "sessions_late_after_close": "sessions_unauthorised",
    "sessions_late": "sessions_attended",
}


def _tighten(found: dict[str, Interval]) -> dict[str, Interval]:
    """A part is at most its whole, and the absent sessions are what was not attended."""
    possible, attended = found["sessions_possible"], found["sessions_attended"]
    missed = Interval(max(0, possible.low - attended.high), max(0, possible.high - attended.low))
    found["sessions_absent"] = found["sessions_absent"].within(missed)
    for part, whole in _WHOLES.items():
        found[part] = found[part].within(Interval(0, found[whole].high))
    unauthorised, absent = found["sessions_unauthorised"], found["sessions_absent"]
    authorised = found["sessions_authorised"]
    left = Interval(max(0, absent.low - authorised.high), max(0, absent.high - authorised.low))
    found["sessions_unauthorised"] = unauthorised.within(left)
    return found
