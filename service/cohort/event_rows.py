"""What was sent and done before: the tables that say so, and what a person says where none does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from service.cohort.broken_cells import find_broken_cells
from service.cohort.day_order import refuse_month_first
from service.cohort.record_rows import RowFaults
from service.cohort.row_counts import LeftOut
from service.cohort.sheet import Sheet
from service.errors import Problem

_EVENT_WORDS = ("on", "event", "outcome", "recipient", "by", "method", "note")
_SAYS_WHAT_WAS_DONE = frozenset(("on", "event", "outcome", "by", "method"))
"""Words of which one is enough to say that something was done; an index has recipients and notes without letters."""
_BARE = "Say what was done and on which day, or delete this row."
_BOTH = "This table says what was sent before. Leave out --nothing-sent-yet, or the table."


@dataclass(frozen=True, slots=True)
class Past:
    """How an export's history is read: what the policy calls its letters, and whether nothing was sent before."""

    letter_names: Mapping[str, str] = field(default_factory=dict)
    nothing_sent: bool = False

    def faults(self, sheets: Sequence[Sheet]) -> Iterator[Problem]:
        """What cannot be true together: a history, and that nothing was sent."""
        for sheet in sheets if self.nothing_sent else ():
            yield Problem("two-histories", _BOTH, file=sheet.name)

    def complete(self, pupil: Any) -> Any:
        """A pupil of JSON with the empty history that a person vouches for."""
        return {"history": [], **pupil} if self.nothing_sent and isinstance(pupil, dict) else pupil


class EventRow(NamedTuple):
    """One thing that was done: the row, the table, and the event as a record holds it."""

    number: int
    sheet: Sheet
    event: dict[str, str]


def read_history(sheets: Sequence[Sheet], faults: RowFaults, past: Past) -> dict[str, list[EventRow]]:
    """What was done, by pupil; a row that says nothing of the kind is about a pupil to whom nothing was sent.

    Raises CohortError where the days have the month first.
    """
    history: dict[str, list[EventRow]] = {}
    for sheet in sheets:
        refuse_month_first(sheet, "on" if sheet.headings.has("on") else "date")
        places = event_places(sheet)
        for number, row in sheet.rows(sheet.count):
            event = {word: row[place] for word, place in places.items() if place < len(row) and row[place].strip()}
            if not _SAYS_WHAT_WAS_DONE & event.keys() and not any(find_broken_cells(sheet, number, row)):
                sheet.count.leave_out(LeftOut.NO_EVENT)
                continue
            key = faults.key_of(sheet, number, row)
            if (
                key
                and not faults.keep_broken(key, sheet, number, row)
                and not _keep_bare(key, sheet, number, event, faults)
            ):
                name = event.get("event", "").strip()
                event |= {"event": past.letter_names.get(name.lower(), name)} if name else {}
                history.setdefault(key, []).append(EventRow(number, sheet, event))
                sheet.count.use(key)
    return history


def _keep_bare(key: str, sheet: Sheet, number: int, event: Mapping[str, str], faults: RowFaults) -> bool:
    """Keep it as a fault when a row says how something went, and not what or when; whether it is one."""
    if "on" in event or "event" in event:
        return False
    heading = sheet.headings.heading_of("event")
    return faults.keep(key, sheet, number, [sheet.problem("no-event", _BARE, number, heading)])


def event_places(sheet: Sheet) -> dict[str, int]:
    """The columns of a table of events."""
    places = {word: place for word in _EVENT_WORDS if (place := sheet.headings.places.get(word)) is not None}
    if "on" not in places:
        places["on"] = sheet.headings.places["date"]
    return places
