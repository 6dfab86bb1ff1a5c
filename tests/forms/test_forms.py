"""Forms filled for a pupil: what stands in the files, on paper, and beside the letters of a cohort."""

from __future__ import annotations

import re
import subprocess
import zipfile
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from PIL import Image
from pypdf import PdfReader

from service.attendance.codes import CODES
from service.attendance.words import EVENTS, FACTS, FORMS, OUTCOMES, PER_PARENT_EVENTS
from service.batches.enclosures import fill_enclosures
from service.batches.meeting_slots import Slots
from service.batches.run import CohortRun, run_row
from service.cohort.join import Cohort
from service.cohort.pupil_row import PupilRow
from service.desk import Desk
from service.errors import FillError, RecordError, RequestError, SettingsError, TemplateError
from service.fill import fill_form, fill_named_forms
from service.forms.catalogue import FormCatalogue
from service.forms.pdf.shaping import clean_text
from service.issue import Issue, issue_letters
from service.pupil import Pupil
from service.settings import Settings, read_settings
from service.word.document import DOCX, PDF
from tests.forms.form_pupils import ANN, BEN, DESK, FORMS_FOLDER, ON, STAGE_2, START, event, marks, on, pupil

NAMES = ("Siân Llŷr Ŵyn", "Nguyễn Thị Ễ", "Łukasz Żółć", "Иван Ελένη", "محمد أحمد", "শ্রেয়া", "O'Neil & <Sons>")


def text_of(content: bytes, folder: Path) -> str:
    """What a PDF says on paper."""
    (folder / "form.pdf").write_bytes(content)
    command = ["pdftotext", "-layout", "form.pdf", "-"]
    return subprocess.run(command, cwd=folder, capture_output=True, check=True, text=True).stdout


def fields_of_pdf(content: bytes) -> dict[str, str]:
    """The values that a PDF's fields hold, without the empty ones."""
    fields = PdfReader(BytesIO(content)).get_fields() or {}
    found = {name: str(field.get("/V", "")).removeprefix("/") for name, field in fields.items()}
    return {name: value for name, value in found.items() if value not in ("", "Off")}


def text_of_docx(content: bytes) -> str:
    """What a Word document says, a paragraph a line."""
    with zipfile.ZipFile(BytesIO(content)) as package:
        parts = [package.read(name) for name in package.namelist() if name.startswith(("word/document", "word/header"))]
    word = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    return "\n".join("".join(p.itertext()) for part in parts for p in etree.fromstring(part).iter(f"{word}p"))


WORKED: dict[str, tuple[dict[str, Any], dict[str, str]]] = {
    "stage_1_tracking_form": ({}, {"letter_n_date": "10/09/2026, 29/09/2026", "pastoral_meeting_date": "14/10/2026"}),
    "stage_2_tracking_form": (
        {"history": STAGE_2, "parent_engaged": False},
        {
            "enforcement_letter_2_dna_date": "09/11/2026",
            "criterion_letters_sent": "not_met",
            "criterion_not_engaged": "met",
        },
    ),
    "medical_action_plan": (
        {"sen_support": True},
        {"send": "sen_support", "broken_weeks": "7 of 11", "days_missed": "12"},
    ),
    "medical_consent_form": ({}, {"parent_name": "Ms Ann Ash", "parent_address": "2 Long Row\nNetherford\nZE8 4QT"}),
    "attendance_improvement_plan": ({}, {"meeting_number": "2", "school_name": "Weir Lane School"}),
    "parenting_contract": ({}, {"parent_2_name": "Mr Ben Birch", "signed_school_name": "Mr J Marlowe"}),
    "attendance_contract": (
        {},
        {"contract_with": "school", "period_start": "03/09/2026", "sessions_unauthorised": "18"},
    ),
    "statutory_intervention_request": (
        {"history": STAGE_2, "social_worker": True},
        {
            "home_visit_outcome": "Did not attend: Nobody was in.",
            "criterion_threshold": "met",
            "social_care": "Social worker",
        },
    ),
    "penalty_notice_request": ({}, {"window_o": "15", "absence_kind": "other", "parent_1_lives_with_child": "no"}),
    "sickness_return": (
        {"marks": marks({date(2026, 9, 3) + timedelta(days=n): "I" for n in range(19)})},
        {"sickness_return_basis": "consecutive", "school_days_absent": "13"},
    ),
    "attendance_return": (
        {"marks": marks({on(day, 11): "O" for day in range(9, 21)})},
        {"absence_start": "09/11/2026", "code_o": "Yes", "absence_10_pm": "O", "school_days_absent": "10"},
    ),
    "attendance_certificate": ({}, {"week_9_begins": "02/11/2026", "week_9_monday_am": "U", "upn": "F999255024867"}),
}
TICKED = {"code_o"}


