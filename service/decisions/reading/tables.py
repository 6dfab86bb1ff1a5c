"""Reads a rules file's tables strictly: every key is asked for by name, and what is left over is a mistake."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any

from service.attendance.reading.strict_toml import UnreadableTomlError, read_toml
from service.attendance.reading.value_kinds import EARLIEST, LATEST
from service.attendance.record import Exact
from service.decisions.facts import exact
from service.decisions.windows.durations import UNITS, Duration
from service.did_you_mean import did_you_mean
from service.errors import Problem

_LONGEST = 3_660
"""Of each part of a length of time; ten years of days."""
_FRACTION = re.compile(r"[1-9]\d{0,5}/[1-9]\d{0,5}")


class Table:
    """A table of a rules file, where it stands, and the problems found in the whole file so far."""

    def __init__(self, values: dict[str, Any], file: str, where: str, problems: list[Problem]) -> None:
        self.values = values
        self.file = file
        self.where = where
        self.problems = problems
        self.asked: set[str] = set()

    def refuse(self, code: str, key: str, detail: str) -> None:
        """Note a problem with one key of this table."""
        place = f'{self.where}, key "{key}"' if self.where else f'key "{key}"'
        self.problems.append(Problem(code, detail, file=self.file, column=place))

    def close(self) -> None:
        """Refuse every key that nobody asked for."""
        for key in self.values.keys() - self.asked:
            self.refuse("unknown-key", key, f'"{key}" is not a key we recognise here.{did_you_mean(key, self.asked)}')

    def take(self, key: str, kind: type | tuple[type, ...], name: str, required: bool = False) -> Any:
        """The value of a key when it has the right type; None when it is absent or wrong."""
        self.asked.add(key)
        value = self.values.get(key)
        if value is None:
            if required:
                self.refuse("missing-key", key, f"Add {key}: {name}.")
            return None
        wrong_bool = isinstance(value, bool) and kind is not bool
        if not isinstance(value, kind) or wrong_bool:
            self.refuse("wrong-type", key, f"{key} must be {name}, not {value!r}.")
            return None
        return value

    def text(self, key: str, required: bool = False) -> str:
        """A text, "" when absent."""
        found: str = self.take(key, str, "a text in quotation marks", required) or ""
        if required and self.values.get(key) == "":
            self.refuse("missing-key", key, f"Write something for {key}; it is empty.")
        return found

    def flag(self, key: str) -> bool:
        """True or false; false when absent."""
        return bool(self.take(key, bool, "true or false"))

    def whole(self, key: str, required: bool = False) -> int | None:
        """A whole number, not negative."""
        number: int | None = self.take(key, int, "a whole number", required)
        if number is not None and number < 0:
            self.refuse("wrong-number", key, f"{key} must not be negative.")
            return None
        return number

    def number(self, key: str, required: bool = False) -> Exact | None:
        """An exact number; one that no decimal can write is a fraction such as "100/3"."""
        number = self.take(key, (int, float, str), "a number", required)
        if isinstance(number, str) and not _FRACTION.fullmatch(number):
            self.refuse("wrong-type", key, f"{key} must be a number, not {number!r}.")
            return None
        return None if number is None else exact(number)

    def day(self, key: str, required: bool = False) -> date | None:
        """A date without a time."""
        day = self.take(key, date, "a date such as 2024-09-01", required)
        if isinstance(day, datetime):
            self.refuse("wrong-type", key, f"{key} must be a date without a time.")
            return None
        if day and not EARLIEST <= day <= LATEST:
            self.refuse("wrong-day", key, f"{key} must lie between {EARLIEST:%Y} and {LATEST:%Y}.")
            return None
        return day if isinstance(day, date) else None

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; one text alone counts as a list of one."""
        value = self.take(key, (list, str), "a text or a list of texts")
        if isinstance(value, str):
            return (value,)
        if value and not all(isinstance(item, str) for item in value):
            self.refuse("wrong-type", key, f"{key} must be a list of texts.")
            return ()
        return tuple(value or ())

    def words(self, key: str, known: Collection[str], noun: str) -> tuple[str, ...]:
        """A list of words, each of which must be known."""
        found = self.texts(key)
        for word in found:
            if word not in known:
                self.refuse(f"unknown-{noun}", key, f'"{word}" is not a known {noun}.{did_you_mean(word, known)}')
        return tuple(word for word in found if word in known)

    def word(self, key: str, known: Collection[str], noun: str, required: bool = False) -> str:
        """A word that must be known, "" when absent."""
        found = self.text(key, required)
        is_given = bool(found) or (self.values.get(key) == "" and not required)
        if is_given and found not in known:
            self.refuse(f"unknown-{noun}", key, f'"{found}" is not a known {noun}.{did_you_mean(found, known)}')
            return ""
        return found

    def table(self, key: str, where: str = "") -> Table | None:
        """The table under a key."""
        values = self.take(key, dict, "a table")
        return None if values is None else Table(values, self.file, where or self._below(key), self.problems)

    def tables(self, key: str, name: str = "") -> list[Table]:
        """The list of tables under a key, each named after its id or its place."""
        values = self.take(key, list, "a list of tables") or []
        return list(self._named(values, key, name))

    def _named(self, values: Iterable[Any], key: str, name: str) -> Iterable[Table]:
        for place, value in enumerate(values, 1):
            if not isinstance(value, dict):
                self.refuse("wrong-type", key, f"Item {place} of {key} must be a table.")
                continue
            label = value.get("id") or value.get("name") or value.get("from") or place
            where = f'{name} "{label}"' if name else f"{key} {place}"
            yield Table(value, self.file, f"{self.where}, {where}" if self.where else where, self.problems)

    def duration(self, key: str) -> Duration | None:
        """A length of time such as {weeks = 2}."""
        table = self.table(key)
        return None if table is None else table.read_duration()

    def read_duration(self) -> Duration | None:
        """This table as a length of time; its other keys must have been asked for before."""
        in_post = self.flag("in_post")
        numbers = {unit: number for unit in UNITS if (number := self.whole(unit)) is not None}
        for unit in (unit for unit, number in numbers.items() if number > _LONGEST):
            self.refuse("wrong-number", unit, f"{unit} must be at most {_LONGEST:,}.")
            numbers[unit] = _LONGEST
        self.close()
        if not numbers:
            self.refuse("missing-key", "weeks", f"Give a length of time in {', '.join(UNITS)}.")
            return None
        return Duration(**numbers, in_post=in_post)

    def _below(self, key: str) -> str:
        return f"{self.where}, {key}" if self.where else key


def open_table(path: Path, problems: list[Problem]) -> Table:
    """A TOML file as a table, empty where it is missing or is not TOML: that goes to `problems`."""
    values: dict[str, Any] = {}
    try:
        values = read_toml(path)
    except FileNotFoundError:
        problems.append(Problem("missing-file", "There is no such rules file.", file=path.name))
    except UnreadableTomlError as error:
        problems.append(Problem("not-toml", str(error), file=path.name))
    return Table(values, path.name, "", problems)
