"""A line of a calendar, from a row or from JSON -> its entry, or what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from itertools import islice
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from service.attendance.calendar import CalendarEntry, SchoolCalendar
from service.attendance.reading.value_kinds import Fault, read_day, read_exact_day, refuse
from service.did_you_mean import did_you_mean
from service.errors import MOST_PROBLEMS

KINDS = ("term", "closed")


class CalendarEntrySchema(Schema):
    """A term, or days on which the school is closed."""

    from_ = fields.Date(data_key="from", required=True)
    to = fields.Date(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    name = fields.String()


_MOST_SUGGESTIONS = 20
_WORDS = tuple(field.data_key or word for word, field in CalendarEntrySchema().fields.items())


class Calendar(fields.List[Any]):
    """A school's calendar as JSON writes it: a list of entries."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(fields.Nested(CalendarEntrySchema()), **kwargs)

    def _validate_missing(self, value: Any) -> None:
        if value is None:
            refuse("wrong-shape", "Give the calendar as a list.")

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        if not isinstance(value, list):
            refuse("wrong-shape", "Give the calendar as a list.")
        entries, faults = [], {}
        for place, item in enumerate(value):
            try:
                entries.append(_read_item(item))
            except ValidationError as error:
                faults[place] = error.messages
                if len(faults) > MOST_PROBLEMS:
                    break
        if faults:
            raise ValidationError(faults)
        return SchoolCalendar(tuple(entries))


def read_entry(cells: Mapping[str, str]) -> CalendarEntry | str:
    """The entry of a row with from, to, kind and name, or a sentence about what is wrong with it."""
    first, last = (read_day(cells.get(word, "").strip(), british=True) for word in ("from", "to"))
    return _build_entry(first, last, cells.get("kind", "").lower(), cells.get("name", ""))


def _read_item(item: Any) -> CalendarEntry:
    if not isinstance(item, dict):
        refuse("calendar-problem", "Give each entry as an object with from, to and kind.")
    faults: dict[str, list[Fault]] = {
        word: [Fault("unknown-word", f'"{word}" is not a field of a calendar.{did_you_mean(word, _WORDS)}')]
        for word in islice((word for word in item if word not in _WORDS), _MOST_SUGGESTIONS)
    }
    name, kind = item.get("name", ""), item.get("kind")
    if not isinstance(name, str):
        faults["name"] = [Fault("not-text", "Enter text in quotation marks.")]
    first, last = (read_exact_day(item.get(word)) for word in ("from", "to"))
    entry = _build_entry(first, last, kind if isinstance(kind, str) else "", name)
    if isinstance(entry, str):
        faults["_schema"] = [Fault("calendar-problem", entry)]
    if faults or isinstance(entry, str):
        raise ValidationError(faults)
    return entry


def _build_entry(first: date | None, last: date | None, kind: str, name: str) -> CalendarEntry | str:
    if first is None or last is None:
        return "Enter real dates under from and to, for example 2026-09-02."
    if last < first:
        return f"The last day ({last:%d/%m/%Y}) is before the first ({first:%d/%m/%Y})."
    if (last - first).days > 366:
        return "Check the dates: a term or closure cannot last more than a year."
    if kind not in KINDS:
        kind = kind[:60]
        return f'"{kind}" is not a kind of day: write term or closed.{did_you_mean(kind, KINDS)}'
    return CalendarEntry(first, last, kind == "term", name)