def worked(form: str) -> Any:
    """The worked pupil of a form."""
    words, _ = WORKED[form]
    if form == "sickness_return":
        day = on(21, 9)
        ill = marks({date(2026, 9, 3) + timedelta(days=n): "I" for n in range(19)}, last=day)
        return pupil(day=day, marks=ill, sickness_expected_15_days=True)
    return pupil(**words)


@pytest.mark.parametrize("form", FORMS)
def test_a_pdf_holds_the_values_of_the_worked_pupil(form: str) -> None:
    document = fill_form(DESK, worked(form), form)
    assert (document.name, document.media_type) == (f"{form}.pdf", PDF)
    found = fields_of_pdf(document.content)
    assert found["pupil_name"] == "Robin Ash"
    for word, value in WORKED[form][1].items():
        assert found[word] if word in TICKED else found[word] == value, (word, found.get(word))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("flat", [False, True])
def test_the_values_of_the_worked_pupil_are_read_on_paper(form: str, flat: bool, tmp_path: Path) -> None:
    content = fill_form(DESK, worked(form), form, PDF, flat).content
    said = text_of(content, tmp_path)
    fields = fields_of_pdf(fill_form(DESK, worked(form), form).content)
    template = DESK.forms.open_pdf(form)
    for word, value in fields.items():
        field = template.fields[word]
        if field.kind in ("text", "multiline") and not word.endswith(("_details", "_outcome", "_address")):
            assert all(part in said for part in value.split()), (word, value)
    assert bool(PdfReader(BytesIO(content)).get_fields()) is not flat


@pytest.mark.parametrize("form", FORMS)
def test_a_word_document_says_the_same_as_the_pdf(form: str) -> None:
    document = fill_form(DESK, worked(form), form, DOCX)
    assert (document.name, document.media_type) == (f"{form}.docx", DOCX)
    said = text_of_docx(document.content)
    template = DESK.forms.open_pdf(form)
    for word, value in fields_of_pdf(fill_form(DESK, worked(form), form).content).items():
        if template.fields[word].kind in ("text", "comb"):
            assert value in said, word
    marked = [word for word in WORKED[form][1] if template.fields[word].kind in ("radio", "tick")]
    assert "☒" in said or not marked
    assert "{{" not in said


@pytest.mark.parametrize("name", NAMES)
def test_difficult_names_are_filled_in(name: str, tmp_path: Path) -> None:
    of = pupil(first_name=name, contacts=[{**ANN, "last_name": name}])
    found = fields_of_pdf(fill_form(DESK, of, "parenting_contract").content)
    assert found["pupil_name"] == clean_text(f"{name} Ash")
    assert found["signed_parent_1_name"] == clean_text(f"Ms Ann {name}")
    assert f"{name} Ash" in text_of_docx(fill_form(DESK, of, "parenting_contract", DOCX).content)
    if name.isascii() or "ễ" in name or "ł" in name.casefold():
        assert name.split()[0] in text_of(fill_form(DESK, of, "parenting_contract", PDF, True).content, tmp_path)


def test_a_character_that_no_font_draws_is_named_without_the_childs_name() -> None:
    with pytest.raises(FillError) as refused:
        fill_form(DESK, pupil(first_name="Robin\U0001f99a\ue000"), "sickness_return")
    assert {problem.code for problem in refused.value.problems} == {"cannot-be-drawn"}
    assert "Robin" not in str(refused.value)


