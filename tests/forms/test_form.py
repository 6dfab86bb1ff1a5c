"""Filling a form: values, limits, long texts, and a file that stays a form."""

from __future__ import annotations

import re
import subprocess
import unicodedata
from io import BytesIO
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import ImageChops
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, NumberObject, TextStringObject
from reportlab.pdfgen.canvas import Canvas

from service.errors import FillError, TemplateError
from service.forms.pdf.fonts import FontShelf, shared_shelf
from service.forms.pdf.template import FormTemplate
from tests.forms.form_pictures import cut_box, draw_form, ink_of, one_field, render_pdfium, render_poppler, trim
from tests.steps import steps_of

MANY = "The family said that mornings are hard since the move; breakfast club was offered and taken up. "


def _mixed_form() -> bytes:
    stream = BytesIO()
    canvas = Canvas(stream, pagesize=(420, 300), invariant=1)
    form = canvas.acroForm
    form.textfield(name="line", x=20, y=260, width=200, height=18, fontSize=10, maxlen=80)
    form.textfield(name="notes", x=20, y=180, width=200, height=60, fontSize=10, fieldFlags="multiline", maxlen=20_000)
    form.checkbox(name="agreed", x=20, y=150, size=16)
    form.radio(name="answer", value="yes", x=60, y=150, size=16)
    form.radio(name="answer", value="no", x=90, y=150, size=16)
    form.choice(
        name="need", x=20, y=110, width=120, height=18, options=[("None", "none"), ("Plan", "plan")], value="none"
    )
    form.textfield(name="upn", x=20, y=80, width=260, height=18, fontSize=10, fieldFlags="comb", maxlen=13)
    form.textfield(name="locked", x=20, y=50, width=120, height=18, fontSize=10, fieldFlags="readOnly", maxlen=50)
    canvas.showPage()
    canvas.save()
    return stream.getvalue()


@pytest.fixture(scope="module")
def mixed() -> FormTemplate:
    return FormTemplate.open(_mixed_form(), "mixed.pdf")


VALUES = {
    "line": "Llŷr O’Brien",
    "notes": "First line\nsecond line",
    "agreed": True,
    "answer": "no",
    "need": "plan",
    "upn": "A823456789012",
    "locked": "Office only",
}


def test_the_form_says_what_it_wants(mixed: FormTemplate) -> None:
    kinds = {name: field.kind for name, field in mixed.fields.items()}
    assert kinds == {
        "line": "text",
        "notes": "multiline",
        "agreed": "tick",
        "answer": "radio",
        "need": "choice",
        "upn": "comb",
        "locked": "text",
    }
    assert mixed.wants == frozenset(kinds)
    assert mixed.fields["answer"].choices == ("yes", "no")
    assert mixed.fields["line"].max_length == 80
    assert mixed.fields["locked"].read_only
    box = mixed.fields["line"].box
    assert (box.page, round(box.right - box.left), round(box.top - box.bottom)) == (1, 200, 18)


def test_every_value_is_in_the_file(mixed: FormTemplate) -> None:
    fields = PdfReader(BytesIO(mixed.fill(VALUES))).get_fields() or {}
    said = {name: str(field.get("/V", "")) for name, field in fields.items()}
    assert said == VALUES | {"agreed": "/Yes", "answer": "/no"}


def test_every_value_is_on_the_paper_in_both_renderers(mixed: FormTemplate, tmp_path: Path) -> None:
    for flat in (False, True):
        filled, empty = mixed.fill(VALUES, flat=flat), mixed.fill({}, flat=flat)
        for render in (lambda content: render_poppler(content, tmp_path), render_pdfium):
            after, before = render(filled)[0], render(empty)[0]
            for name, field in mixed.fields.items():
                for place, box in enumerate(field.boxes):
                    shown = [ink_of(cut_box(page, box, height=300)) for page in (before, after)]
                    changed = ImageChops.difference(*shown).histogram()[255] > 50
                    assert changed == (name != "answer" or place == 1), (name, place, flat)


def test_a_tick_taken_away_is_gone(mixed: FormTemplate, tmp_path: Path) -> None:
    empty, off = (render_poppler(mixed.fill(values), tmp_path)[0].tobytes() for values in ({}, {"agreed": False}))
    assert off == empty


def test_a_filling_begins_with_the_prepared_file_and_repeats_itself(mixed: FormTemplate) -> None:
    first, second, empty = mixed.fill(VALUES), mixed.fill(VALUES), mixed.fill({})
    assert first == second
    prepared = empty[: empty.rindex(b"xref\n0 1\n")]
    assert first.startswith(prepared)


