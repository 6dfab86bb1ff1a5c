"""The files of an export -> its tables, recognised by their headings, and what is wrong with which file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Protocol

from service.attendance.reading.strict_json import read_json
from service.cohort.columns.aliases import Aliases, shipped_aliases, with_own_aliases
from service.cohort.columns.columns_not_used import say_columns_not_used
from service.cohort.keys import PupilKeys
from service.cohort.row_counts import RowCount
from service.cohort.shapes.json_cohort import is_own_cohort
from service.cohort.shapes.json_table import read_shaped
from service.cohort.shapes.shape_file import find_shape, find_value, shipped_shapes
from service.cohort.sheet import Sheet, find_sheet
from service.cohort.text_file import TextFile, read_text_file
from service.errors import CohortError, Problem
from service.file_access import UnusableFileError, read_bounded

MOST_JSON = 200_000_000
"""Bytes of JSON in one export, which is read whole: a year of marks of 1,500 pupils, as other systems write them."""
_TEXT_ENDINGS = (".csv", ".txt", ".tsv")
NO_HEADINGS: Mapping[str, Sequence[str]] = MappingProxyType({})
_ABOVE = "This row stands above the headings and is not used. Move the headings to the first row."
_OWN_INDEX = (
    "this is the index of an earlier run. Each letter counts as sent on the day it was written; delete the rows of "
    "letters that were not sent."
)
_OLD_ENDINGS = {
    ".xls": "an old Excel workbook",
    ".xlsm": "a workbook with macros",
    ".xlsb": "a binary Excel workbook",
    ".xltx": "an Excel template",
    ".ods": "an OpenDocument spreadsheet",
    ".numbers": "a Numbers spreadsheet",
}


class Table(Protocol):
    """A file, or a sheet of a workbook, that can be read row by row."""

    @property
    def name(self) -> str:
        """What sentences call it."""

    def rows(self) -> Iterator[Sequence[str]]:
        """Every row from the first on, each time anew."""

    def hidden_rows(self) -> Iterator[tuple[int, Sequence[str]]]:
        """The rows that are not shown, with their numbers; `rows` has them empty."""


@dataclass
class CohortFiles:
    """The tables of an export by what they hold, with notices and with the faults of whole files."""

    sheets: dict[str, list[Sheet]] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    shape: str = ""
    """The shape of JSON files, where a person named it."""
    keys: PupilKeys = field(default_factory=PupilKeys)
    """What the list of pupils calls them; every table asks it."""
    pages: dict[str, list[tuple[str, bool]]] = field(default_factory=dict)
    """Of each shape the files that may be pages, and whether each says that it is the last."""
    not_understood: list[RowCount] = field(default_factory=list)
    """The rows of tables whose headings say too little."""
    first_rows: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Of each such table the first row that can be one of headings."""
    json_left: int = MOST_JSON
    """How many bytes of JSON may still be read."""
    own_json: dict[str, Any] | None = None
    """A cohort in this service's own JSON, which is read by itself."""

    def of(self, *kinds: str) -> list[Sheet]:
        """The tables of these kinds, in order."""
        return [sheet for kind in kinds for sheet in self.sheets.get(kind, [])]

    def all(self) -> list[Sheet]:
        """Every table."""
        return self.of(*self.sheets)

    def counts(self) -> list[RowCount]:
        """What became of the rows of every table, by name."""
        return sorted([*(sheet.count for sheet in self.all()), *self.not_understood], key=lambda count: count.name)

    def open_file(self, path: Path, aliases: Aliases) -> None:
        """Take the tables of a file; what is wrong with it is kept."""
        try:
            for table in self._tables_of(path):
                self._take(table, aliases)
        except CohortError as error:
            self.problems.extend(error.problems)

    def _tables_of(self, path: Path) -> Sequence[Table]:
        ending = path.suffix.lower()
        if ending == ".json":
            return self._tables_of_json(path)
        if ending in _OLD_ENDINGS:
            sentence = f"This is {_OLD_ENDINGS[ending]}. Save it as an Excel workbook (.xlsx) or as CSV."
            raise CohortError(Problem("wrong-kind-of-file", sentence, file=path.name))
        if ending == ".xlsx":
            # Imported only here: openpyxl takes a fifth of a second, which no other export should wait for.
            from service.cohort.workbook.workbook import read_workbook

            return read_workbook(path, self.notices)
        text = read_text_file(path)
        if text.notice:
            self.notices.append(text.notice)
        return [text]

    def _tables_of_json(self, path: Path) -> Sequence[Table]:
        """The tables of another system's JSON; a cohort of this service's own is kept as it is."""
        return self._tables_of_values(read_json(self._read_json_file(path), path.name), path.name)

    def take_document(self, values: Any, name: str) -> None:
        """Take the tables of a JSON document that was read already; what is wrong with it is kept."""
        try:
            for table in self._tables_of_values(values, name):
                self._take(table, shipped_aliases())
        except CohortError as error:
            self.problems.extend(error.problems)

    def _tables_of_values(self, values: Any, name: str) -> Sequence[Table]:
        if not self.shape and is_own_cohort(values):
            self.own_json = values
            return ()
        shape = find_shape(self.shape, values)
        if shape is None:
            known = ", ".join(one.name for one in shipped_shapes())
            sentence = (
                f"We do not know which system this JSON comes from. Name its shape ({known}), with --shape or as "
                "?shape= in a request, or export the table as CSV."
            )
            raise CohortError(Problem("unknown-shape", sentence, file=name))
        self.notices.append(f"{name}: read as {shape.title}.")
        if shape.more:
            is_last = not any(find_value(values, pointer) is True for pointer in shape.more)
            self.pages.setdefault(shape.name, []).append((name, is_last))
        return read_shaped(values, shape, name)

    def _read_json_file(self, path: Path) -> bytes:
        try:
            content = read_bounded(path, self.json_left)
        except UnusableFileError as error:
            sentence = f"This cannot be read: {error.strerror}."
            if path.is_file():
                most = f"{MOST_JSON // 1_000_000} MB"
                sentence = f"With this file there are more than {most} of JSON. Export the marks as CSV instead."
            raise CohortError(Problem("too-much-json", sentence, file=path.name)) from None
        self.json_left -= len(content)
        return content

    def find_lost_pages(self) -> None:
        """Name the files that say that there are more pages, where the last one is not there."""
        for pages in self.pages.values():
            if not any(is_last for _, is_last in pages):
                sentence = (
                    "There are more pages than these. Give the files of all pages together, or put all items into "
                    "one file."
                )
                self.problems.append(Problem("more-pages", sentence, file=pages[-1][0]))

    def _take(self, table: Table, aliases: Aliases) -> None:
        if not any(map(any, table.rows())):
            self.notices.append(f"{table.name}: there is nothing in it.")
            return
        try:
            sheet = find_sheet(table.name, table.rows, aliases)
        except CohortError as error:
            self.problems.extend(error.problems)
            with suppress(CohortError):  # the file cannot be read to its end either
                rows = sum(1 for _ in table.rows())
                self.not_understood.append(RowCount(table.name, rows, unread=rows))
                self.first_rows[table.name] = _first_row(table)
            return
        is_delimited = isinstance(table, TextFile)
        sheet = replace(sheet, keys=self.keys, hidden_rows=table.hidden_rows, is_delimited=is_delimited)
        self.problems.extend(sheet.problem("above-headings", _ABOVE, row) for row in sheet.rows_above)
        if sheet.kind == "history" and sheet.headings.has("letter_reference"):
            self.notices.append(f"{sheet.name}: {_OWN_INDEX}")
        else:
            self.notices.extend(say_columns_not_used(sheet.headings, sheet.name, sheet.kind))
        self.sheets.setdefault(sheet.kind, []).append(sheet)


