"""The ZIP of a document: copied byte for byte where nothing changes, refused where it lies."""

from __future__ import annotations

import contextlib
import io
import itertools
import struct
import subprocess
import sys
import zipfile
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.errors import TemplateError
from service.word import deflate
from service.word.package import MAX_UNPACKED, Package, PackageWriter
from tests.word.letter_making import make_docx, make_zip, paragraph

PARTS = {
    "[Content_Types].xml": b"<Types/>",
    "word/document.xml": b"<w/>" * 500,
    "word/media/logo.png": bytes(range(256)),
}


def codes_of(content: bytes) -> set[str]:
    with pytest.raises(TemplateError) as caught:
        Package.open(content)
    return {problem.code for problem in caught.value.problems}


def test_a_changed_part_is_new_and_every_other_one_is_as_it_was() -> None:
    package = Package.open(make_zip(PARTS))
    changed = PackageWriter(package, ("word/document.xml", "word/added.xml")).write((b"<new/>", b"<added/>"))
    with zipfile.ZipFile(io.BytesIO(changed)) as read:
        assert read.testzip() is None
        assert {name: read.read(name) for name in read.namelist()} == {
            **PARTS,
            "word/document.xml": b"<new/>",
            "word/added.xml": b"<added/>",
        }


def test_unchanged_parts_are_copied_without_being_packed_again() -> None:
    original = make_zip(PARTS)
    packed = {entry.name: entry.packed for entry in Package.open(original).entries}
    again = {
        entry.name: entry.packed for entry in Package.open(PackageWriter(Package.open(original), ()).write(())).entries
    }
    assert again == packed


def test_the_same_parts_give_the_same_bytes_without_dates_or_descriptors() -> None:
    package = Package.open(make_zip(PARTS))
    first = PackageWriter(package, ("word/document.xml",)).write((b"<new/>",))
    assert first == PackageWriter(package, ("word/document.xml",)).write((b"<new/>",))
    with zipfile.ZipFile(io.BytesIO(first)) as read:
        assert {item.date_time for item in read.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert not any(item.flag_bits & 0x08 for item in read.infolist())


@given(content=st.binary(max_size=5_000))
@settings(max_examples=50, deadline=None)
def test_both_ways_of_packing_unpack_to_the_same(content: bytes) -> None:
    for way in (deflate.deflate, deflate.deflate_with_zlib):
        assert zlib.decompress(way(content), -zlib.MAX_WBITS) == content
    assert deflate.checksum(content) == zlib.crc32(content)


def test_without_isal_the_standard_library_packs() -> None:
    code = (
        "import sys; sys.modules['isal'] = None\n"
        "from service.word import deflate\n"
        "assert deflate.deflate is deflate.deflate_with_zlib"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "not-a-word-document"),
        (b"%PDF-1.7", "not-a-word-document"),
        (b"plain text", "not-a-word-document"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old-or-locked-document"),
        (make_zip(PARTS)[:-30], "damaged-document"),
        (make_zip(PARTS)[:200], "damaged-document"),
    ],
)
def test_what_is_no_whole_zip_is_refused_with_what_to_do(content: bytes, code: str) -> None:
    assert codes_of(content) == {code}


@pytest.mark.parametrize(
    "name", ["../evil.xml", "/etc/passwd", "word/../../x", "word\\x.xml", "C:x.xml", "word/./x.xml"]
)
def test_a_name_that_leads_out_of_the_package_is_refused(name: str) -> None:
    assert codes_of(make_zip({**PARTS, name: b"x"})) == {"unsafe-part-name"}


def test_a_part_that_stands_twice_is_refused_whatever_its_case() -> None:
    assert codes_of(make_zip({**PARTS, "WORD/document.xml": b"<other/>"})) == {"part-stands-twice"}


def test_too_many_parts_are_refused_before_any_is_read() -> None:
    many = make_zip({f"word/{number}.xml": b"" for number in range(2_001)})
    assert codes_of(many) == {"too-many-parts"}


def test_a_part_that_unpacks_to_far_more_than_it_is_counts_as_a_bomb() -> None:
    assert codes_of(make_zip({**PARTS, "word/bomb.xml": bytes(2_000_000)})) == {"packed-too-tightly"}


def test_more_than_fifty_megabytes_unpacked_are_refused() -> None:
    assert codes_of(make_zip({"a": bytes(MAX_UNPACKED // 2), "b": bytes(MAX_UNPACKED // 2 + 1)})) == {
        "document-too-large"
    }


def test_a_part_larger_than_it_says_is_refused_without_unpacking_it() -> None:
    content = bytearray(make_zip({"word/bomb.xml": bytes(500_000)}))
    for position in (22, content.find(b"PK\1\2") + 24):
        struct.pack_into("<L", content, position, 100)
    with pytest.raises(TemplateError, match="damaged"):
        Package.open(bytes(content)).read("word/bomb.xml")


def test_parts_that_overlap_are_refused() -> None:
    content = make_zip({"a": bytes(50_000), "b": b"x"})
    directory = content.find(b"PK\1\2")
    first = content[directory : directory + 47]
    twin = bytearray(first)
    twin[46:47] = b"a"
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 2, 2, 94, directory, 0)
    assert "overlapping-parts" in codes_of(content[:directory] + first + bytes(twin) + end)


def test_bytes_before_the_first_part_are_refused() -> None:
    original = make_zip(PARTS)
    assert codes_of(b"PK\3\4" + original) == {"damaged-document"}


def test_a_locked_part_is_refused() -> None:
    content = bytearray(make_zip(PARTS))
    content[content.find(b"PK\1\2") + 8] |= 1
    assert codes_of(bytes(content)) == {"unreadable-part"}


def test_two_names_for_one_part_are_refused() -> None:
    content = bytearray(make_zip(PARTS))
    content[30] = ord("X")
    assert codes_of(bytes(content)) == {"damaged-document"}


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_a_damaged_file_is_refused_or_read_but_never_breaks_the_reader(data: st.DataObject) -> None:
    content = bytearray(make_docx(paragraph("{{ name }}")))
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(TemplateError):
        package = Package.open(bytes(content))
        for entry in itertools.islice(package.entries, 20):
            assert zlib.crc32(package.read(entry.name)) == entry.crc