def _drawn_anew(form: FormTemplate, values: dict[str, str | bool]) -> str:
    """What a filling appends to the prepared file."""
    empty = form.fill({})
    return form.fill(values)[empty.rindex(b"xref\n0 1\n") :].decode("latin-1")


@pytest.mark.parametrize("flat", [False, True])
def test_the_file_is_sound_and_embeds_every_font_it_draws_with(mixed: FormTemplate, flat: bool, tmp_path: Path) -> None:
    names = "Łukasz محمد 王伟 ગુજ ਪੰ বা"
    (tmp_path / "filled.pdf").write_bytes(mixed.fill(VALUES | {"line": names, "notes": MANY * 9}, flat=flat))
    checked = subprocess.run(["qpdf", "--check", "filled.pdf"], cwd=tmp_path, capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    fonts = subprocess.run(["pdffonts", "filled.pdf"], cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    used = [line for line in fonts.splitlines()[2:] if "+" in line]
    assert len(used) >= 7
    assert all(re.search(r"yes yes yes +\d+ +0$", line) for line in used)


def test_a_person_can_go_on_filling_it_in(mixed: FormTemplate) -> None:
    with pypdfium2.PdfDocument(mixed.fill({"line": "Łukasz"})) as document:
        document.init_forms()
        page = document[0]
        forms = document.formenv
        assert pdfium.FORM_OnFocus(forms.raw, page.raw, 0, 40, 269)
        pdfium.FORM_OnLButtonDown(forms.raw, page.raw, 0, 40, 269)
        pdfium.FORM_OnLButtonUp(forms.raw, page.raw, 0, 40, 269)
        pdfium.FORM_SelectAllText(forms.raw, page.raw)
        typed = "Zofia\0".encode("utf-16-le")
        pdfium.FORM_ReplaceSelection(forms.raw, page.raw, (pdfium.FPDF_WCHAR * 6).from_buffer_copy(typed))
        pdfium.FORM_ForceToKillFocus(forms.raw)
        saved = BytesIO()
        document.save(saved)
    fields = PdfReader(saved).get_fields() or {}
    assert fields["line"]["/V"] == "Zofia"


def test_another_program_can_add_a_value_and_keeps_ours(mixed: FormTemplate, tmp_path: Path) -> None:
    writer = PdfWriter(clone_from=PdfReader(BytesIO(mixed.fill({"line": "Łukasz Ŵyn", "agreed": True}))))
    writer.update_page_form_field_values(writer.pages[0], {"notes": "Typed later"}, auto_regenerate=False)
    saved = BytesIO()
    writer.write(saved)
    fields = PdfReader(saved).get_fields() or {}
    assert {name: fields[name]["/V"] for name in ("line", "notes", "agreed")} == {
        "line": "Łukasz Ŵyn",
        "notes": "Typed later",
        "agreed": "/Yes",
    }
    ours = render_poppler(mixed.fill({"line": "Łukasz Ŵyn"}), tmp_path)[0]
    theirs = render_poppler(saved.getvalue(), tmp_path)[0]
    box = mixed.fields["line"].box
    assert cut_box(ours, box, height=300).tobytes() == cut_box(theirs, box, height=300).tobytes()


def test_a_flat_copy_has_no_fields(mixed: FormTemplate) -> None:
    reader = PdfReader(BytesIO(mixed.fill(VALUES, flat=True)))
    assert "/AcroForm" not in reader.root_object
    assert not reader.get_fields()
    assert "Llŷr O’Brien" in reader.pages[0].extract_text()


def test_every_problem_is_named_at_once(mixed: FormTemplate) -> None:
    values = {
        "lime": "x",
        "line": "x" * 81,
        "notes": "Null\x00 and \u202e",
        "agreed": "yes",
        "answer": "maybe",
        "need": "plann",
        "locked": True,
        "upn": "A823456789012",
    }
    problems = mixed.check(values)
    assert [(problem.code, problem.pointer) for problem in problems] == [
        ("unknown-field", "/lime"),
        ("too-long", "/line"),
        ("cannot-be-drawn", "/notes"),
        ("cannot-be-drawn", "/notes"),
        ("not-a-tick", "/agreed"),
        ("not-a-choice", "/answer"),
        ("not-a-choice", "/need"),
        ("not-a-text", "/locked"),
    ]
    said = " ".join(problem.detail for problem in problems)
    for part in (
        'Did you mean "line"?',
        "at most 80 characters; this has 81",
        "U+0000",
        "U+202E (RIGHT-TO-LEFT OVERRIDE)",
    ):
        assert part in said
    assert 'Did you mean "plan"?' in said
    for flat in (False, True):
        with pytest.raises(FillError) as refused:
            mixed.fill(values, flat=flat)
        assert list(refused.value.problems) == problems


def test_a_character_that_no_font_draws_is_refused_by_name() -> None:
    only_latin = FontShelf.open((shared_shelf().text.path,))
    form = FormTemplate.open(draw_form({"name": (60.0, 50.0, 300.0, 18.0)}), "one.pdf", only_latin)
    (problem,) = form.check({"name": "Sara 王"})
    said = 'The field "name" holds U+738B (CJK UNIFIED IDEOGRAPH-738B), which no installed font can draw.'
    assert problem.detail == said
    with pytest.raises(FillError):
        form.fill({"name": "Sara 王"})


def test_long_text_shrinks_to_eight_points_and_no_further(mixed: FormTemplate) -> None:
    sizes = {}
    for words in (8, 50, 400):
        content = _drawn_anew(mixed, {"notes": " ".join(["attendance"] * words)})
        box = content[: content.index("endstream")]
        sizes[words] = {float(size) for size in re.findall(r"/T ([\d.]+) Tf", box)}
    assert sizes[8] == {10.0}
    assert max(sizes[50]) < 10
    assert all(size >= 8 for found in sizes.values() for size in found)


@pytest.mark.parametrize("flat", [False, True])
@pytest.mark.parametrize("text", [MANY * 20, "اسم طويل جدا " * 150, "王伟李小龙" * 300, "x" * 3000, "line\n" * 300])
def test_no_word_of_a_long_text_is_lost(mixed: FormTemplate, text: str, flat: bool) -> None:
    reader = PdfReader(BytesIO(mixed.fill({"notes": text}, flat=flat)))
    assert len(reader.pages) >= 2
    sheet = "".join(page.extract_text() for page in list(reader.pages)[1:])
    assert "notes (page 1)" in sheet
    shown = _drawn_anew(mixed, {"notes": text})
    codes = re.findall(r"<([0-9a-f]+)> Tj|ActualText<feff([0-9a-f]+)>", shown)
    said = "".join(bytes.fromhex(plain or shaped).decode("utf-16-be") for plain, shaped in codes)
    for heading in ("… continued on the extra sheet", "Extra sheet", "notes (page 1)"):
        said = said.replace(heading, "")
    said = said.replace("Text that is longer than its box on the form continues here.", "")
    letters = [re.sub(r"\s", "", unicodedata.normalize("NFC", part)) for part in (said, text)]
    assert sorted(letters[0]) == sorted(letters[1])


def test_a_name_too_long_for_its_line_stands_in_full_on_the_extra_sheet(mixed: FormTemplate) -> None:
    name = "Maximiliana Alexandra Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh-Smith"[:80]
    reader = PdfReader(BytesIO(mixed.fill({"line": name})))
    assert name in reader.pages[1].extract_text().replace("\n", " ")


def test_centred_and_right_aligned_text_stands_where_the_form_says() -> None:
    writer = PdfWriter(clone_from=PdfReader(BytesIO(draw_form({"name": (60.0, 50.0, 300.0, 18.0)}))))
    for align in (0, 1, 2):
        field = writer.root_object["/AcroForm"]["/Fields"][0].get_object()  # type: ignore[index]
        field[NameObject("/Q")] = NumberObject(align)
        saved = BytesIO()
        writer.write(saved)
        form = FormTemplate.open(saved.getvalue(), "aligned.pdf")
        pages = render_pdfium(form.fill({"name": "Ada"}))
        left, _, right, _ = ink_of(cut_box(pages[0], form.fields["name"].box)).getbbox() or (0, 0, 0, 0)
        free = (left, 900 - right)
        assert (free[0] < 12, abs(free[0] - free[1]) < 6, free[1] < 12) == (align == 0, align == 1, align == 2)


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_turned_box_is_filled_along_its_own_direction(turn: int, tmp_path: Path) -> None:
    tall = turn != 180
    box = (60.0, 20.0, 18.0, 90.0) if tall else (60.0, 50.0, 90.0, 18.0)
    writer = PdfWriter(clone_from=PdfReader(BytesIO(draw_form({"name": box}))))
    field = writer.root_object["/AcroForm"]["/Fields"][0].get_object()  # type: ignore[index]
    field[NameObject("/MK")] = DictionaryObject({NameObject("/R"): NumberObject(turn)})
    saved = BytesIO()
    writer.write(saved)
    form = FormTemplate.open(saved.getvalue(), "turned.pdf")
    for flat in (False, True):
        picture = render_poppler(form.fill({"name": "Ada Lovelace"}, flat=flat), tmp_path)[0]
        ink = trim(ink_of(cut_box(picture, form.fields["name"].box)))
        assert (ink.height > 3 * ink.width) == tall


def test_what_characters_without_a_font_cost_grows_with_their_number_only() -> None:
    form = one_field()

    def cost(first: int, characters: int) -> int:
        text = "".join(map(chr, range(first, first + characters)))
        return steps_of(lambda: form.check({"name": text}))

    cost(0x20000, 1)  # the fonts are read once, what was found of a character is kept
    few, many = cost(0x21000, 500), cost(0x22000, 4_000)
    assert many < 12 * few


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"not a pdf at all", "not-a-pdf"),
        (b"%PDF-1.7\nnothing more", "damaged-pdf"),
        (_mixed_form()[:900], "damaged-pdf"),
    ],
)
def test_a_file_that_is_no_form_is_refused_with_its_name(content: bytes, code: str) -> None:
    with pytest.raises(TemplateError) as refused:
        FormTemplate.open(content, "council.pdf")
    assert [(problem.code, problem.file) for problem in refused.value.problems] == [(code, "council.pdf")]