def test_nothing_about_one_contact_stands_in_anothers_form() -> None:
    of = pupil(contacts=[ANN, {**BEN, "email": "ben@birch.example"}])
    said = " ".join(fields_of_pdf(fill_form(DESK, of, "medical_consent_form").content).values())
    said += text_of_docx(fill_form(DESK, of, "medical_consent_form", DOCX).content)
    assert "Ann" in said
    for word in ("Birch", "Sluice", "Thorley", "ZE7", "ben@"):
        assert word not in said


def test_an_unknown_form_is_answered_with_the_nearest() -> None:
    with pytest.raises(RequestError) as refused:
        fill_form(DESK, pupil(), "attendance_certificat")
    assert refused.value.code == "unknown-form"
    assert 'Did you mean "attendance_certificate"?' in str(refused.value)


@pytest.mark.parametrize("name", ["../pyproject", "", "fields", "/etc/passwd"])
def test_only_what_is_a_form_can_be_opened(name: str) -> None:
    with pytest.raises(RequestError):
        DESK.forms.open_pdf(name)


def test_a_flat_word_document_is_refused() -> None:
    with pytest.raises(RequestError, match="A flat copy is a PDF"):
        fill_form(DESK, pupil(), "sickness_return", DOCX, flat=True)


def test_the_catalogue_has_every_form_of_the_contract() -> None:
    assert DESK.forms.names == tuple(sorted(FORMS))
    assert DESK.forms.open_pdf("sickness_return") is DESK.forms.open_pdf("sickness_return")
    assert DESK.forms.open_document("sickness_return") is DESK.forms.open_document("sickness_return")
    finished = [form for form in FORMS if DESK.forms.kind(form).is_finished]
    assert finished == ["attendance_certificate"]


# A school's own forms and fonts


def own_folder(folder: Path, form: str, *endings: str) -> FormCatalogue:
    for ending in endings:
        (folder / f"own{ending}").write_bytes((FORMS_FOLDER / f"{form}{ending}").read_bytes())
    return FormCatalogue(folder)


def test_a_form_of_the_council_alone_in_a_folder_is_filled(tmp_path: Path) -> None:
    catalogue = own_folder(tmp_path, "penalty_notice_request", ".pdf")
    assert catalogue.names == ("own",)
    assert (catalogue.kind("own").title, catalogue.kind("own").goes_to) == ("own", "")
    desk = Desk(Settings(rules=DESK.settings.rules, letters=DESK.settings.letters, forms=tmp_path))
    found = fields_of_pdf(fill_form(desk, pupil(child_in_need=True), "own").content)
    assert found["window_o"] == "15"
    assert found.keys() & {"social_care", "pupil_address", "parent_2_address"} == set()
    with pytest.raises(RequestError, match=r"There is no \.docx of the form"):
        fill_form(desk, pupil(), "own", DOCX)


@pytest.mark.parametrize("wrong", ['goes_to = "anyone"', 'reports = "lateness"', "goes_to = "])
def test_a_toml_that_cannot_be_understood_is_refused(wrong: str, tmp_path: Path) -> None:
    catalogue = own_folder(tmp_path, "sickness_return", ".pdf")
    (tmp_path / "own.toml").write_text(wrong)
    with pytest.raises(TemplateError, match=r"own\.toml"):
        catalogue.kind("own")


def test_forms_are_drawn_with_the_fonts_named() -> None:
    listed = subprocess.run(["fc-list", "--format", "%{file}\n"], capture_output=True, check=True, text=True).stdout
    sans = next(Path(line) for line in listed.splitlines() if line.endswith("LiberationSans-Regular.ttf"))
    drawn = FormCatalogue(FORMS_FOLDER, (sans,)).open_pdf("sickness_return").fill({"pupil_name": "Robin"})
    assert b"Liberation" in drawn


