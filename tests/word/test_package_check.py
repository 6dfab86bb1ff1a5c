"""What could run, fetch or carry something besides the letter is refused when a template is opened."""

from __future__ import annotations

import pytest

from service.errors import TemplateError
from service.word.filling.lint import ANY_WORDS
from service.word.filling.template import LetterTemplate, check_template
from tests.word.letter_making import HEAD, R, make_docx, make_parts, make_zip, paragraph

MAIN = b"wordprocessingml.document.main+xml"


def codes_of(parts: dict[str, bytes]) -> set[str]:
    with pytest.raises(TemplateError) as caught:
        LetterTemplate.open(make_zip(parts), "letter")
    return {problem.code for problem in caught.value.problems}


def with_link(kind: str, target: str, mode: str = "External") -> dict[str, bytes]:
    """A letter whose body links to something."""
    parts = make_parts(paragraph("x"))
    link = f'<Relationship Id="rId9" Type="{R}/{kind}" Target="{target}" TargetMode="{mode}"/></Relationships>'
    name = "word/_rels/document.xml.rels"
    return {**parts, name: parts[name].replace(b"</Relationships>", link.encode())}


@pytest.mark.parametrize("target", ["https://www.example.org/", "mailto:office@example.org", "tel:01234567890"])
def test_a_link_to_a_page_an_address_or_a_telephone_is_kept(target: str) -> None:
    assert check_template(make_zip(with_link("hyperlink", target)), ANY_WORDS) == []


@pytest.mark.parametrize(
    ("kind", "target"),
    [
        ("image", "http://example.org/logo.png"),
        ("image", "file:///etc/passwd"),
        ("attachedTemplate", "file:///C:/Normal.dotm"),
        ("hyperlink", "file:///etc/passwd"),
        ("hyperlink", "javascript:alert(1)"),
        ("hyperlink", "https://example.org/{{ pupil }}"),
        ("footer", "http://example.org/footer.xml"),
    ],
)
def test_a_link_to_anything_else_outside_is_refused(kind: str, target: str) -> None:
    assert "links-outside" in codes_of(with_link(kind, target))


@pytest.mark.parametrize("kind", ["oleObject", "package", "aFChunk", "subDocument", "frame", "control"])
@pytest.mark.parametrize("mode", ["External", "Internal"])
def test_a_relationship_that_brings_something_active_is_refused(kind: str, mode: str) -> None:
    assert codes_of(with_link(kind, "x.bin", mode)) == {"holds-active-content"}


@pytest.mark.parametrize(
    "name",
    ["word/vbaProject.bin", "word/embeddings/oleObject1.bin", "word/activeX/activeX1.xml", "word/embeddings/a.docx"],
)
def test_a_macro_or_an_embedded_file_is_refused(name: str) -> None:
    assert codes_of({**make_parts(paragraph("x")), name: b"<x/>"}) == {"holds-active-content"}


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (b"application/vnd.ms-word.document.macroEnabled.main+xml", "holds-macros"),
        (b"application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml", "word-template-file"),
        (b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml", "not-a-word-document"),
    ],
)
def test_a_file_of_another_kind_is_refused_with_how_to_save_it(kind: bytes, code: str) -> None:
    parts = make_parts(paragraph("x"))
    word = b"application/vnd.openxmlformats-officedocument." + MAIN
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(word, kind)
    assert codes_of(parts) == {code}


@pytest.mark.parametrize("name", ["word/document.xml", "word/styles.xml", "[Content_Types].xml"])
@pytest.mark.parametrize(
    "declared",
    ['<!DOCTYPE x [<!ENTITY a "aaaa">]>', '<!DOCTYPE x SYSTEM "file:///etc/passwd">'],
)
def test_a_declared_document_type_is_refused_in_every_part(name: str, declared: str) -> None:
    parts = make_parts(paragraph("x"))
    head = HEAD.encode()
    parts[name] = parts[name].replace(head, head + declared.encode())
    assert codes_of(parts) == {"document-type-declared"}


def test_xml_in_another_encoding_is_refused_since_it_hides_what_it_says() -> None:
    parts = make_parts(paragraph("x"))
    hidden = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x []><x/>'.encode("utf-16")
    assert codes_of({**parts, "word/styles.xml": hidden}) == {"part-not-utf-8"}
    assert codes_of({**parts, "word/styles.xml": b'<?xml version="1.0" encoding="UTF-7"?><x/>'}) == {"part-not-utf-8"}


def test_broken_xml_is_refused() -> None:
    assert codes_of({**make_parts(paragraph("x")), "word/styles.xml": b"<x>"}) == {"damaged-document"}


def field(*pieces: str) -> str:
    """A field whose code is split over runs."""
    codes = "".join(f"<w:r><w:instrText>{piece}</w:instrText></w:r>" for piece in pieces)
    begin, end = (f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "end"))
    separate = '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1</w:t></w:r>'
    return f"<w:p>{begin}{codes}{separate}{end}</w:p>"


@pytest.mark.parametrize("code", [" PAGE ", " NUMPAGES \\* MERGEFORMAT ", ' DATE \\@ "d MMMM yyyy" ', " PAGEREF end "])
def test_a_page_number_or_date_is_kept(code: str) -> None:
    assert check_template(make_docx(field(*code)), ANY_WORDS) == []
    assert (
        check_template(make_docx(f'<w:p><w:fldSimple w:instr="{code.replace(chr(34), "")}"/></w:p>'), ANY_WORDS) == []
    )


@pytest.mark.parametrize(
    "pieces",
    [
        (" INCLUDETEXT ", "file.docx"),
        (" INCL", "UDEPICTURE ", " http://example.org/x.png"),
        (" DDEAUTO c:\\\\cmd.exe "),
        (" LINK Excel.Sheet "),
        (" MACROBUTTON x "),
    ],
)
def test_a_field_that_fetches_or_runs_something_is_refused_however_it_is_split(pieces: tuple[str, ...]) -> None:
    assert codes_of(make_parts(field(*pieces))) == {"field-code-not-allowed"}
    assert codes_of(make_parts(paragraph("x"), headers=(field(*pieces),))) == {"field-code-not-allowed"}


def test_a_mail_merge_field_says_what_to_write_instead() -> None:
    (problem,) = check_template(make_docx(field(" MERGEFIELD ", "Name ")), ANY_WORDS)
    assert problem.code == "mail-merge-field"
    assert problem.detail == 'Write {{ the_word }} instead of the mail-merge field "MERGEFIELD Name" in the letter.'
