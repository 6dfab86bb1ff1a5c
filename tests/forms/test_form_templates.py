"""The shipped forms: built from their field lists, sound, readable, and filled without a fault."""

from __future__ import annotations

import re
import subprocess
import zipfile
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from docxtpl import DocxTemplate
from lxml import etree
from PIL import ImageChops, ImageDraw
from pypdf import PdfReader

from builders.forms.build import build_form
from builders.forms.form_file import FOLDER, fields_of, read_form
from builders.forms.vocabulary import Field
from service.attendance.words import FORMS
from service.errors import TemplateError
from service.forms.pdf.template import FormTemplate
from tests.forms.form_pictures import cut_box, ink_of, render_pdfium, render_poppler

A4_HEIGHT = 841.89
NAMES = ("Llŷr Ŵyn", "Nguyễn Thị Ễ", "Łukasz O’Brien", "Иван Ελένη", "محمد أحمد", "শ্রেয়া")


@cache
def template(name: str) -> FormTemplate:
    return FormTemplate.open((FOLDER / f"{name}.pdf").read_bytes(), f"{name}.pdf")


@cache
def sample_values(name: str) -> dict[str, str | bool]:
    return {field.name: sample_value(field, place) for place, field in enumerate(fields_of(read_form(name)))}


def sample_value(field: Field, place: int) -> str | bool:
    """Something that every kind of field takes, with difficult letters in the long ones."""
    if field.type == "tick":
        return True
    if field.choices:
        return list(field.choices)[place % len(field.choices)]
    if field.type == "comb":
        return "A823456789012"
    if field.type == "date":
        return "20/11/2026"
    return "Y1" if field.max_length else NAMES[place % len(NAMES)]


@pytest.mark.parametrize("name", FORMS)
def test_building_a_form_again_gives_the_shipped_files(name: str) -> None:
    for file, content in build_form(name).items():
        assert (FOLDER / file).read_bytes() == content, f"run: python -m builders.forms.build {name}"


@pytest.mark.parametrize("name", FORMS)
def test_both_files_of_a_form_have_the_fields_of_its_list(name: str) -> None:
    listed = {field.name for field in fields_of(read_form(name))}
    assert template(name).wants == listed
    document = DocxTemplate(str(FOLDER / f"{name}.docx"))
    assert document.get_undeclared_template_variables() == listed


@pytest.mark.parametrize("name", FORMS)
def test_every_field_says_what_it_means_and_has_its_own_tooltip(name: str) -> None:
    fields = list(fields_of(read_form(name)))
    assert all(field.meaning.endswith(".") for field in fields)
    tooltips = [field.label for field in template(name).fields.values()]
    assert len(set(tooltips)) == len(tooltips)


@pytest.mark.parametrize("name", FORMS)
def test_a_form_is_a4_in_british_english_with_a_title_and_a_reading_order(name: str) -> None:
    reader = PdfReader(FOLDER / f"{name}.pdf")
    root = reader.root_object
    assert (root["/Lang"], root["/MarkInfo"]["/Marked"]) == ("en-GB", True)  # type: ignore[index]
    assert reader.metadata is not None
    assert reader.metadata.title == read_form(name).title
    for page in reader.pages:
        assert [round(float(edge)) for edge in page.mediabox] == [0, 0, 595, 842]
        assert page["/Tabs"] == "/S"
    elements = root["/StructTreeRoot"]["/K"]["/K"]  # type: ignore[index]
    boxes = [element.get_object()["/K"]["/Obj"] for element in elements if element.get_object()["/S"] == "/Form"]
    notes = [note.get_object() for page in reader.pages for note in page["/Annots"]]  # type: ignore[attr-defined]
    assert boxes == notes
    assert elements[0].get_object()["/S"] in ("/Form", "/H1")


@pytest.mark.parametrize("name", FORMS)
def test_every_font_of_a_form_is_embedded_and_the_file_is_sound(name: str, tmp_path: Path) -> None:
    filled = template(name).fill(sample_values(name))
    for content in ((FOLDER / f"{name}.pdf").read_bytes(), filled, template(name).fill(sample_values(name), flat=True)):
        (tmp_path / "form.pdf").write_bytes(content)
        checked = subprocess.run(["qpdf", "--check", "form.pdf"], cwd=tmp_path, capture_output=True, text=True)
        assert checked.returncode == 0, checked.stdout + checked.stderr
        fonts = subprocess.run(
            ["pdffonts", "form.pdf"], cwd=tmp_path, capture_output=True, text=True, check=True
        ).stdout
        lines = fonts.splitlines()[2:]
        assert lines
        assert all(re.search(r" yes (yes|no ) (yes|no ) +\d+ +0$", line) for line in lines), fonts