def open_files(path: Path, shape: str = "", headings: Mapping[str, Sequence[str]] = NO_HEADINGS) -> CohortFiles:
    """The tables of a folder or of one file; `headings` are those that the school has kept.

    Raises CohortError when the school's own headings are wrong.
    """
    found, folder = CohortFiles(shape=shape), path if path.is_dir() else path.parent
    own = folder / "headings.toml"
    aliases = with_own_aliases(headings, own if own.is_file() else None)
    for file in _files_of(folder) if path.is_dir() else [path]:
        found.open_file(file, aliases)
    found.find_lost_pages()
    if path.is_dir() and found.own_json is not None:
        found.own_json = None
        found.notices.append("A JSON cohort is read by itself; name the file instead of the folder.")
    return found


def _files_of(folder: Path) -> list[Path]:
    """The files of a folder that may be tables; a logo, a settings file or a program's lock file is none."""
    endings = (*_TEXT_ENDINGS, ".xlsx", ".json", ".xml", ".html", *_OLD_ENDINGS)
    return sorted(
        file
        for file in folder.iterdir()
        if file.is_file() and file.suffix.lower() in endings and not file.name.startswith((".", "~$"))
    )


def _first_row(table: Table) -> tuple[str, ...]:
    """The first row of a table with at least two cells in it, which may be its headings."""
    rows = (tuple(filter(None, map(str.strip, row))) for row in table.rows())
    return next((row for row in rows if len(row) > 1), ())
