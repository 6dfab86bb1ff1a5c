"""Inputs changed at random: bytes, the parts of a ZIP, and the rows of a table."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Sequence
from random import Random

ODD = (
    *("", " ", "\t", "\r", "\n", "\0", "\x1b", "\x7f", "\u00a0", "\u200b", "\u202e", "\ufeff", "\ufffe"),
    *("0", "-0", "-1", "1e5", "1e400", "NaN", "inf", "0x10", "1_000", "9" * 30, "9" * 4_301, "1,5", "2.5.6", "100%"),
    *("²", "١٢", "½", "#REF!", "#N/A", "=1+1", "@SUM(1)", "_x000D_", "&lt;", "<b>", "]]>", "'", '"', '""', "yes"),
    *("31/02/2026", "2026-13-01", "00/00/0000", "20/11/0026", "20/11/9999", "2026-11-20T00:00", "today", "no", "true"),
    *("null", "[]", "{}", "[[", "}}", "{{ x }}", "{% for a in b %}", "\\", "\\u0000", "\\ud800", "/", "..", "%00"),
    *("Total", "Mean", "a" * 300, "é" * 40),
)
LONG = 200_000  # bytes that a piece is made to fill, now and then
ONE_IN = 150  # inputs that have such a piece


def change_bytes(content: bytes, random: Random, others: Sequence[bytes] = (), tokens: Sequence[str] = ODD) -> bytes:
    """The same bytes with one to four changes."""
    changed = bytearray(content)
    for _ in range(random.choice((1, 1, 1, 2, 3, 4))):
        change = random.choice(_CHANGES)
        change(changed, random, [*others, content], tokens)
    if random.randrange(ONE_IN) == 0:
        _grow(changed, random)
    return bytes(changed)


def _span(changed: bytearray, random: Random, most: int = 64) -> slice:
    start = random.randint(0, len(changed))
    return slice(start, min(len(changed), start + random.randint(0, random.choice((1, 8, most)))))


def _flip(changed: bytearray, random: Random, _others: Sequence[bytes], _tokens: Sequence[str]) -> None:
    if changed:
        changed[random.randrange(len(changed))] = random.randrange(256)


def _insert(changed: bytearray, random: Random, _others: Sequence[bytes], tokens: Sequence[str]) -> None:
    place = random.randint(0, len(changed))
    changed[place:place] = random.choice(tokens).encode()


def _replace(changed: bytearray, random: Random, _others: Sequence[bytes], tokens: Sequence[str]) -> None:
    changed[_span(changed, random)] = random.choice(tokens).encode()


def _delete(changed: bytearray, random: Random, _others: Sequence[bytes], _tokens: Sequence[str]) -> None:
    del changed[_span(changed, random)]


def _move(changed: bytearray, random: Random, _others: Sequence[bytes], _tokens: Sequence[str]) -> None:
    piece = changed[_span(changed, random)]
    changed[_span(changed, random)] = piece


def _double(changed: bytearray, random: Random, _others: Sequence[bytes], _tokens: Sequence[str]) -> None:
    piece = changed[_span(changed, random, 400)]
    place = random.randint(0, len(changed))
    changed[place:place] = piece * random.choice((1, 1, 2, 50))


def _cut(changed: bytearray, random: Random, _others: Sequence[bytes], _tokens: Sequence[str]) -> None:
    del changed[random.randint(len(changed) // 2, len(changed)) :]


def _splice(changed: bytearray, random: Random, others: Sequence[bytes], _tokens: Sequence[str]) -> None:
    other = bytearray(random.choice(others))
    changed[_span(changed, random)] = other[_span(other, random, 400)]


def _number(changed: bytearray, random: Random, _others: Sequence[bytes], _tokens: Sequence[str]) -> None:
    """Another number in the place of one."""
    digits = [place for place, byte in enumerate(changed) if 48 <= byte <= 57]
    if digits:
        place = random.choice(digits)
        changed[place : place + 1] = str(random.choice((0, 1, 7, 99, 10**6, -1, 2**31, 2**63, 10**25))).encode()


def _value(changed: bytearray, random: Random, _others: Sequence[bytes], _tokens: Sequence[str]) -> None:
    """A value of another kind in the place of what follows an equals sign or a colon."""
    places = [place for place, byte in enumerate(changed) if byte in b"=:"]
    if places:
        start = random.choice(places) + 1
        ends = [place for mark in b",\n}]" if (place := changed.find(mark, start)) >= 0]
        other = random.choice(("1", "-1", "0.5", "true", '"x"', "[]", "{}", '["a", 1]', "[[1]]", "null", "1e999", '""'))
        changed[start : min(ends, default=len(changed))] = f" {other}".encode()


_CHANGES = (_flip, _insert, _insert, _replace, _delete, _move, _double, _cut, _splice, _number, _value, _value)


def _grow(changed: bytearray, random: Random) -> None:
    """A piece over and over, until it fills a large file."""
    piece = bytes(changed[_span(changed, random, 200)]) or random.choice((b"[", b"{", b"(", b"<a>", b" ", b",", b'"'))
    place = random.randint(0, len(changed))
    changed[place:place] = piece * (random.choice((LONG, 5 * LONG)) // len(piece))


def change_zip(content: bytes, random: Random, tokens: Sequence[str] = ODD) -> bytes:
    """The same ZIP with a part changed, dropped, doubled or renamed; now and then with its own bytes changed."""
    if random.randrange(6) == 0:
        return change_bytes(content, random)
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        parts = [(name, package.read(name)) for name in package.namelist()]
    place = random.randrange(len(parts))
    name, part = parts[place]
    what = random.randrange(12)
    if what == 0:
        del parts[place]
    elif what == 1:
        parts[place] = (random.choice(("../x.xml", "x", name.upper(), name + "x", "word/media/a.svg")), part)
    elif what == 2:
        parts.append((f"x/{name}", part))
    elif what == 3:
        parts[place] = (name, random.choice(parts)[1])
    else:
        parts[place] = (name, change_bytes(part, random, [other for _, other in parts], tokens))
    return write_zip(parts)


def write_zip(parts: Sequence[tuple[str, bytes]]) -> bytes:
    """A ZIP of these parts."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        for name, part in parts:
            package.writestr(zipfile.ZipInfo(name), part, zipfile.ZIP_DEFLATED, 1)
    return target.getvalue()


