"""A list of marks as JSON gives it -> a register."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import lru_cache
from itertools import islice
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from service.attendance.codes import BY_BYTE, CODES, CURRENT_BYTES, REFORM, read_code
from service.attendance.reading.value_kinds import EARLIEST, LATEST, Fault, read_exact_day
from service.attendance.register import Register, build_register
from service.did_you_mean import SURE, did_you_mean
from service.errors import MOST_PROBLEMS, show

LONGEST_DAYS = 8 * 366
"""Registers are kept for six years; more than eight in one record is a mistake in a date."""

SESSIONS = {"AM": 0, "PM": 1, "am": 0, "pm": 1}
_KEYS = frozenset(("date", "session", "code"))
_MOST_SUGGESTIONS = 20

MarkSchema = Schema.from_dict(
    {
        "date": fields.Date(required=True),
        "session": fields.String(required=True, validate=validate.OneOf(("AM", "PM"))),
        "code": fields.String(required=True, metadata={"description": "A register code, for example /."}),
    },
    name="Mark",
)
"""What the document says of a mark; marks are read without it, and am and pm are taken as well."""


class RegisterBuilder:
    """Collects one pupil's marks and what is wrong with them; the longest distance in days is limited."""

    def __init__(self) -> None:
        self.places: dict[tuple[date, int], int] = {}
        self.warnings: dict[str, None] = {}

    def add(self, day: date, half: int, code: str) -> Fault | None:
        """Take one mark; a fault when it is no register code, or another mark stands there already."""
        byte = CURRENT_BYTES.get(code) if day >= REFORM else None
        if byte is None:
            read = read_code(code, day)
            if read is None:
                return unknown_code(code)
            byte = read.byte
            if read.warning:
                self.warnings[read.warning] = None
        if self.places.setdefault((day, half), byte) != byte:
            return two_marks(day, half, BY_BYTE[self.places[day, half]].code, BY_BYTE[byte].code)
        return None

    def build(self) -> Register | None:
        """The register of the marks taken so far; None without any."""
        return build_register((day, half, byte) for (day, half), byte in self.places.items())

    @property
    def is_too_long(self) -> bool:
        """Whether the marks lie further apart than a school can mean."""
        return bool(self.places) and max(self.places)[0] - min(self.places)[0] > timedelta(days=LONGEST_DAYS)


@lru_cache(maxsize=1_000)
def unknown_code(code: str) -> Fault:
    """What to say about a text that is no register code."""
    shown = show(code[:20])
    return Fault("unknown-code", f'"{shown}" is not a register code.{did_you_mean(shown, CODES, SURE)}')


def two_marks(day: date, half: int, first: str, second: str) -> Fault:
    """What to say about two different marks for one session."""
    when = f"{day:%d/%m/%Y} {('AM', 'PM')[half]}"
    return Fault("two-marks", f"There are two different marks for {when}: {first} and {second}. Keep the right one.")


class Marks(fields.List[Any]):
    """Marks as a list of {date, session, code}, checked without marshmallow's cost for each of them."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(fields.Nested(MarkSchema(unknown=RAISE)), **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        if not isinstance(value, list):
            raise ValidationError([Fault("not-a-list", "Give a list of marks, each with date, session and code.")])
        builder, faults = RegisterBuilder(), {}
        for place, mark in enumerate(value):
            if found := list(_add_mark(builder, mark)):
                faults[place] = dict(found)
                if len(faults) > MOST_PROBLEMS:
                    break
        if faults:
            raise ValidationError(faults)
        if builder.is_too_long:
            years = LONGEST_DAYS // 366
            raise ValidationError([Fault("marks-too-far-apart", f"Give marks of at most {years} years.")])
        return builder


def _add_mark(builder: RegisterBuilder, mark: Any) -> Iterator[tuple[str, list[Fault]]]:
    if not isinstance(mark, dict):
        yield "_schema", [Fault("not-a-mark", "Give each mark as date, session and code.")]
        return
    day = read_exact_day(mark.get("date"))
    half = SESSIONS.get(mark["session"]) if isinstance(mark.get("session"), str) else None
    code = mark.get("code")
    if day is None or not EARLIEST <= day <= LATEST:
        yield "date", [Fault("not-a-date", "Enter a real date, for example 2026-11-20.")]
    if half is None:
        yield "session", [Fault("not-a-session", "Enter AM or PM.")]
    if not isinstance(code, str):
        yield "code", [Fault("not-a-code", "Enter a register code, for example /.")]
    if mark.keys() - _KEYS:
        for key in islice((key for key in mark if key not in _KEYS), _MOST_SUGGESTIONS):
            yield str(key), [Fault("unknown-word", f"This is not a field of a mark.{did_you_mean(str(key), _KEYS)}")]
    elif day is not None and half is not None and isinstance(code, str) and (fault := builder.add(day, half, code)):
        yield "code", [fault]