@pytest.mark.parametrize("name", FORMS)
def test_every_value_is_seen_in_its_box_and_nothing_outside(name: str, tmp_path: Path) -> None:
    form, values = template(name), sample_values(name)
    for flat in (False, True):
        empty, full = (render_poppler(form.fill(some, flat=flat), tmp_path, 108) for some in ({}, values))
        assert_seen_in_boxes(form, values, empty, full)
    assert_seen_in_boxes(form, values, *(render_pdfium(form.fill(some), 108) for some in ({}, values)))


def assert_seen_in_boxes(form: FormTemplate, values: dict[str, str | bool], empty: list, full: list) -> None:  # type: ignore[type-arg]
    assert len(empty) == len(full), "a sample value does not fit"
    changes = [
        ImageChops.difference(*pages).point(lambda grey: 255 if grey > 90 else 0)
        for pages in zip(empty, full, strict=True)
    ]
    for name, field in form.fields.items():
        boxes = [(box, cut_box(changes[box.page - 1], box, 108, A4_HEIGHT)) for box in field.boxes]
        changed = [ink.histogram()[255] > 3 for _, ink in boxes]
        assert sum(changed) == (1 if field.kind == "radio" else len(boxes)), (name, values[name])
    for number, change in enumerate(changes, start=1):
        pen = ImageDraw.Draw(change)
        for box in (box for field in form.fields.values() for box in field.boxes if box.page == number):
            edges = (box.left, A4_HEIGHT - box.top, box.right, A4_HEIGHT - box.bottom)
            pen.rectangle([edge * 1.5 + step for edge, step in zip(edges, (-1, -1, 1, 1), strict=True)], fill=0)
        assert change.getbbox() is None


@pytest.mark.parametrize("name", FORMS)
def test_the_word_document_is_well_formed_and_takes_every_value(name: str) -> None:
    document = DocxTemplate(str(FOLDER / f"{name}.docx"))
    document.render(dict(sample_values(name)), autoescape=True)
    saved = BytesIO()
    document.save(saved)
    with zipfile.ZipFile(saved) as package:
        for part in package.namelist():
            if part.endswith((".xml", ".rels")):
                etree.fromstring(package.read(part))
        text = "".join(etree.fromstring(package.read("word/document.xml")).itertext())
    assert "{{" not in text
    assert "☒" in text or not any(field.type in ("tick", "radio") for field in fields_of(read_form(name)))


def test_stage_one_shows_its_two_columns_in_the_order_of_the_guidance() -> None:
    words = [field.name for field in fields_of(read_form("stage_1_tracking_form")) if field.name.endswith("_date")]
    assert [word for word in words if not word.startswith(("contact_log", "stage_1"))] == [
        "letter_n_date",
        "letter_2_date",
        "letter_1_date",
        "letter_3_date",
        "letter_med_date",
        "pastoral_meeting_date",
    ]


def test_a_certificate_holds_a_school_year_of_weeks() -> None:
    wants = template("attendance_certificate").wants
    assert {
        f"week_{week}_{day}_{half}" for week in (1, 41) for day in ("monday", "friday") for half in ("am", "pm")
    } <= wants
    assert "week_42_monday_am" not in wants


def test_a_field_that_the_vocabulary_does_not_know_is_named(tmp_path: Path) -> None:
    (tmp_path / "fields.toml").write_text((FOLDER / "fields.toml").read_text("utf-8"), "utf-8")
    (tmp_path / "wrong.toml").write_text(
        'title = "T"\npurpose = "P"\nsource = "S"\n[[part]]\nkind = "cells"\n'
        'rows = [[{ name = "pupil_nmae", width = 6 }, { name = "year_group", width = 5 }]]\n',
        "utf-8",
    )
    with pytest.raises(TemplateError) as refused:
        read_form("wrong", tmp_path)
    assert [problem.code for problem in refused.value.problems] == ["unknown-field", "row-width"]
    assert 'Did you mean "pupil_name"?' in str(refused.value)


def test_ink_is_told_from_paper(tmp_path: Path) -> None:
    form = template("medical_consent_form")
    empty, full = (render_poppler(form.fill(values), tmp_path, 72)[0] for values in ({}, {"pupil_name": "Ada"}))
    box = form.fields["pupil_name"].box
    assert ink_of(cut_box(empty, box, 72, A4_HEIGHT)).getbbox() is None
    assert ink_of(cut_box(full, box, 72, A4_HEIGHT)).getbbox() is not None
