"""A cell of a workbook -> the text that a CSV export of it would hold."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal, InvalidOperation

from openpyxl.utils.datetime import from_excel

from service.cohort.text_file import NO_VALUE
from service.cohort.workbook.parts import DATE, PERCENT, WorkbookParts

LOST = "#REF!"
"""What a cell shows whose text the workbook does not hold."""
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_LAST_SERIAL = 2_958_465  # 31 December 9999


@dataclass(slots=True)
class Cell:
    """What the file says about a cell: its type, its style, its text, and whether it is a formula."""

    kind: str = "n"
    style: int = 0
    text: str = ""
    is_formula: bool = False
    is_sound: bool = False


def say_cell(cell: Cell, parts: WorkbookParts) -> str:
    """The text of a cell, "" when it is empty: days as 2026-09-02, 7777.0 as 7777, 0.923 as 92.3% where shown so."""
    if not cell.text:
        return NO_VALUE if cell.is_formula and cell.kind != "str" else ""
    if cell.kind == "s":
        place = int(cell.text) if cell.text.isdecimal() and len(cell.text) < 9 else -1
        return _unescape(parts.texts[place]) if 0 <= place < len(parts.texts) else LOST
    if cell.kind == "n":
        return _say_number(cell.text, parts.formats[cell.style] if cell.style < len(parts.formats) else "", parts.epoch)
    if cell.kind == "b":
        return "true" if cell.text == "1" else "false"
    if cell.kind == "d":
        return cell.text.partition("T")[0]
    return _unescape(cell.text)


def _unescape(text: str) -> str:
    """A text without the marks in which a workbook writes characters that XML cannot hold: _x000D_ ends a line."""
    if "_x" not in text:
        return text
    return _ESCAPED.sub(lambda found: "" if found[1].upper() == "000D" else chr(int(found[1], 16)), text)


def _say_number(text: str, kind: str, epoch: datetime) -> str:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    if not number.is_finite() or abs(number.adjusted()) > 30:
        return text
    if kind == DATE and 0 <= number <= _LAST_SERIAL:
        return _say_date(float(number), epoch)
    if kind == PERCENT:
        return f"{_plain(number * 100)}%"
    return _plain(number)


def _say_date(number: float, epoch: datetime) -> str:
    try:
        moment = from_excel(number, epoch)
    except (OverflowError, ValueError):  # the last serials reach beyond the year 9999 where days count from 1904
        return _plain(Decimal(str(number)))
    if isinstance(moment, datetime):
        return moment.date().isoformat() if moment.time() == time() else moment.isoformat(" ", "minutes")
    if isinstance(moment, timedelta):
        moment = (datetime.min + moment).time()
    return moment.isoformat("minutes") if isinstance(moment, time) else _plain(Decimal(str(number)))


def _plain(number: Decimal) -> str:
    """A number as people write it; what floating point added behind the fifteenth figure is taken away."""
    rounded = Decimal(f"{number:.15g}").normalize()
    return f"{rounded:f}"
