"""Every part of a Word document is looked at, by what it is and not by what it is called."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image

from service.errors import TemplateError
from service.word.filling.lint import ANY_WORDS
from service.word.filling.template import LetterTemplate, check_template
from service.word.logo import apply_logo
from service.word.text import read_text
from tests.word.letter_making import HEAD, NAMESPACES, WORD, R, make_parts, make_zip, paragraph, run

TYPES_END = b"</Types>"
LINKS_END = b"</Relationships>"
DRAWING_ML = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'


def problems_of(parts: dict[str, bytes]) -> list[tuple[str, str]]:
    return [(problem.code, problem.detail) for problem in check_template(make_zip(parts), ANY_WORDS)]


def codes_of(parts: dict[str, bytes]) -> set[str]:
    return {code for code, _ in problems_of(parts)}


def with_part(name: str, content: bytes, kind: str = "", relation: str = "image") -> dict[str, bytes]:
    """A letter with one more part, which its relationships and content types name."""
    parts = make_parts(paragraph("x"))
    links, types = "word/_rels/document.xml.rels", "[Content_Types].xml"
    target = name.removeprefix("word/")
    link = f'<Relationship Id="rId9" Type="{R}/{relation}" Target="{target}"/>'.encode()
    parts[links] = parts[links].replace(LINKS_END, link + LINKS_END)
    if kind:
        parts[types] = parts[types].replace(
            TYPES_END, f'<Override PartName="/{name}" ContentType="{kind}"/>'.encode() + TYPES_END
        )
    return {**parts, name: content}


def picture(kind: str, width: int = 3, height: int = 2) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (width, height), "navy").save(file, kind)
    return file.getvalue()


def header(text: str) -> bytes:
    return f"{HEAD}<w:hdr {NAMESPACES}>{text}</w:hdr>".encode()


@pytest.mark.parametrize("name", ["word/hdr9", "word/header.bin", "word/header9.png", "word/HEADER9.XML"])
def test_a_header_is_read_and_filled_whatever_it_is_called(name: str) -> None:
    parts = with_part(name, header(paragraph("Dear {{ known_as }}")), f"{WORD}header+xml", "header")
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(name.encode(), name.upper().encode())
    template = LetterTemplate.open(make_zip(parts), "letter")
    assert template.wants == {"known_as"}
    assert "Dear Robin" in read_text(template.fill({"known_as": "Robin"}))


def test_a_fault_in_a_header_without_an_ending_is_found_there() -> None:
    parts = with_part("word/hdr9", header(paragraph("{{ known_as")), f"{WORD}header+xml", "header")
    assert problems_of(parts)[0][1].startswith('In header 9, paragraph 1, "{{ known_as"')


@pytest.mark.parametrize("name", ["word/notes", "word/notes.bin", "customXml/item1.xml", "word/comments.xml"])
@pytest.mark.parametrize("kind", ["", "application/xml", f"{WORD}comments+xml", "image/png"])
def test_a_tag_in_a_part_that_is_not_filled_is_told(name: str, kind: str) -> None:
    content = f"{HEAD}<w:comments {NAMESPACES}>{paragraph('{{ known_as }}')}</w:comments>".encode()
    assert codes_of(with_part(name, content, kind)) == {"tag-not-filled"}


def test_a_tag_that_a_drawing_splits_over_runs_is_told() -> None:
    runs = "".join(f"<a:r><a:t>{piece}</a:t></a:r>" for piece in ("{", "{ known_as ", "}}"))
    content = f"{HEAD}<x {DRAWING_ML}><a:p>{runs}</a:p></x>".encode()
    assert "tag-not-filled" in codes_of(with_part("word/charts/chart1.xml", content, "application/xml", "chart"))


def test_very_many_braces_do_not_hide_a_tag_in_a_part_that_is_not_filled() -> None:
    content = f"<x>{'{' * 3_000}<y>{{{{ known_as }}}}</y></x>".encode()
    assert codes_of(with_part("word/notes", content)) == {"tag-not-filled"}


@pytest.mark.parametrize("name", ["word/notes", "word/notes.bin", "word/media/image1.png", "word/notes.xml"])
@pytest.mark.parametrize("code", [" INCLUDETEXT file.docx ", ' HYPERLINK "file:///etc/passwd" ', " HYPERLINK x.exe"])
def test_a_field_that_fetches_a_file_is_refused_in_every_part(name: str, code: str) -> None:
    field = f"<w:p><w:fldSimple w:instr='{code}'/></w:p>"
    content = f"{HEAD}<w:hdr {NAMESPACES}>{field}</w:hdr>".encode()
    assert codes_of(with_part(name, content)) == {"field-code-not-allowed"}


@pytest.mark.parametrize("code", ['HYPERLINK "https://example.org"', 'HYPERLINK \\l "place" \\o "tip"', "HYPERLINK #a"])
def test_a_field_that_links_to_a_page_or_a_place_is_kept(code: str) -> None:
    body = f"<w:p><w:fldSimple w:instr='{code}'/></w:p>"
    assert problems_of(make_parts(body)) == []


@pytest.mark.parametrize(
    "target",
    ["file:///etc/passwd", " file:///etc/passwd", "//server/share/x.png", "\\\\server\\x.png", "http://example.org/x"],
)
def test_a_target_outside_is_refused_though_the_link_says_it_is_inside(target: str) -> None:
    parts = make_parts(paragraph("x"))
    name = "word/_rels/document.xml.rels"
    link = f'<Relationship Id="rId9" Type="{R}/image" Target="{target}"/>'.encode()
    parts[name] = parts[name].replace(LINKS_END, link + LINKS_END)
    assert codes_of(parts) == {"links-outside"}


def test_relationships_are_read_wherever_they_stand() -> None:
    parts = make_parts(paragraph("x"))
    link = f'<Relationship Id="rId9" Type="{R}/image" Target="file:///x" TargetMode="External"/>'.encode()
    links = parts["word/_rels/document.xml.rels"].replace(LINKS_END, link + LINKS_END)
    assert codes_of({**parts, "word/links": links}) == {"links-outside"}


@pytest.mark.parametrize("value", ["file:///etc/passwd", "\\\\server\\share\\x", "javascript:alert(1)"])
def test_an_address_on_this_machine_in_an_attribute_is_refused(value: str) -> None:
    shape = f'<w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml" href="{value}"/></w:pict>'
    assert codes_of(make_parts(f"<w:p><w:r>{shape}</w:r></w:p>")) == {"links-outside"}


def test_a_drawing_that_loads_its_picture_from_a_page_is_refused() -> None:
    shape = '<w:pict><v:imagedata xmlns:v="urn:schemas-microsoft-com:vml" src="http://example.org/x.png"/></w:pict>'
    assert codes_of(make_parts(f"<w:p><w:r>{shape}</w:r></w:p>")) == {"links-outside"}


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
@pytest.mark.parametrize("name", ["word/media/image1.png", "word/media/image1.jpg", "word/media/image", "word/pic.bin"])
def test_a_png_or_jpeg_is_a_picture_whatever_it_is_called(kind: str, name: str) -> None:
    assert problems_of(with_part(name, picture(kind))) == []


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"\x01\0\0\0" + bytes(84) + b" EMF", "an EMF drawing"),
        (b"\xd7\xcd\xc6\x9a" + bytes(40), "a WMF drawing"),
        (b"%!PS-Adobe-3.0 EPSF-3.0", "an EPS drawing"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "an SVG drawing"),
        (b"\xef\xbb\xbf <svg/>", "an SVG drawing"),
        (b"\x1f\x8b\x08", "a packed file"),
        (b"GIF89a", "a GIF picture"),
        (b"", "no picture"),
    ],
)
@pytest.mark.parametrize("name", ["word/media/image1.png", "word/media/image1.emf", "word/media/image1"])
def test_any_other_picture_is_refused_whatever_it_is_called(content: bytes, told: str, name: str) -> None:
    ((code, detail),) = problems_of(with_part(name, content, "image/png"))
    assert code == "picture-not-allowed"
    assert told in detail
    assert "save it as a PNG picture and insert that instead" in detail


def test_a_damaged_or_enormous_picture_is_refused() -> None:
    size = struct.pack(">II5B", 60_000, 60_000, 8, 2, 0, 0, 0)
    chunks = b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in ((b"IHDR", size), (b"IDAT", zlib.compress(b"")), (b"IEND", b""))
    )
    assert codes_of(with_part("word/media/a.png", b"\x89PNG\r\n\x1a\n" + chunks)) == {"picture-too-large"}
    assert codes_of(with_part("word/media/a.png", picture("PNG")[:-20])) == {"picture-damaged"}


@pytest.mark.parametrize(
    ("name", "content", "kind", "code"),
    [
        ("word/fonts/font1.odttf", b"\x9a\x13", "application/vnd.openxmlformats-obfuscatedFont", "holds-fonts"),
        ("word/printer", b"\0\1\2", "application/vnd.ms-printer", "part-not-allowed"),
        ("word/x.bin", b"PK\3\4", "", "part-not-allowed"),
        ("word/x", b"\xd0\xcf\x11\xe0", "", "part-not-allowed"),
        ("word/x", b"MZ\x90", "", "part-not-allowed"),
        ("word/x", b"<html><script/></html>", "", "holds-active-content"),
    ],
)
def test_a_part_that_no_letter_needs_is_refused(name: str, content: bytes, kind: str, code: str) -> None:
    assert codes_of(with_part(name, content, kind)) == {code}


@pytest.mark.parametrize("name", ["word/notes", "word/media/x.svg", "word/x.bin"])
def test_entities_are_refused_in_every_part(name: str) -> None:
    content = b'<!DOCTYPE s [<!ENTITY a "aaaa">]><svg><text>&a;</text></svg>'
    assert codes_of(with_part(name, content, "image/svg+xml")) == {"document-type-declared"}
    hidden = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x []><x/>'.encode("utf-16")
    assert codes_of(with_part(name, hidden, "image/png")) == {"part-not-utf-8"}


@pytest.mark.parametrize("shape", ["", '<a:blip xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"/>'])
def test_a_place_for_the_logo_without_a_picture_is_left_as_it_is(shape: str) -> None:
    drawing = f'<w:drawing><wp:inline><wp:docPr id="1" name="Logo"/>{shape}</wp:inline></w:drawing>'
    docx = make_zip(make_parts(paragraph("x"), headers=(f"<w:p><w:r>{drawing}</w:r></w:p>",)))
    assert apply_logo(docx, picture("PNG"), "Logo") == docx


def test_two_places_for_one_logo_are_both_changed_and_both_taken_away() -> None:
    blip = f'<a:blip {DRAWING_ML} r:embed="rId1"/>'
    drawing = f'<w:drawing><wp:inline><wp:docPr id="1" name="Logo"/>{blip}</wp:inline></w:drawing>'
    two = "".join(f"<w:p><w:r>{drawing}</w:r></w:p>" for _ in range(2))
    parts = make_parts(paragraph("x"), headers=(two + paragraph("School"),))
    parts["word/_rels/header1.xml.rels"] = (
        f'{HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{R}/image" Target="media/old.png"/></Relationships>'
    ).encode()
    parts["word/media/old.png"] = picture("PNG")
    for logo in (picture("JPEG"), None):
        changed = apply_logo(make_zip(parts), logo, "Logo of Ash School")
        assert "School" in read_text(changed)
        assert b"media/old.png" not in changed


@pytest.mark.parametrize("target", ["word/document.xml", "word/styles.xml", "word/notes"])
def test_a_part_larger_than_a_letters_is_refused_before_it_is_unpacked(target: str) -> None:
    parts = with_part("word/notes", b"<x/>")
    text = "".join(f"{number:x} " for number in range(700_000))
    parts[target] = f"{HEAD}<w:document {NAMESPACES}>{run(text)}</w:document>".encode()
    with pytest.raises(TemplateError, match="bytes, the limit is 4,000,000"):
        LetterTemplate.open(make_zip(parts), "letter")
