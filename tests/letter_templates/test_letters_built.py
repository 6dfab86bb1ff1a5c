"""The templates in the folder are what their wording says."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from dataclasses import replace
from pathlib import Path

import pytest

from builders.letters.build import GOLDEN, build_letter, golden_texts
from builders.letters.kept_lists import keep_lists
from builders.letters.shelf import read_letters
from builders.letters.template import write_template
from builders.letters.wording import Paragraph, Row, Table, Tag, WordingError, read_wording
from service.word.parts import read_parts

LETTERS = read_letters()
CONTRACT = {
    *("letter_n", "letter_1", "letter_2", "letter_3", "letter_med", "stage_2_letter", "notice_to_improve"),
    *("enforcement_letter_1", "enforcement_letter_2", "enforcement_letter_2_dna", "enforcement_letter_3"),
    *("warning_letter_1", "final_warning_letter", "panel_invitation", "did_not_attend_letter"),
    *("general_letter", "lateness_letter", "school_worries_letter"),
}


def write(folder: Path, text: str) -> Path:
    file = folder / "letter.md"
    file.write_text(text, encoding="utf-8")
    return file


def entries(docx: bytes) -> list[tuple[str, tuple[int, ...], bytes]]:
    with zipfile.ZipFile(io.BytesIO(docx)) as package:
        return [(entry.filename, entry.date_time, package.read(entry)) for entry in package.infolist()]


def test_every_letter_but_the_message_has_a_template_that_serves_every_policy_without_its_own() -> None:
    assert {name for name in LETTERS if "/" not in name} == CONTRACT


@pytest.mark.parametrize("letter", LETTERS.values(), ids=LETTERS)
def test_building_a_letter_again_gives_the_shipped_file(letter) -> None:
    shipped, built = letter.template.read_bytes(), build_letter(letter)
    assert entries(built) == entries(shipped)
    if "ng" not in zlib.ZLIB_RUNTIME_VERSION:  # zlib-ng packs the same content into other bytes
        assert built == shipped


def test_the_texts_in_the_golden_folder_are_what_the_letters_say() -> None:
    kept = {file.name: file.read_text(encoding="utf-8") for file in GOLDEN.glob("*.txt")}
    assert golden_texts() == kept, "Read the change, then: python -m builders.letters.build --golden"


@pytest.mark.parametrize("letter", LETTERS.values(), ids=LETTERS)
def test_a_template_holds_only_parts_and_styles_of_its_own(letter) -> None:
    parts = read_parts(letter.template.read_bytes())
    whole = b"".join(parts.values()).decode("utf-8", "replace")
    known = set(re.findall(r'w:styleId="(\w+)"', whole))
    assert set(re.findall(r'<w:(?:pStyle|rStyle|tblStyle) w:val="(\w+)"', whole)) <= known
    assert '<w:lang w:val="en-GB"' in whole
    assert not [name for name in parts if "theme" in name or "customXml" in name or "app.xml" in name]
    assert len(letter.template.read_bytes()) < 12_000


def test_wording_becomes_paragraphs_bullets_headings_tags_and_tables(tmp_path) -> None:
    text = (
        "Subject: A\nClosing: B\n\nOne\ntwo.\n\n## Three\n\n{% if x %}\nFour:\n- five\n{% endif %}\n\n"
        "| H | I |\n|--|-:|\n{% for y in z %}\n| {{ y.a }} | 1 |\n{% endfor %}\n"
    )
    rows = (Tag("{% for y in z %}"), Row(("{{ y.a }}", "1")), Tag("{% endfor %}"))
    assert read_wording(write(tmp_path, text)).blocks == (
        Paragraph("BodyText", "One two."),
        Paragraph("SectionHeading", "Three"),
        Tag("{% if x %}"),
        Paragraph("BodyText", "Four:"),
        Paragraph("ListBullet", "five"),
        Tag("{% endif %}"),
        Table(Row(("H", "I")), rows, (2, 2), (False, True)),
    )


def test_a_list_is_kept_with_the_text_before_it_but_for_its_last_bullet() -> None:
    text, start, end = Paragraph("BodyText", "Four:"), Tag("{% for y in z %}"), Tag("{% endfor %}")
    one, two = Paragraph("ListBullet", "one"), Paragraph("ListBullet", "two")
    heading, kept = Paragraph("SectionHeading", "Three"), [replace(block, is_kept=True) for block in (text, one, two)]
    assert keep_lists([text, one, two, text]) == (kept[0], kept[1], two, text)
    assert keep_lists([heading, one]) == (heading, one)
    assert keep_lists([text, start, one, end, two]) == (kept[0], start, kept[1], end, two)
    only_last = (Tag("{% if loop.revindex != 1 %}"), kept[2], Tag("{% else %}"), two, Tag("{% endif %}"))
    assert keep_lists([one, start, two, end]) == (kept[1], start, *only_last, end)
    assert keep_lists([start, text, end]) == (start, text, end)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Subject: A\n\nText.", "needs the headings"),
        ("Subject: A\nClosing: B\nSubjct: C\n\nText.", "Subjct: C"),
        ("Subject: A\nClosing: B\nLetterhead: church\n\nText.", "church"),
        ("Subject: A\nClosing: B\n\n| H | I |\n|--|-|\n| 1 |\n", "does not have 2 cells"),
    ],
)
def test_a_wording_that_cannot_be_understood_says_where(tmp_path, text, told) -> None:
    with pytest.raises(WordingError, match=told):
        read_wording(write(tmp_path, text))


def test_a_letter_must_end_with_text_so_that_its_signature_is_never_alone(tmp_path) -> None:
    wording = read_wording(write(tmp_path, "Subject: A\nClosing: B\n\nText.\n\n- bullet\n"))
    with pytest.raises(ValueError, match="ends with a paragraph of text"):
        write_template(wording, "Title")
