"""The files of an export -> its tables, recognised by their headings, and what is wrong with which file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from service.cohort.columns.aliases import Aliases, shipped_aliases, with_own_aliases
from service.cohort.columns.headings import say_headings_not_used
from service.cohort.keys import PupilKeys
from service.cohort.sheet import Sheet, find_sheet
from service.cohort.text_file import read_text_file
from service.errors import CohortError, Problem

_TEXT_ENDINGS = (".csv", ".txt", ".tsv")
_ABOUT_PUPILS = ("pupils", "summary", "wide marks", "contacts")
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


@dataclass
class CohortFiles:
    """The tables of an export by what they hold, with notices and with the faults of whole files."""

    sheets: dict[str, list[Sheet]] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    keys: PupilKeys = field(default_factory=PupilKeys)
    """What the list of pupils calls them; every table asks it."""
    cohort_file: Path | None = None
    """A cohort in this service's own JSON, which is read by itself."""

    def of(self, *kinds: str) -> list[Sheet]:
        """The tables of these kinds, in order."""
        return [sheet for kind in kinds for sheet in self.sheets.get(kind, [])]

    def all(self) -> list[Sheet]:
        """Every table."""
        return self.of(*self.sheets)

    def open_file(self, path: Path, aliases: Aliases) -> None:
        """Take the tables of a file; what is wrong with it is kept."""
        try:
            for table in self._tables_of(path):
                self._take(table, aliases)
        except CohortError as error:
            self.problems.extend(error.problems)

    def _tables_of(self, path: Path) -> Sequence[Table]:
        ending = path.suffix.lower()
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

    def _take(self, table: Table, aliases: Aliases) -> None:
        if not any(any(row) for row, _ in zip(table.rows(), range(100), strict=False)):
            self.notices.append(f"{table.name}: there is nothing in it.")
            return
        try:
            sheet = find_sheet(table.name, table.rows, aliases)
        except CohortError as error:
            self.problems.extend(error.problems)
            return
        sheet = replace(sheet, keys=self.keys)
        self.notices.extend(say_headings_not_used(sheet.headings, sheet.name, sheet.kind in _ABOUT_PUPILS))
        self.sheets.setdefault(sheet.kind, []).append(sheet)


def open_files(path: Path, shape: str = "") -> CohortFiles:
    """The tables of a folder or of one file. Raises CohortError when the school's own headings.toml is wrong."""
    found, folder = CohortFiles(), path if path.is_dir() else path.parent
    if path.suffix.lower() == ".json" and path.is_file():
        found.cohort_file = path
        return found
    own = folder / "headings.toml"
    aliases = with_own_aliases(own) if own.is_file() else shipped_aliases()
    for file in _files_of(folder) if path.is_dir() else [path]:
        found.open_file(file, aliases)
    for file in sorted(path.glob("*.json")) if path.is_dir() else ():
        found.notices.append(f"{file.name}: a JSON cohort is read by itself; name the file instead of the folder.")
    return found


def _files_of(folder: Path) -> list[Path]:
    """The files of a folder that may be tables; a logo, a settings file or a program's lock file is none."""
    endings = (*_TEXT_ENDINGS, ".xlsx", *_OLD_ENDINGS)
    return sorted(
        file
        for file in folder.iterdir()
        if file.is_file() and file.suffix.lower() in endings and not file.name.startswith((".", "~$"))
    )
