"""A lean DOCX, and what is refused before LibreOffice sees it."""

from __future__ import annotations

import pytest

from service.errors import ConversionError
from service.printing.merge_parts import read_letter
from service.word.lean import lean
from service.word.package import write_parts
from service.word.parts import read_parts, relationships_of
from tests.word.sample_docx import Sample, make_letter, make_package, parts_of


def test_a_lean_copy_loses_what_does_not_show_and_keeps_the_rest() -> None:
    parts = read_parts(make_letter())
    kept = lean(parts)
    assert set(parts) - set(kept) == {"docProps/thumbnail.jpeg", "customXml/item1.xml"}
    assert b"Unused7" in parts["word/styles.xml"]
    assert b"Unused7" not in kept["word/styles.xml"]
    assert all(
        name in kept["word/styles.xml"] for name in (b'"ListBullet"', b'"TableNormal"', b'"Normal"', b'"Footer"')
    )
    targets = {one.target for one in relationships_of(kept, "word/document.xml")}
    assert "customXml/item1.xml" not in targets
    assert "word/styles.xml" in targets
    assert kept["word/document.xml"] == parts["word/document.xml"]


def test_styles_that_are_found_by_name_are_kept() -> None:
    field = '<w:p><w:fldSimple w:instr=" STYLEREF &quot;Unused 7&quot; "/></w:p>'
    parts = read_parts(make_letter(extra_body=field))
    assert lean(parts)["word/styles.xml"] == parts["word/styles.xml"]


def test_custom_xml_that_a_content_control_shows_is_kept() -> None:
    bound = '<w:sdt><w:sdtPr><w:dataBinding w:xpath="/a"/></w:sdtPr><w:sdtContent><w:p/></w:sdtContent></w:sdt>'
    assert "customXml/item1.xml" in lean(read_parts(make_letter(extra_body=bound)))


def test_written_parts_are_read_back_and_written_the_same() -> None:
    parts = read_parts(make_letter())
    assert read_parts(write_parts(parts)) == parts
    assert write_parts(parts) == write_parts(dict(parts))


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "not-a-word-document"),
        (b"Dear parent", "not-a-word-document"),
        (make_letter()[:-200], "damaged-document"),
        (make_letter().replace(b"word/document.xml", b"word/dokument.xml"), "not-a-word-document"),
        (make_package(parts_of(Sample()) | {"word/footer1.xml": "<w:ftr>"}), "damaged-document"),
        (
            make_package(parts_of(Sample()) | {"word/x.xml": "<!DOCTYPE a [<!ENTITY b 'c'>]><a/>"}),
            "document-type-declared",
        ),
    ],
)
def test_what_is_no_whole_docx_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(ConversionError) as caught:
        read_letter(content)
    assert caught.value.problems[0].code == code
