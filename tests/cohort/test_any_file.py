"""Whatever bytes a file holds, the answer is records or sentences, never an exception of another kind."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cohort.export_making import PUPILS, read_export, write_workbook

MARKS = "UPN,Date,Session,Code\nA1,02/09/2026,AM,/\nB2,03/09/2026,PM,N\n"
PIECES = st.sampled_from(
    [
        *"\"',;\t\n\r/\\#%=",
        "\0",
        "\ufeff",
        "\u202e",
        "UPN",
        "Date",
        "AM",
        "02/09/2026",
        "31/02/2026",
        "A1",
        "% Attend",
        "0.923",
        "Contact 1",
        "02/09 AM",
        "sep=;",
        "Total",
        "?",
        "Å\x81",
        "contact_1_postcode",
        "From",
        "To",
        "Kind",
        "term",
    ]
)
TEXTS = st.lists(PIECES, max_size=60).map("".join)


def assert_answered(name: str, content: bytes, **others: str) -> None:
    """Whatever is in a file, something is read of it or said about it, in sentences."""
    with TemporaryDirectory() as folder:
        for other, text in others.items():
            (Path(folder) / f"{other}.csv").write_text(text, encoding="utf-8")
        (Path(folder) / name).write_bytes(content)
        outcome = read_export(Path(folder))
    assert outcome.records or outcome.problems or outcome.notices
    assert all(sentence.rstrip().endswith((".", "?")) for sentence in outcome.problems)


@settings(max_examples=300, deadline=None)
@given(TEXTS, st.sampled_from(["utf-8", "utf-16", "utf-16-be", "cp1252"]))
def test_any_text_is_answered(text, encoding):
    content = text.encode(encoding, errors="ignore")
    assert_answered("pupils.csv", content)
    assert_answered("other.csv", content, pupils=PUPILS, marks=MARKS)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_answered(content):
    assert_answered("pupils.csv", content)
    assert_answered("marks.xlsx", b"PK\x03\x04" + content)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_damaged_table_is_answered(data):
    content = bytearray((PUPILS + MARKS).encode() if data.draw(st.booleans()) else MARKS.encode("utf-16"))
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    assert_answered("marks.csv", bytes(content), pupils=PUPILS)


@pytest.fixture(scope="module")
def workbook(tmp_path_factory) -> bytes:
    rows = [line.split(",") for line in PUPILS.splitlines()]
    return write_workbook(tmp_path_factory.mktemp("book") / "book.xlsx", {"Sheet1": rows}).read_bytes()


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_damaged_workbook_is_answered(workbook, data):
    content = bytearray(workbook)
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    assert_answered("book.xlsx", bytes(content))


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_a_workbook_with_damaged_parts_is_answered(workbook, data):
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as package, zipfile.ZipFile(target, "w") as changed:
        names = [name for name in package.namelist() if name.startswith("xl/") and "theme" not in name]
        chosen = data.draw(st.sampled_from(names))
        for name in package.namelist():
            part = bytearray(package.read(name))
            if name == chosen:
                for _ in range(data.draw(st.integers(1, 3))):
                    place = data.draw(st.integers(0, len(part) - 1))
                    part[place : place + data.draw(st.integers(0, 9))] = data.draw(st.binary(max_size=3))
            changed.writestr(name, bytes(part))
    assert_answered("book.xlsx", target.getvalue())