def test_a_pdf_without_fields_or_with_a_password_is_refused() -> None:
    stream = BytesIO()
    canvas = Canvas(stream)
    canvas.drawString(100, 100, "A letter")
    canvas.save()
    with pytest.raises(TemplateError) as refused:
        FormTemplate.open(stream.getvalue(), "letter.pdf")
    assert refused.value.problems[0].code == "no-fields"
    writer = PdfWriter(clone_from=PdfReader(BytesIO(_mixed_form())))
    writer.encrypt("secret", algorithm="RC4-128")
    locked = BytesIO()
    writer.write(locked)
    with pytest.raises(TemplateError) as refused:
        FormTemplate.open(locked.getvalue(), "locked.pdf")
    assert refused.value.problems[0].code == "encrypted-form"


def test_scripts_and_actions_of_a_form_are_taken_out() -> None:
    writer = PdfWriter(clone_from=PdfReader(BytesIO(_mixed_form())))
    writer.root_object[NameObject("/OpenAction")] = DictionaryObject(
        {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert('hello')")}
    )
    writer.add_attachment("notes.txt", b"hello")
    saved = BytesIO()
    writer.write(saved)
    filled = FormTemplate.open(saved.getvalue(), "active.pdf").fill(VALUES)
    assert b"app.alert" not in filled
    root = PdfReader(BytesIO(filled)).root_object
    assert "/OpenAction" not in root
    assert not {"/JavaScript", "/EmbeddedFiles"} & set(root.get("/Names", {}))


printable = st.text(st.characters(exclude_categories=("Cc", "Cs", "Co", "Cn", "Cf")), max_size=80)


@given(name=printable, notes=st.text(max_size=300), agreed=st.booleans())
def test_any_text_is_drawn_or_refused_and_never_breaks_the_file(name: str, notes: str, agreed: bool) -> None:
    form = _shared_mixed()
    values: dict[str, str | bool] = {"line": name, "notes": notes, "agreed": agreed}
    problems = form.check(values)
    if problems:
        assert {problem.code for problem in problems} <= {"cannot-be-drawn", "too-long"}
        with pytest.raises(FillError):
            form.fill(values)
        return
    fields = PdfReader(BytesIO(form.fill(values))).get_fields() or {}
    assert _composed(str(fields["line"]["/V"])) == _composed(name)
    assert fields["agreed"]["/V"] == ("/Yes" if agreed else "/Off")
    PdfReader(BytesIO(form.fill(values, flat=True))).pages[0].extract_text()


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", re.sub("[\u00ad\u200b\u2060\ufeff]", "", text))


def _shared_mixed(kept: list[FormTemplate] = []) -> FormTemplate:  # noqa: B006 - opened once for all examples
    if not kept:
        kept.append(FormTemplate.open(_mixed_form(), "mixed.pdf"))
    return kept[0]