def test_font_files_and_a_folder_of_forms_are_settings(tmp_path: Path) -> None:
    font = tmp_path / "a.ttf"
    font.touch()
    named = {"ATTENDANCE_LETTERS_FORMS": str(tmp_path), "ATTENDANCE_LETTERS_FORM_FONTS": str(font)}
    found = read_settings(named)
    assert (found.forms, found.form_fonts) == (tmp_path, (font,))
    with pytest.raises(SettingsError, match="FORM_FONTS"):
        read_settings({"ATTENDANCE_LETTERS_FORM_FONTS": str(tmp_path / "missing.ttf")})


def draw_logo(path: Path) -> Path:
    """A red logo, three times as wide as high."""
    Image.new("RGB", (600, 200), "#c0392b").save(path)
    return path


def test_a_schools_logo_stands_in_the_word_documents_letterhead(tmp_path: Path) -> None:
    logo = draw_logo(tmp_path / "logo.png")
    of = pupil()
    with_logo = replace(of, school=replace(of.school.with_words({"logo": "logo.png"}), folder=tmp_path))
    content = fill_form(DESK, with_logo, "parenting_contract", DOCX).content
    with zipfile.ZipFile(BytesIO(content)) as package:
        assert package.read("word/media/logo.png") == logo.read_bytes()
        header = package.read("word/header1.xml").decode()
    assert 'descr="Logo of Weir Lane School"' in header
    assert f'cx="{38 * 36000}" cy="{round(38 / 3 * 36000)}"' in header
    page = draw_docx(content, tmp_path)
    red = [x for x in range(page.width) for y in range(150) if is_red(page.getpixel((x, y)))]
    assert page.width * 0.7 < min(red) < max(red) < page.width * 0.94


def test_each_schools_logo_is_called_by_its_own_name_though_the_schools_share_the_logo(tmp_path: Path) -> None:
    draw_logo(tmp_path / "logo.png")
    of = pupil()
    for name in ("Alpha School", "Beta Academy"):
        words = {**of.school.words, "logo": "logo.png", "school_name": name}
        own = replace(of, school=replace(of.school, words=words, folder=tmp_path))
        assert logos(own) == {f"Logo of {name}"}
        another = replace(own, record=replace(of.record, school={"school_name": "Gamma School"}))
        assert logos(another) == set()


def logos(of: Pupil) -> set[str]:
    content = fill_form(DESK, of, "parenting_contract", DOCX).content
    with zipfile.ZipFile(BytesIO(content)) as package:
        return set(re.findall(r'descr="([^"]*)"', package.read("word/header1.xml").decode()))


def test_without_a_logo_its_place_is_empty(tmp_path: Path) -> None:
    content = fill_form(DESK, pupil(), "parenting_contract", DOCX).content
    with zipfile.ZipFile(BytesIO(content)) as package:
        assert not [name for name in package.namelist() if "media" in name]
        assert "drawing" not in package.read("word/header1.xml").decode()


def test_a_logo_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    of = pupil()
    without = replace(of, school=replace(of.school.with_words({"logo": "gone.png"}), folder=tmp_path))
    with pytest.raises(TemplateError, match="The logo named in"):
        fill_form(DESK, without, "parenting_contract", DOCX)


def draw_docx(content: bytes, folder: Path) -> Image.Image:
    """The first page of a Word document as LibreOffice prints it, at 100 dots to the inch."""
    (folder / "form.docx").write_bytes(content)
    profile = f"-env:UserInstallation=file://{folder}/profile"
    office = ["soffice", profile, "--headless", "--convert-to", "pdf", "form.docx"]
    subprocess.run(office, cwd=folder, capture_output=True, check=True, timeout=120)
    subprocess.run(["pdftoppm", "-r", "100", "-png", "-singlefile", "form.pdf", "page"], cwd=folder, check=True)
    return Image.open(folder / "page.png").convert("RGB")


def is_red(pixel: Any) -> bool:
    return bool(pixel[0] > 150 and pixel[1] < 100)


# The forms that belong to a decision


