"""The small parts of a workbook: its sheets, shared texts and number formats."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from posixpath import join, normpath
from typing import Any
from zipfile import ZipFile

from defusedxml.ElementTree import fromstring
from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH

from service.cohort.workbook.shared_texts import read_shared_texts

_ID = (
    "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id",
    "{http://purl.oclc.org/ooxml/officeDocument/relationships}id",
)
LARGEST_SMALL_PART = 4_000_000
"""Bytes of a part that is read whole; as a tree it takes up to thirty times as much."""
MOST_SHEETS = 256
LONGEST_FORMAT = 255
"""Characters of a number format: Excel allows no more, and asking openpyxl about one takes the square of its length."""
DATE, PERCENT, PLAIN = "date", "percent", "plain"


@dataclass(frozen=True, slots=True)
class SheetPart:
    """A sheet of a workbook: its name, the part with its cells, and whether people see it."""

    name: str
    part: str
    is_hidden: bool


@dataclass(frozen=True, slots=True)
class WorkbookParts:
    """What the cells of all sheets refer to; `formats` tells for each style dates from percentages."""

    sheets: tuple[SheetPart, ...]
    texts: list[str]
    formats: tuple[str, ...]
    epoch: datetime


def read_workbook_parts(package: ZipFile) -> WorkbookParts:
    """The parts of a workbook that was let through the gate.

    Raises KeyError, ParseError or ValueError when one is broken, or larger than such a part is.
    """
    workbook = fromstring(_read_small(package, "xl/workbook.xml"))
    targets = _read_targets(package)
    sheets = tuple(_read_sheets(workbook, targets))
    if len(sheets) > MOST_SHEETS or len({sheet.part for sheet in sheets}) < len(sheets):
        raise ValueError
    properties = next((item for item in workbook if _local(item) == "workbookPr"), None)
    is_1904 = properties is not None and properties.get("date1904") in ("1", "true")
    names = set(package.namelist())
    texts: list[str] = []
    if "xl/sharedStrings.xml" in names:
        with package.open("xl/sharedStrings.xml") as part:
            texts = read_shared_texts(part)
    styles = _read_small(package, "xl/styles.xml") if "xl/styles.xml" in names else b"<styles/>"
    formats = tuple(_read_formats(fromstring(styles)))
    return WorkbookParts(sheets, texts, formats, MAC_EPOCH if is_1904 else WINDOWS_EPOCH)


def _read_small(package: ZipFile, name: str) -> bytes:
    """A part that is read whole. Raises ValueError where it is larger than such a part is."""
    with package.open(name) as part:
        content = part.read(LARGEST_SMALL_PART + 1)
    if len(content) > LARGEST_SMALL_PART:
        raise ValueError
    return content


def _read_targets(package: ZipFile) -> dict[str, str]:
    """The parts that the workbook's relationships name."""
    relationships = fromstring(_read_small(package, "xl/_rels/workbook.xml.rels"))
    return {
        item.get("Id", ""): normpath(join("/xl", item.get("Target", ""))).lstrip("/")
        for item in relationships
        if item.get("TargetMode") != "External" and item.get("Type", "").endswith("/worksheet")
    }


def _read_sheets(workbook: Any, targets: dict[str, str]) -> Iterator[SheetPart]:
    """Sheets with cells, in order; charts have no part here."""
    for sheet in (item for group in workbook if _local(group) == "sheets" for item in group):
        part = targets.get(next((sheet.get(name) for name in _ID if sheet.get(name)), ""))
        if part:
            yield SheetPart(sheet.get("name", ""), part, sheet.get("state", "visible") != "visible")


def _read_formats(styles: Any) -> Iterator[str]:
    own = {
        int(item.get("numFmtId", 0)): item.get("formatCode", "")
        for group in styles
        if _local(group) == "numFmts"
        for item in group
    }
    for style in (item for group in styles if _local(group) == "cellXfs" for item in group):
        number = int(style.get("numFmtId", 0))
        yield _kind_of(own.get(number) or BUILTIN_FORMATS.get(number, "General"))


@lru_cache(maxsize=1024)
def _kind_of(code: str) -> str:
    if len(code) > LONGEST_FORMAT:
        return PLAIN
    if "%" in code:
        return PERCENT
    return DATE if is_date_format(code) else PLAIN


def _local(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]
