"""What lists and pages of a pupil say: the reason that tells most, what is for the council, letters by their names."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from pypdf import PdfReader
from werkzeug.test import TestResponse

from service.memory.school_files import add_named
from service.web.shared.issue_run import ISSUED_TODAY
from tests.commands.memory.officer import ROBIN, write_export
from tests.web.pages.office import Office, Visitor
from tests.web.pages.shown.plain_words import text_of

OF_A_LETTER = re.compile(r"\b(?<!School )(?<!Enforcement )(?<!After )Letter (?:N|MED|[123])\b")
OF_A_SOURCE = re.compile(r'<(span|p) class="[^"]*al-small">Source:.*?</\1>')

ABSENCES = {"2026-09-07 AM": "O", "2026-10-08 AM": "O", "2026-11-09 AM": "O", "2026-11-18 AM": "N"}


def numbers_of(office: Office, kind: str) -> list[str]:
    """The pupils of a list, by their numbers."""
    return re.findall(r'href="/decisions/(\d+)\?', office.visit().text(f"/decisions?kind={kind}"))


def test_letters_have_the_names_that_the_policy_gives_them_wherever_they_are_told_of(office) -> None:
    visitor = office.visit()
    found = numbers_of(office, "letter")
    assert found
    for path in ("/policy", *(f"/{page}/{number}" for number in found for page in ("decisions", "pupils"))):
        page = visitor.text(path).split('class="al-paper"')[0]
        said = text_of(OF_A_SOURCE.sub("", page))
        found = OF_A_LETTER.search(said)
        assert not found, said[found.start() - 60 : found.end()]
    assert "School Letter 1 has not been sent this school year" in text_of(visitor.text("/policy"))


def test_the_main_reason_of_a_further_letter_is_what_has_happened_since_the_one_before(office) -> None:
    said = text_of(office.visit().text("/decisions?kind=letter&due=School+Letter+2"))
    assert re.search(r"\d+ unauthorised sessions?, since School Letter 1 of", said)


def test_what_the_council_must_be_told_stands_in_the_list_and_on_the_page_with_its_form(office) -> None:
    visitor = office.visit()
    ill = numbers_of(office, "none")[0]
    visitor.send(f"/pupils/{ill}/answer", word="sickness_expected_15_days", answer="yes")
    found = numbers_of(office, "return")
    assert ill in found
    said = text_of(visitor.text("/decisions?kind=return"))
    assert "Sickness return to the local authority" in said
    page = visitor.text(f"/decisions/{ill}")
    assert f'href="/pupils/{ill}/forms/sickness_return.pdf"' in page
    assert visitor.get(f"/pupils/{ill}/forms/sickness_return.pdf").data.startswith(b"%PDF")
    assert '#event">write it down</a>' in page
    assert f">{len(found)}<" in re.sub(r"\s", "", visitor.text("/").split("kind=return")[1][:200])
    assert "write it down" not in office.visit("reader").text(f"/decisions/{ill}")
    assert "return to the local authority" in visitor.text("/decisions.csv")


@pytest.fixture
def written_to(office, tmp_path) -> Visitor:
    """The administrator of a school in which a letter was issued today about somebody who is due another one."""
    visitor = office.visit("administrator", add_named(office.memory, "Mill Lane School").id)
    lines = {"school_address_line_1": "1 Mill Lane", "school_postcode": "ZE8 4QT", "school_telephone": "01632 960000"}
    signs = {"sender_name": "Ms A Example", "sender_role": "Attendance officer", "headteacher_name": "Mr B Example"}
    visitor.send("/settings", school_name="Mill Lane School", policy="bradford", lessons_per_day="0", **lines, **signs)
    export = write_export(tmp_path / "export", ROBIN, absent=ABSENCES)
    files = [(BytesIO(path.read_bytes()), path.name) for path in export.glob("*.csv")]
    where = visitor.send("/upload", nothing_sent="yes", files=files).headers["Location"]
    visitor.client.post(where, data={"form_token": visitor.token("/password")})
    one = issue_one(visitor)
    assert one.status_code == 303, text_of(one.text)[:600]
    return visitor


def issue_one(visitor: Visitor) -> TestResponse:
    """The letter of the only pupil of a school, issued by a press that may be too late."""
    number = re.search(r'href="/decisions/(\d+)', visitor.text("/decisions"))[1]
    seen = re.search(r'name="seen" value="(\d+)"', visitor.text(f"/decisions/{number}?letter=letter_1"))[1]
    return visitor.send(f"/decisions/{number}/issue", seen=seen, letter="")


def test_who_had_a_letter_today_gets_no_other_today_and_it_is_said_before_anybody_presses(written_to) -> None:
    page = written_to.text("/issue")
    assert "School Letter 1" in page
    assert 'id="pupil-' not in page
    assert ISSUED_TODAY in page
    number = re.search(r'href="/decisions/(\d+)', page)[1]
    page = written_to.text(f"/decisions/{number}")
    assert ISSUED_TODAY in page
    assert f'action="/decisions/{number}/issue"' not in page
    answer = issue_one(written_to)
    assert answer.status_code == 422
    assert ISSUED_TODAY in text_of(answer.text)


def test_a_letter_that_is_issued_says_where_it_is_printed(office) -> None:
    visitor = office.visit()
    for number in numbers_of(office, "letter"):
        page = visitor.text(f"/decisions/{number}")
        if seen := re.search(r'name="seen" value="(\d+)"', page):
            answer = visitor.send(f"/decisions/{number}/issue", seen=seen[1], letter="")
            assert answer.status_code == 303
            said = text_of(visitor.text(answer.headers["Location"]))
            assert "The letter is issued. Open it below to print it" in said
            assert "All pupils" in said
            return
    raise AssertionError("no letter could be issued")


def test_a_pupils_figures_begin_with_the_attendance_and_contacts_can_be_chosen(office) -> None:
    page = office.visit().text(f"/pupils/{numbers_of(office, 'letter')[0]}")
    named = re.findall(r"<dt>([^<]+)</dt>", page)
    assert named[:3] == ["Attendance", "Possible sessions", "Sessions attended"]
    assert re.search(r'<datalist id="recipient-choices"><option value="[^"]+"', page)
    assert "Stage 1." in text_of(page) or "Stage 2." in text_of(page)


def test_today_does_not_call_a_penalty_notice_that_is_to_be_considered_a_return(office) -> None:
    visitor, considered = office.visit(), numbers_of(office, "penalty")
    assert considered
    assert not set(considered) & set(numbers_of(office, "return"))
    said = text_of(visitor.text("/"))
    assert f"{len(considered)} pupils to consider a penalty notice for The national threshold is reached" in said
    assert "for a return to the council" not in said
    assert "Fill the form (PDF)" not in visitor.text(f"/decisions/{considered[0]}")


def test_the_letter_is_shown_with_its_figures_side_by_side(office) -> None:
    page = office.visit().text(f"/decisions/{numbers_of(office, 'letter')[0]}?letter=letter_1")
    paper = page.split('class="al-paper"')[1].split('class="govuk-body"')[0]
    rows = re.findall(r'<div class="al-paper__row">(.*?)</div>', paper)
    assert any(re.fullmatch(r"<span>Attendance.*?</span> <span>[\d.]+%</span>", row) for row in rows), rows
    assert re.search(r"<p>Dear [^<]+</p>", paper)
    assert "<p></p>" not in paper


def test_free_meetings_without_their_headings_are_told_which_to_use(office) -> None:
    visitor = office.visit()
    files = {"slots": (BytesIO(b"Date,Time,Room\n1/12/2026,9:00,Hall\n"), "free.csv")}
    answer = visitor.send("/issue", pupil="1:1", **files)
    assert answer.status_code == 422
    assert "free.csv: Put the headings Date, Time, Place and With above the free meetings" in text_of(answer.text)
    assert "UPN" not in answer.text


def test_absences_alone_are_not_called_no_marks(office) -> None:
    pupils = "UPN,Surname,Forename,Reg\nR888201517102,Ash,Ann,8A\n"
    marks = "UPN,Date,Session,Code\n" + "".join(f"R888201517102,{day}/11/2026,AM,O\n" for day in (2, 3, 16, 17))
    files = [(BytesIO(text.encode()), name) for name, text in (("pupils.csv", pupils), ("Absences.csv", marks))]
    visitor = office.visit()
    said = text_of(visitor.text(visitor.send("/upload", files=files).headers["Location"]))
    assert "Only absences are listed here" in said
    assert "Marks none that can be counted; read below why" in said


def test_a_date_is_asked_for_as_people_here_write_it(office) -> None:
    answer = office.visit().send("/pupils/1/event", event="home_visit", on="31/11/2026")
    assert answer.status_code == 422
    assert "Enter a real date, for example 20/11/2026." in answer.text


def test_the_settings_show_a_letter_with_the_schools_own_words(office) -> None:
    visitor = office.visit("reader")
    assert 'href="/settings/letter.pdf"' in visitor.text("/settings")
    letter = visitor.get("/settings/letter.pdf")
    assert letter.mimetype == "application/pdf"
    pages = [page.extract_text() for page in PdfReader(BytesIO(letter.data)).pages]
    assert "Weir Lane School" in pages[0]
    assert all("TEST" in page for page in pages)
    without_policy = office.visit("administrator", add_named(office.memory, "Mill Lane School").id)
    assert "/settings/letter.pdf" not in without_policy.text("/settings")
    assert without_policy.get("/settings/letter.pdf").status_code == 422


def test_one_wrong_day_of_the_calendar_is_one_fault(office) -> None:
    answer = office.visit().send("/settings/calendar", first="40/1/2027", last="", kind="closed", name="")
    assert answer.status_code == 422
    said = re.findall(r"Row 1: enter the (\w+) day", answer.text.split("error-summary__list")[1].split("</ul>")[0])
    assert said == ["first"]


def test_letters_are_printed_on_one_side_of_the_paper_where_somebody_says_so(office) -> None:
    visitor = office.visit()
    page = visitor.text("/letters")
    chosen = re.findall(r'name="letter" value="(\d+)"', page)[:5]
    assert re.search(r'<select[^>]* name="sides">\s*<option value="both">', page)
    pages = {}
    for sides in ("both", "one"):
        sent = visitor.send("/letters/files", letter=chosen, sides=sides, **{"as": "print"})
        pages[sides] = len(PdfReader(BytesIO(sent.data)).pages)
    assert pages["one"] < pages["both"]
