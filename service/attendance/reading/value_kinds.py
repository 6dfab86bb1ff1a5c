"""The kinds of value that a record holds, as marshmallow fields that complain in a person's words."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any, NoReturn

from marshmallow import ValidationError, fields

from service.attendance.record import Exact
from service.did_you_mean import SURE, did_you_mean
from service.errors import UNUSABLE

EARLIEST, LATEST = date(1990, 1, 1), date(2099, 12, 31)

_TIME = r"(?:[T ]+(?:[01]?\d|2[01]):[0-5]\d(?::[0-5]\d(?:\.\d+)?)?)?"
"""A time behind a day; late in the evening it may be midnight of the day after, told in the time of Greenwich."""
_ISO = re.compile(rf"(\d{{4}})-(\d{{1,2}})-(\d{{1,2}})(?:[T ]00:00(?::00(?:\.0+)?)?Z|{_TIME})")
_EXACT = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_BRITISH = re.compile(rf"(\d{{1,2}})[/.-](\d{{1,2}})[/.-](\d{{4}}|\d{{2}}){_TIME}")
_NAMED = re.compile(
    r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}[\s.,]+)?(\d{1,2})(?:st|nd|rd|th)?[\s/.,-]+([a-z]{3,9})\.?[\s/.,-]+(\d{4}|\d{2})",
    re.I,
)
_MONTHS = "january february march april may june july august september october november december".split()
_SERIAL = re.compile(r"\d{5}")
_SERIAL_START = date(1899, 12, 30)
_FRACTION = re.compile(r"\s*(\d{1,5})\s*/\s*(\d{1,5})\s*")
_COMMA = re.compile(r"\d{1,3},\d{1,4}")
_YES = frozenset(("true", "yes", "y", "1", "t"))
_NO = frozenset(("false", "no", "n", "0", "f"))


class Fault(str):
    """A sentence about a value, with its stable code."""

    __slots__ = ("code",)
    code: str

    def __new__(cls, code: str, detail: str) -> Fault:
        fault = super().__new__(cls, detail)
        fault.code = code
        return fault


def refuse(code: str, detail: str) -> NoReturn:
    """Refuse a value with a sentence that says what to do."""
    raise ValidationError([Fault(code, detail)])


def find_unusable(text: str) -> str:
    """A sentence about the first character that no document can hold, or ""."""
    found = UNUSABLE.search(text)
    if not found:
        return ""
    return f"Remove the character U+{ord(found[0]):04X} (character {found.start() + 1}): it cannot be printed."


LONGEST_TEXT = 2_000
"""Characters that somebody may write in one field."""


def find_text_fault(text: str) -> str:
    """A sentence about what somebody wrote that cannot be kept, or ""."""
    if len(text) > LONGEST_TEXT:
        return f"Enter at most {LONGEST_TEXT} characters; this has {len(text)}."
    return find_unusable(text)


_LINE_BREAK = re.compile(r"[ \t]*[\r\n\t][ \t\r\n]*")
ONE_LINE = 100
"""Text of so many characters at most is a name or a word, and loses its line breaks."""


class Text(fields.String):
    """Text that can be printed, trimmed, at most `longest` characters; names and the like stand on one line."""

    def __init__(self, longest: int = 200, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.longest = longest

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        if not isinstance(value, str):
            refuse("not-text", "Enter text in quotation marks.")
        text = value.strip()
        if len(text) > self.longest:
            refuse("too-long", f"Enter at most {self.longest} characters; this has {len(text)}.")
        if text.isprintable():
            return text
        if self.longest <= ONE_LINE:
            text = _LINE_BREAK.sub(" ", text)
        if fault := find_unusable(text):
            refuse("unusable-character", fault)
        return text


class OneOf(Text):
    """A word of a list, in small letters; another word is refused with the nearest one of the list."""

    def __init__(self, words: Collection[str], noun: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.words = words
        self.noun = noun

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data)
        word = text.lower().replace(" ", "_")
        if word and word not in self.words:
            refuse(
                f"unknown-{self.noun}", f'"{text}" is not a known {self.noun}.{did_you_mean(word, self.words, SURE)}'
            )
        return word


def read_day(text: str, british: bool) -> date | None:
    """The day that a text means: 2026-11-20, or where `british` also 20/11/2026 and 20th November 2026; else None."""
    if iso := _ISO.fullmatch(text):
        year, month, day = map(int, iso.groups())
    elif british and (found := _BRITISH.fullmatch(text)):
        day, month, year = map(int, found.groups())
    elif british and (found := _NAMED.fullmatch(text)) and (month := month_number(found[2])):
        day, year = int(found[1]), int(found[3])
    else:
        return None
    try:
        return date(year if iso or year >= 100 else 2000 + year, month, day)
    except ValueError:
        return None


def month_number(name: str) -> int:
    """The number of a month from its English name, whole or cut to three or four letters; 0 for another word."""
    word = name.casefold()
    return next((n for n, month in enumerate(_MONTHS, 1) if word in (month, month[:3], month[:4])), 0)


def read_serial_day(text: str) -> date | None:
    """The day of a serial number, as a spreadsheet holds days once their format is lost; None for another number."""
    if not _SERIAL.fullmatch(text):
        return None
    day = _SERIAL_START + timedelta(days=int(text))
    return day if EARLIEST <= day <= LATEST else None


def read_exact_day(value: object) -> date | None:
    """The day that JSON means by 2026-11-20, and by no other writing of it. Source: RFC 3339, full-date."""
    return read_day(value, british=False) if isinstance(value, str) and _EXACT.fullmatch(value) else None


def read_loose_day(text: str) -> date | None:
    """The day that a cell means, written in any of these ways or as a serial number."""
    return read_day(text, british=True) or read_serial_day(text)


class Day(fields.Date):
    """A day between 1990 and 2099, as JSON writes it; when `british`, as people and spreadsheets write it too."""

    def __init__(self, british: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.british = british

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> date:
        if isinstance(value, date):
            day = date(value.year, value.month, value.day)
        else:
            is_loose = self.british and isinstance(value, str)
            found = read_loose_day(value.strip()) if is_loose else read_exact_day(value)
            if found is None:
                forms = "20/11/2026 or 2026-11-20" if self.british else "2026-11-20"
                refuse("not-a-date", f"Enter a real date, for example {forms}.")
            day = found
        if not EARLIEST <= day <= LATEST:
            refuse("date-out-of-range", f"Enter a date between 1990 and 2099; this is in {day.year}.")
        return day


def is_yes(text: str) -> bool:
    """Whether a cell says yes."""
    return text.strip().lower() in _YES


def is_no(text: str) -> bool:
    """Whether a cell says no."""
    return text.strip().lower() in _NO


class YesNo(fields.Boolean):
    """True or false; from a file also yes, no, y, n, 1, 0."""

    def __init__(self, loose: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.loose = loose

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        if isinstance(value, bool):
            return value
        if self.loose and (word := str(value).strip().lower()) in _YES | _NO:
            return word in _YES
        refuse("not-yes-or-no", "Answer yes or no." if self.loose else "Answer true or false.")


class Count(fields.Integer):
    """A whole number of sessions, spells or weeks, from 0 to 10,000."""

    limit = 10_000

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        number = read_number(value)
        if number is None or number.denominator != 1:
            refuse("not-a-number", "Enter a whole number, for example 190.")
        if not 0 <= number <= self.limit:
            refuse("number-out-of-range", f"Enter a whole number from 0 to {self.limit:,}.")
        return int(number)


class Percentage(fields.Decimal):
    """A percentage from 0 to 100, kept exact; "92.3%", "92,3" and "96/104" are as good as 92.3."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        number = read_percentage(value)
        if number is None:
            refuse("not-a-percentage", "Enter a percentage, for example 92.3.")
        if not 0 <= number <= 100:
            refuse("percentage-out-of-range", "Enter a percentage from 0 to 100.")
        return number


def read_percentage(value: object) -> Exact | None:
    """The percentage that a value means, as a number of hundredths; None for what is none."""
    if not isinstance(value, str):
        return read_number(value)
    text = value.strip().removesuffix("%").strip()
    if (parts := _FRACTION.fullmatch(text)) and int(parts[2]):
        return Fraction(100 * int(parts[1]), int(parts[2]))
    return read_number(text.replace(",", ".") if _COMMA.fullmatch(text) else text)


def read_number(value: object) -> Exact | None:
    """The exact number that a value means; None for text that is no number, for true, false and not-a-number."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 10:
        return int(value)
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal) or len(str(value)) > 30:
        return None
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation:
        return None
    return Fraction(number) if number.is_finite() and abs(number.adjusted()) < 20 else None
