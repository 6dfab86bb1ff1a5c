"""`check` looks at whatever it is given, and ends with sentences."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from service.checking import check_path
from service.settings import read_settings, shipped
from tests.bounded import check_ends_well, run_bounded
from tests.word.letter_making import HEAD, NAMESPACES, make_docx, make_parts, make_zip, paragraph

SETTINGS = read_settings({})
ENTITIES = (
    "<!DOCTYPE s ["
    + '<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {new} "{f"&{old};" * 10}">' for old, new in zip("abcdefghi", "bcdefghij", strict=True))
)
SVG = f'{ENTITIES}]><svg xmlns="http://www.w3.org/2000/svg"><text>&j;</text></svg>'.encode()


def with_body(body: str) -> bytes:
    parts = make_parts(paragraph("x"))
    return make_zip({**parts, "word/document.xml": f"{HEAD}<w:document {NAMESPACES}>{body}</w:document>".encode()})


def settings_of_one_paragraph(number: int) -> bytes:
    words = " ".join(f'w:a{place}="1"' for place in range(number))
    return make_docx(f"<w:p {words}/>")


TABLE, ENDS = "<w:tbl><w:tr><w:tc>", "</w:tc></w:tr></w:tbl>"
HOSTILE: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "an SVG of entities": (
        "letter.docx",
        lambda: make_zip({**make_parts(paragraph("x")), "word/media/x.svg": SVG}),
        "declares a document type",
    ),
    "a paragraph of 100,000 settings": (
        "letter.docx",
        lambda: settings_of_one_paragraph(100_000),
        "100 settings of each are the most",
    ),
    "very many elements": (
        "letter.docx",
        lambda: with_body("".join(f'<w:p w:rsidR="{n:08X}"/>' for n in range(120_000))),
        "larger or more nested than a letter is",
    ),
    "elements in one another": (
        "letter.docx",
        lambda: with_body("<w:p>" * 200 + "</w:p>" * 200),
        "larger or more nested than a letter is",
    ),
    "a part of many megabytes": (
        "letter.docx",
        lambda: make_zip({**make_parts(paragraph("x")), "word/styles.xml": os.urandom(4_000_001)}),
        "the limit is 4,000,000",
    ),
    "tables in one another": (
        "tables.docx",
        lambda: with_body(TABLE * 5 + "".join(f'<w:p w:rsidR="{n:X}"/>' for n in range(49_000)) + ENDS * 5),
        "tables.docx: letter template, all right",
    ),
    "a thousand words that nothing fills": (
        "letter.docx",
        lambda: make_docx("".join(paragraph(f"{{{{ atendance_percentge_{n} }}}}") for n in range(990))),
        "… and 790 more",
    ),
    "a message of braces": ("message.txt", lambda: b"{" * 200_000, "200,000 braces, the limit is 2,000"),
    "a message of text": ("message.txt", lambda: b"x" * 900_000, "900,000 characters, the limit is 20,000"),
    "a message of blocks": ("message.txt", lambda: b"{% if known_as %}" * 900, "at most 20 deep"),
    "a message of brackets": ("message.txt", lambda: b"{{ " + b"(" * 250 + b" }}", "more than 10 brackets"),
    "loops over a word": (
        "message.txt",
        lambda: b"{% for a in school_name %}" * 7 + b"x" + b"{% endfor %}" * 7,
        '"school_name" is no list',
    ),
    "rules nested without end": ("own.toml", lambda: b"title = " + b"[" * 2_000, "nested too deeply"),
    "rules with a long number": ("own.toml", lambda: b"title = " + b"1" * 5_000, "too many digits"),
    "rules with a number that is none": ("own.toml", lambda: b"title = nan", "too many digits"),
    "rules with a word without end": ("own.toml", lambda: b"e" * 200_000 + b" = 1", "is not a key we recognise"),
    "rules of many megabytes": ("own.toml", lambda: b"#" * 2_000_000, "larger than 1,000,000 bytes"),
}


def test_what_would_use_up_the_machine_is_told_in_a_sentence_within_seconds_and_megabytes(tmp_path: Path) -> None:
    """All of them by one process, which may use no more time and memory than is allowed for each."""
    for number, (name, make, _) in enumerate(HOSTILE.values()):
        (tmp_path / f"{number}").mkdir()
        (tmp_path / f"{number}" / name).write_bytes(make())
    files = [tmp_path / f"{number}" / name for number, (name, _, _) in enumerate(HOSTILE.values())]
    said = check_ends_well(run_bounded("check", *files))
    assert {what: sentence for what, (_, _, sentence) in HOSTILE.items() if sentence not in said} == {}
    assert f"{len(HOSTILE)} checked, {len(HOSTILE) - 1} with problems." in said


@pytest.mark.parametrize("content", [b"case = " + b"[" * 2_000, b"\xff", b"case = [1, 'x']", b"case = 3", b"[[case]]"])
def test_cases_of_another_shape_are_told_and_not_a_fault(content: bytes, tmp_path: Path) -> None:
    rules = tmp_path / "rules"
    rules.mkdir()
    for file in shipped("rules").glob("*.toml"):
        (rules / file.name).write_bytes(file.read_bytes())
    (rules / "bradford.cases.toml").write_bytes(content)
    (found,) = [item for item in check_path(rules, SETTINGS) if item.name == "bradford.toml"]
    assert all(problem.code != "unexpected-error" for problem in found.problems)
    assert found.problems or content in (b"case = [1, 'x']", b"case = 3")


@pytest.mark.parametrize(
    "written",
    ["title = 3", "needs = 3", "needs = [3]", "must_be_posted = 'yes'", "period = []", "title = " + "[" * 2_000],
)
def test_a_letters_toml_of_another_kind_is_told_with_what_to_write(written: str, tmp_path: Path) -> None:
    (tmp_path / "own.docx").write_bytes(make_docx(paragraph("x")))
    (tmp_path / "own.toml").write_text(written)
    (found,) = check_path(tmp_path / "own.docx", SETTINGS)
    assert [problem.file for problem in found.problems] == ["own.toml"]
    assert "unexpected-error" not in {problem.code for problem in found.problems}


def test_a_file_that_never_ends_or_never_begins_is_not_waited_for(tmp_path: Path) -> None:
    for name in ("a.docx", "b.txt", "c.toml"):
        (tmp_path / name).symlink_to("/dev/zero")
    for name in ("d.docx", "e.txt", "f.toml"):
        os.mkfifo(tmp_path / name)
    said = check_ends_well(run_bounded("check", *sorted(tmp_path.iterdir())))
    assert said.count("this is no ordinary file") == 6


def test_a_folder_of_broken_files_is_looked_through_to_its_end(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(b"PK\3\4 no zip at all")
    (tmp_path / "b.docx").mkdir()
    (tmp_path / "c.txt").write_bytes(b"{{ school_nam }}")
    (tmp_path / "d.docx").write_bytes(make_docx(paragraph("{{ known_as }}")))
    found = {item.name: [problem.code for problem in item.problems] for item in check_path(tmp_path, SETTINGS)}
    assert found == {
        "a.docx": ["damaged-document"],
        "b.docx": ["not-readable"],
        "c.txt": ["unknown-word"],
        "d.docx": [],
    }