def test_the_forms_of_a_decision_its_enclosures_and_its_returns_are_filled() -> None:
    away = dict.fromkeys((on(day, 11) for day in range(2, 21)), "O")
    of = pupil(marks=marks(away), history=[], reason_given=True)
    issue = issue_letters(DESK, of)
    found = fill_named_forms(DESK, of, issue)
    assert issue.decision.returns[:1] == ("attendance_return",)
    assert [document.name for document in found.documents] == ["stage_1_tracking_form.pdf", "attendance_return.pdf"]
    assert all(fields_of_pdf(document.content) for document in found.documents)
    assert found.problems == ()


def test_the_certificate_that_a_letter_encloses_is_flat() -> None:
    history = [event(on(10, 9), "general_letter")]
    meeting = {"meeting_date": "2026-12-01", "meeting_time": "9:30", "meeting_place": "Room 4"}
    of = pupil(
        "stockport", history=history, reason_given=True, medical_reason_cited=False, parent_engaged=False, **meeting
    )
    issue = issue_letters(DESK, of)
    found = fill_named_forms(DESK, of, issue)
    assert issue.decision.letter == "stage_2_letter"
    by_name = {document.name: document.content for document in found.documents}
    assert by_name.keys() >= {"attendance_improvement_plan.pdf", "attendance_certificate.pdf"}
    assert not PdfReader(BytesIO(by_name["attendance_certificate.pdf"])).get_fields()
    assert fields_of_pdf(by_name["attendance_improvement_plan.pdf"])["plan_date"] == "01/12/2026"


def test_a_form_that_cannot_be_drawn_is_a_problem_and_the_others_are_made() -> None:
    away = dict.fromkeys((on(day, 11) for day in range(2, 21)), "O")
    of = pupil(marks=marks(away), history=[event(on(3, 11), "parent_contact", note="\ue000")])
    found = fill_named_forms(DESK, of, issue_letters(DESK, of))
    assert [document.name for document in found.documents] == ["attendance_return.pdf"]
    assert [problem.detail.partition(":")[0] for problem in found.problems] == ["stage_1_tracking_form"]


# Anything that a record can hold

