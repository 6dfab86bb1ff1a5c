"""A personal sentence stands in the letter before its closing, in Word and as PDF, or the letter says why it cannot."""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pypdfium2
import pytest
from docx import Document

from service.attendance.wishes import PersonalSentence, Wishes
from service.desk import Desk
from service.issue import issue_letters
from service.letters.personal import LONGEST_SENTENCE, find_sentence_fault, read_sentence, runs_from_right
from service.one_file import as_one_pdf
from service.pupil import Pupil
from service.sample.sample_school import SAMPLE_SCHOOL
from service.settings import read_settings, shipped
from tests.invented import CALENDAR, MEETING, ON, SUMMARY, make_marks, make_record

SENTENCE = "We are so glad that Robin’s tooth is better."
HOSTILE = 'Robin & <b>Sam</b> said "hi" {{ known_as }} {% if x %} ]]> &amp; \' \\u0041'
ARABIC = "نحن سعداء لأن Robin عاد إلى المدرسة."


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    opened = Desk(read_settings({}))
    yield opened
    opened.press.close()


def issue(desk, text, letter="", for_letter="", on=ON, school=SAMPLE_SCHOOL):
    wishes = Wishes(PersonalSentence(text, for_letter, "JA", on))
    return issue_letters(
        desk, Pupil(make_record(**SUMMARY), school, desk.policy("bradford"), ON, CALENDAR, wishes=wishes), letter
    )


def paragraphs(docx: bytes) -> list[str]:
    return [paragraph.text for paragraph in Document(io.BytesIO(docx)).paragraphs]


def pdf_text(desk, letter) -> str:
    with pypdfium2.PdfDocument(as_one_pdf([letter], desk.press).content) as pdf:
        text = "\n".join(page.get_textpage().get_text_range() for page in pdf)
    return " ".join(text.split())


@pytest.mark.parametrize("letter", ["letter_1", "letter_n", "letter_med", "letter_2"])
def test_the_sentence_stands_right_before_the_closing_in_word_and_as_pdf(desk, letter) -> None:
    marks = make_marks([("2026-11-12 AM", "N"), *((f"2026-11-{day:02} PM", "I") for day in (3, 9, 16))])
    record = make_record(marks=marks, history=[{"on": "2026-10-05", "event": "letter_1"}], **MEETING)
    wishes = Wishes(PersonalSentence(SENTENCE))
    pupil = Pupil(record, SAMPLE_SCHOOL, desk.policy("bradford"), ON, CALENDAR, wishes=wishes)
    (made,) = issue_letters(desk, pupil, letter).letters
    lines = paragraphs(made.content)
    assert lines[lines.index(SENTENCE) + 1] in ("Kind regards", "Yours sincerely")
    assert re.search(rf"{re.escape(SENTENCE)} (Kind regards|Yours sincerely)", pdf_text(desk, made))


def test_without_a_sentence_the_letter_is_what_it_was(desk) -> None:
    pupil = Pupil(make_record(**SUMMARY), SAMPLE_SCHOOL, desk.policy("bradford"), ON, CALENDAR)
    (made,), (emptied,) = issue_letters(desk, pupil).letters, issue(desk, "").letters
    assert made.content == emptied.content
    assert "" not in paragraphs(made.content)


def test_signs_that_are_markup_elsewhere_are_printed_as_they_were_typed(desk) -> None:
    (made,) = issue(desk, HOSTILE).letters
    assert HOSTILE in paragraphs(made.content)
    assert HOSTILE in pdf_text(desk, made)


def test_a_sentence_from_right_to_left_stands_in_a_paragraph_that_runs_so(desk) -> None:
    (made,) = issue(desk, ARABIC).letters
    document = Document(io.BytesIO(made.content))
    (found,) = [paragraph for paragraph in document.paragraphs if paragraph.text == ARABIC]
    assert found.style.name == "Body Text Kept Right"
    assert found.style.element.pPr.find(f"{{{found.style.element.nsmap['w']}}}bidi") is not None
    assert "Robin" in pdf_text(desk, made)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Hello", False),
        ("نحن", True),
        ("«نحن»", True),
        ("12 نحن", True),
        ("Robin عاد", False),
        ("שלום", True),
        ("…", False),
    ],
)
def test_the_first_letter_says_which_way_a_sentence_runs(text, found) -> None:
    assert runs_from_right(text) is found


def test_a_sentence_is_one_line_of_a_limited_length_without_what_cannot_be_printed() -> None:
    assert read_sentence("  One\r\n two\tthree\u2028four ") == "One two three four"
    assert find_sentence_fault("x" * LONGEST_SENTENCE) == ""
    assert "it has 301 characters, and a letter takes 300" in find_sentence_fault("x" * 301)
    assert "U+202E" in find_sentence_fault("\u202ereversed")
    assert "U+0007" in find_sentence_fault("a\x07b")


def test_a_template_without_a_place_says_so_and_makes_no_letter(desk, tmp_path) -> None:
    shutil.copytree(shipped("letter_templates"), tmp_path / "letters")
    path = tmp_path / "letters" / "letter_1.docx"
    document = Document(path)
    for paragraph in document.paragraphs:
        if "personal_sentence" in paragraph.text and "{%" not in paragraph.text:
            paragraph.runs[0].text = "Thank you."
    document.save(path)
    own = Desk(replace(read_settings({}), letters=tmp_path / "letters"))
    found = issue(own, SENTENCE)
    assert found.letters == ()
    (problem,) = found.problems
    assert (problem.code, problem.pointer) == ("no-place-for-sentence", "/personal_sentence")
    assert "Letter 1 has no place for a personal sentence" in problem.detail
    assert issue(own, "").letters


def test_a_message_has_no_place_either(desk) -> None:
    record = make_record(marks=make_marks([("2026-11-03 AM", "I")]))
    pupil = Pupil(record, SAMPLE_SCHOOL, desk.policy("primary"), ON, CALENDAR)
    assert issue_letters(desk, pupil, "attendance_message").letters
    found = issue_letters(desk, replace(pupil, wishes=Wishes(PersonalSentence(SENTENCE))), "attendance_message")
    assert found.letters == ()
    assert [problem.code for problem in found.problems] == ["no-place-for-sentence"]


@pytest.mark.parametrize(("for_letter", "on"), [("letter_2", ON), ("letter_1", ON - timedelta(days=29))])
def test_a_sentence_for_another_letter_or_of_long_ago_holds_the_letter_until_somebody_has_looked(
    desk, for_letter, on
) -> None:
    found = issue(desk, SENTENCE, for_letter=for_letter, on=on)
    assert found.letters == ()
    assert [problem.code for problem in found.problems] == ["unfit-wish"]
    assert issue(desk, "", for_letter=for_letter, on=on).letters


def test_a_sentence_of_four_weeks_ago_is_still_used(desk) -> None:
    (made,) = issue(desk, SENTENCE, for_letter="letter_1", on=date(2026, 10, 23)).letters
    assert SENTENCE in made.text
    assert made.fields["personal_sentence"] == SENTENCE
