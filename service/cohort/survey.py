"""A first look through the rows of a table about pupils: what can be told only by all of them together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from service.cohort.names import NAME_WORDS, is_mangled
from service.cohort.percentages import PercentageColumn
from service.cohort.sheet import Sheet

_PERCENTAGE = "attendance_percentage"
_MOST_NAMED = 10


@dataclass(slots=True)
class Survey:
    """Which pupils stand in which rows, whose names are mangled, and how percentages are written."""

    first_rows: dict[str, int] = field(default_factory=dict)
    repeated: dict[str, list[int]] = field(default_factory=dict)
    mangled: dict[str, int] = field(default_factory=dict)
    percentages: dict[str, PercentageColumn] = field(default_factory=dict)

    @property
    def shares(self) -> frozenset[str]:
        """The columns of percentages that are written as shares."""
        return frozenset(word for word, column in self.percentages.items() if column.is_share)

    @property
    def mixed(self) -> frozenset[str]:
        """The columns that mix percentages and shares."""
        return frozenset(word for word, column in self.percentages.items() if column.is_mixed)

    def notices(self, sheet: Sheet) -> Iterator[str]:
        """What a person should know about how the table was read."""
        for word in sorted(self.shares):
            what = f"{sheet.name}: column {sheet.headings.heading_of(word)}"
            yield f"{what} holds shares from 0 to 1, not percentages; they were multiplied by 100."


def survey_rows(sheet: Sheet) -> Survey:
    """What the rows of a table say together. Raises CohortError where the table cannot be read to its end."""
    survey, places = Survey(), sheet.headings.places
    names = [places[word] for word in (*NAME_WORDS, "full_name") if word in places]
    percentages = [(word, place) for word, place in places.items() if word.startswith(_PERCENTAGE)]
    survey.percentages = {word: PercentageColumn() for word, _ in percentages}
    for number, row in sheet.rows():
        width, key = len(row), sheet.key_of(row)
        if key and survey.first_rows.setdefault(key, number) != number:
            survey.repeated.setdefault(key, [survey.first_rows[key]]).append(number)
        for word, place in percentages:
            if place < width and row[place]:
                survey.percentages[word].see(row[place])
        for place in names:
            if place < width and (not row[place].isascii() or "?" in row[place]) and is_mangled(row[place]):
                survey.mangled[key] = number
    return survey


def say_mangled(rows: list[int], file: str) -> str:
    """What to say about names with lost letters that no other file has right."""
    shown = ", ".join(map(str, rows[:_MOST_NAMED])) + (" and others" if len(rows) > _MOST_NAMED else "")
    row = "row" if len(rows) == 1 else "rows"
    return f"{file}, {row} {shown}: letters of a name were lost in the export (a ? or the like). Please correct them."