ORDINARY = st.text("aŁỄжé {}\n&<'-", max_size=90)
WRITTEN = ORDINARY | ORDINARY | ORDINARY | st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=9)
DAYS = st.dates(date(2024, 9, 1), date(2026, 11, 20)).map(date.isoformat)
ANSWER = st.booleans()
EVENT = st.fixed_dictionaries(
    {"on": DAYS, "event": st.sampled_from(sorted(EVENTS))},
    optional={
        "outcome": st.sampled_from(sorted(OUTCOMES)),
        "recipient": st.sampled_from(("1", "2", "9", "Ms Ann Ash")) | WRITTEN,
        **dict.fromkeys(("by", "method"), WRITTEN),
        "note": WRITTEN | st.text("word \n", min_size=500, max_size=1500),
    },
).map(lambda e: {"recipient": "1", **e} if e["event"] in PER_PARENT_EVENTS else e)
CONTACT = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(("title", "first_name", "last_name", "relationship", "address_line_1", "postcode"), WRITTEN),
        **dict.fromkeys(("parental_responsibility", "lives_with_pupil", "confidential_address"), ANSWER),
    },
)
MARKS = st.dictionaries(
    st.tuples(st.dates(START - timedelta(days=60), ON).map(date.isoformat), st.sampled_from(("AM", "PM"))),
    st.sampled_from([code for code in CODES if code != "J"]),
    max_size=120,
).map(lambda found: [{"date": day, "session": half, "code": code} for (day, half), code in found.items()])
RECORDS = st.fixed_dictionaries(
    {"pupil_reference": st.just("1"), "marks": MARKS, "history": st.lists(EVENT, max_size=25)},
    optional={
        **dict.fromkeys(("upn", "first_name", "last_name", "year_group", "meeting_date", "meeting_with"), WRITTEN),
        **dict.fromkeys(FACTS, ANSWER),
        "contacts": st.lists(CONTACT, max_size=3),
        "school_name": WRITTEN,
        "sessions_possible": st.integers(0, 300),
    },
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(record=RECORDS, policy=st.sampled_from(sorted(DESK.policies)), flat=ANSWER)
def test_any_record_fills_every_form(record: dict[str, Any], policy: str, flat: bool) -> None:
    try:
        of = pupil(policy, **{"upn": "", "contacts": [], **record})
    except RecordError:
        return
    for form in FORMS:
        assert fill_form(DESK, of, form, DOCX).content
        assert _fault_codes(of, form, flat) <= {"cannot-be-drawn"}


def _fault_codes(of: Pupil, form: str, flat: bool) -> set[str]:
    try:
        fill_form(DESK, of, form, PDF, flat)
    except FillError as refused:
        return {problem.code for problem in refused.problems}
    return set()


def invited() -> Pupil:
    """A pupil whose parents are invited to a meeting, with the certificate enclosed."""
    history = [event(on(10, 9), "general_letter")]
    meeting = {"meeting_date": "2026-12-01", "meeting_time": "9:30", "meeting_place": "Room 4"}
    return pupil("stockport", history=history, medical_reason_cited=False, parent_engaged=False, **meeting)


def test_a_form_goes_behind_a_letter_only_where_its_own_toml_sends_it_to_parents(tmp_path: Path) -> None:
    of = invited()
    issue = issue_letters(DESK, of)
    named = {"attendance_improvement_plan": "school", "attendance_certificate": "parents", "own": "parents"}
    for form, goes_to in named.items():
        pdf = FORMS_FOLDER / f"{'attendance_certificate' if form == 'own' else form}.pdf"
        (tmp_path / f"{form}.pdf").write_bytes(pdf.read_bytes())
        (tmp_path / f"{form}.toml").write_text(f'goes_to = "{goes_to}"')
    (tmp_path / "without.pdf").write_bytes((FORMS_FOLDER / "stage_1_tracking_form.pdf").read_bytes())
    named["without"] = ""
    desk = Desk(replace(DESK.settings, forms=tmp_path))
    alone = {form: len(fill_enclosures(desk, of, _enclosing_only(issue, form))) for form in named}
    assert alone == {"attendance_improvement_plan": 0, "attendance_certificate": 1, "own": 1, "without": 0}


def test_the_certificate_behind_a_letter_is_the_one_beside_it_filled_once() -> None:
    of = invited()
    run = CohortRun(DESK, of.school, of.policy, of.on, with_documents=True, binds_enclosures=True)
    row = PupilRow(2, "pupils.csv", of.record.key, of.record)
    item = run_row(run, Cohort(of.calendar, lambda share: iter(())), row, Slots())
    beside = {document.name: document.content for document in item.forms.documents}
    assert any(content is beside["attendance_certificate.pdf"] for content in item.enclosures)
    assert item.issue
    assert item.enclosures == fill_enclosures(DESK, of, item.issue)


def test_a_form_that_is_open_beside_the_letter_is_flat_behind_it(tmp_path: Path) -> None:
    (tmp_path / "own.pdf").write_bytes((FORMS_FOLDER / "sickness_return.pdf").read_bytes())
    (tmp_path / "own.toml").write_text('goes_to = "parents"')
    of, desk = invited(), Desk(replace(DESK.settings, forms=tmp_path))
    issue = _enclosing_only(issue_letters(DESK, of), "own")
    forms = fill_named_forms(desk, of, issue)
    (behind,) = fill_enclosures(desk, of, issue, forms)
    assert PdfReader(BytesIO(forms.documents[0].content)).get_fields()
    assert not PdfReader(BytesIO(behind)).get_fields()


def _enclosing_only(issue: Issue, form: str) -> Issue:
    """The same letter with one enclosure, and a decision that names no forms."""
    decision = replace(issue.decision, documents=(), returns=())
    decided = issue.decided._replace(decision=decision)
    return replace(issue, decided=decided, letters=(replace(issue.letters[0], enclosures=(form,)),))
