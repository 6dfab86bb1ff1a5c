"""Whether an XLSX file is what it says and safe to unpack: told before a single part is used."""

from __future__ import annotations

import re
import zlib
from itertools import pairwise
from pathlib import Path
from zipfile import BadZipFile, ZipFile, ZipInfo

from service.errors import CohortError, Problem

LARGEST_FILE = 50 * 1024 * 1024
LARGEST_UNPACKED = 400 * 1024 * 1024
MOST_ENTRIES = 2_000
HIGHEST_RATIO = 200
"""A sheet of marks packs to a fifteenth; a part above this many times its packed size is made to fill memory."""
_RATIO_COUNTS_FROM = 1024 * 1024
_CHUNK = 1 << 18
_OLE = b"\xd0\xcf\x11\xe0"
_HEADER = 30
_FORBIDDEN = re.compile(r"(^|/)(vbaProject\w*\.bin|vbaData\.xml|activeX/|embeddings/|macrosheets/|dialogsheets/)", re.I)
_DOCTYPE = re.compile(rb"<!(DOCTYPE|ENTITY)", re.I)
_OTHER_ENCODING = re.compile(rb"""^<\?xml[^>]*encoding\s*=\s*["'](?!utf-8["'])""", re.I)


def check_workbook(path: Path) -> None:
    """Raises CohortError with a sentence when the file is no XLSX workbook or is not safe to open."""
    _check_outside(path)
    try:
        with ZipFile(path) as package:
            _check_entries(package, path.name)
            for info in package.infolist():
                _check_part(package, info, path.name)
    except (BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError, OSError, zlib.error):
        sentence = "This workbook is damaged. Open it in Excel and save it again."
        raise _refusal("damaged-workbook", sentence, path.name) from None


def _check_outside(path: Path) -> None:
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(4)
    if not size:
        raise _refusal("empty-file", "This file is empty. Export it again.", path.name)
    if head == _OLE:
        sentence = (
            "This workbook has a password, or is an old .xls under a new name. Save it as an Excel workbook (.xlsx) "
            "without a password."
        )
        raise _refusal("old-or-locked-workbook", sentence, path.name)
    if head != b"PK\x03\x04":
        sentence = "This is not an Excel workbook although its name ends in .xlsx. Save it as XLSX or CSV."
        raise _refusal("wrong-kind-of-file", sentence, path.name)
    if size > LARGEST_FILE:
        sentence = (
            f"This workbook has {size / 1024**2:,.0f} MB; at most {LARGEST_FILE // 1024**2} MB can be read. "
            "Save each sheet as CSV."
        )
        raise _refusal("file-too-large", sentence, path.name)


def _check_entries(package: ZipFile, name: str) -> None:
    entries = package.infolist()
    if len(entries) > MOST_ENTRIES:
        sentence = f"This workbook has {len(entries):,} parts; at most {MOST_ENTRIES:,} are allowed. Save it again."
        raise _refusal("too-many-parts", sentence, name)
    names = [info.filename for info in entries]
    if any(_FORBIDDEN.search(part) for part in names):
        sentence = "This workbook holds macros or embedded objects. Save it as an Excel workbook (.xlsx) without them."
        raise _refusal("macros", sentence, name)
    if len({part.casefold() for part in names}) != len(names) or _overlaps(entries):
        raise _refusal("damaged-workbook", "Parts of this workbook lie on top of each other. Save it again.", name)
    if "xl/workbook.xml" not in names and "/xl/workbook.xml" not in names:
        sentence = "This ZIP file is not an Excel workbook. Save the table as XLSX or CSV."
        raise _refusal("wrong-kind-of-file", sentence, name)
    _check_sizes(sum(info.file_size for info in entries), name)


def _overlaps(entries: list[ZipInfo]) -> bool:
    """Whether two entries share bytes: a way to declare gigabytes in a small file."""
    spans = sorted((info.header_offset, info.header_offset + _HEADER + info.compress_size) for info in entries)
    return any(following[0] < span[1] for span, following in pairwise(spans))


def _check_part(package: ZipFile, info: ZipInfo, name: str) -> None:
    """Unpack a part once, keeping nothing, and look at what it really holds."""
    if info.flag_bits & 1:
        raise _refusal("old-or-locked-workbook", "This workbook has a password. Save it without one.", name)
    is_xml = info.filename.endswith((".xml", ".rels"))
    size, tail = 0, b""
    with package.open(info) as part:
        while chunk := part.read(_CHUNK):
            if is_xml and not size:
                _check_start(chunk, name)
            size += len(chunk)
            _check_sizes(size, name)
            if size > _RATIO_COUNTS_FROM and size > HIGHEST_RATIO * info.compress_size:
                sentence = f"A part of this workbook unpacks to over {HIGHEST_RATIO} times its size. Save it again."
                raise _refusal("packed-too-tightly", sentence, name)
            if is_xml and b"<!" in (joined := tail + chunk) and _DOCTYPE.search(joined):
                sentence = "This workbook declares entities, which no spreadsheet program writes. Save it again."
                raise _refusal("entities", sentence, name)
            tail = chunk[-16:]


def _check_start(chunk: bytes, name: str) -> None:
    if chunk.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in chunk[:200] or _OTHER_ENCODING.match(chunk):
        raise _refusal("damaged-workbook", "This workbook is not written in UTF-8. Save it again in Excel.", name)


def _check_sizes(size: int, name: str) -> None:
    if size > LARGEST_UNPACKED:
        sentence = (
            f"This workbook unpacks to more than {LARGEST_UNPACKED // 1024**2} MB, the most that can be read. "
            "Save each sheet as CSV."
        )
        raise _refusal("file-too-large", sentence, name)


def _refusal(code: str, sentence: str, name: str) -> CohortError:
    return CohortError(Problem(code, sentence, file=name))