Rows = list[list[str]]


def change_rows(rows: Rows, random: Random, tokens: Sequence[str] = ODD) -> Rows:
    """The same table with one to four changes to its rows and cells; the headings stay as they are."""
    changed = [list(row) for row in rows]
    for _ in range(random.choice((1, 1, 2, 3, 4))):
        place = random.randint(1, max(1, len(changed) - 1))
        if place < len(changed):
            random.choice(_ROW_CHANGES)(changed, place, random, tokens)
    return changed


def _drop_row(rows: Rows, place: int, _random: Random, _tokens: Sequence[str]) -> None:
    del rows[place]


def _double_row(rows: Rows, place: int, random: Random, _tokens: Sequence[str]) -> None:
    rows.insert(random.randint(1, len(rows)), list(rows[place]))


def _merge_rows(rows: Rows, place: int, _random: Random, _tokens: Sequence[str]) -> None:
    if place + 1 < len(rows):
        rows[place : place + 2] = [rows[place] + rows[place + 1]]


def _blank_cell(rows: Rows, place: int, random: Random, _tokens: Sequence[str]) -> None:
    if rows[place]:
        rows[place][random.randrange(len(rows[place]))] = ""


def _blank_row(rows: Rows, place: int, random: Random, _tokens: Sequence[str]) -> None:
    rows.insert(place, [""] * random.randint(0, len(rows[0])))


def _cut_row(rows: Rows, place: int, random: Random, _tokens: Sequence[str]) -> None:
    del rows[place][random.randint(0, len(rows[place])) :]


def _swap_rows(rows: Rows, place: int, random: Random, _tokens: Sequence[str]) -> None:
    other = random.randrange(len(rows))
    rows[place], rows[other] = rows[other], rows[place]


def _swap_cells(rows: Rows, place: int, random: Random, _tokens: Sequence[str]) -> None:
    random.shuffle(rows[place])


def _sort(rows: Rows, _place: int, random: Random, _tokens: Sequence[str]) -> None:
    column = random.randrange(len(rows[0]))
    rows.sort(key=lambda row: row[column] if column < len(row) else "", reverse=bool(random.randrange(2)))


def _odd_cell(rows: Rows, place: int, random: Random, tokens: Sequence[str]) -> None:
    if rows[place]:
        rows[place][random.randrange(len(rows[place]))] = random.choice(tokens)


def _add_cell(rows: Rows, place: int, random: Random, tokens: Sequence[str]) -> None:
    rows[place].insert(random.randint(0, len(rows[place])), random.choice(tokens))


_ROW_CHANGES = (
    *(_drop_row, _double_row, _merge_rows, _blank_cell, _blank_row, _cut_row, _swap_rows, _swap_cells, _sort),
    *(_odd_cell, _odd_cell, _odd_cell, _add_cell),
)  # fmt: skip


def write_rows(rows: Rows) -> bytes:
    """The table as a spreadsheet program writes CSV."""
    target = io.StringIO(newline="")
    csv.writer(target, lineterminator="\n").writerows(rows)
    return target.getvalue().encode()
