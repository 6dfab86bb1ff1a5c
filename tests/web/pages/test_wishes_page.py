"""One decision: somebody adds a personal sentence, chooses who gets the letter, takes both back, and issues."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import pypdfium2
import pytest
from docx import Document
from playwright.sync_api import Page, expect

from service.memory.due_today import Due
from service.memory.looking.due_kept import DueKept
from service.storage.pupils_kept import keep_contacts, raise_version
from tests.invented import ON
from tests.web.pages.office import Office, Visitor, sign_in
from tests.web.pages.test_every_page import AXE, TOO_WIDE

SENTENCE = "We are so glad that the broken arm has healed."
HOSTILE = "<script>alert(1)</script> & {{ known_as }}"


def due_letters(office: Office) -> list[Due]:
    """The pupils whose letter can be issued."""
    kept: DueKept = office.app.extensions["due"]
    policy = office.memory.desk.policy(office.school.school.policy)
    found = kept.look(office.memory, office.school, policy, ON).due.values()
    return [due for due in found if due.decision and due.decision.letter and not due.decision.missing_meeting]


@pytest.fixture
def number(office) -> int:
    """A pupil who is due a letter, with a mother, a father, a grandmother, and an aunt who must not be written to."""
    due = next(due for due in due_letters(office) if due.decision.letter in ("letter_1", "letter_2"))
    stored = due.remembered.stored
    mother = replace(
        stored.record.contacts[0],
        title="Ms",
        first_name="Mona",
        last_name="Ash",
        relationship="Mother",
        addressee="",
        parental_responsibility=True,
        receives_post=None,
        salutation="",
    )
    father = replace(mother, title="Mr", first_name="Finn", relationship="Father")
    gran = replace(father, title="Mrs", first_name="Gwen", relationship="Grandmother")
    gran = replace(gran, parental_responsibility=False, lives_with_pupil=False)
    aunt = replace(gran, first_name="Anna", relationship="Aunt", receives_post=False)
    with office.memory.database.write(office.school.id) as connection:
        keep_contacts(connection, office.school.id, stored.id, [mother, father, gran, aunt])
        raise_version(connection, office.school.id, stored.id)
    return stored.id


@pytest.fixture(params=["with scripts", "without scripts"])
def page(request, browser, address, office) -> Page:
    """A page of an officer who is signed in, with scripts and without."""
    context = browser.new_context(java_script_enabled=request.param == "with scripts")
    page = sign_in(context, address, office.link_for("officer"))
    page.set_default_timeout(20_000)
    yield page
    context.close()


def test_an_officer_writes_a_sentence_looks_takes_it_out_and_issues_with_another(page, address, office, number) -> None:
    page.goto(f"{address}/decisions/{number}")
    paper = page.get_by_role("region").first
    page.get_by_text("A personal sentence", exact=True).click()
    expect(page.get_by_text("At most 300 characters")).to_be_visible()
    page.get_by_label("Personal sentence", exact=True).fill(HOSTILE)
    page.get_by_role("button", name="Put it into the letter").click()
    expect(page.get_by_role("status")).to_contain_text("The personal sentence is kept for this letter.")
    expect(paper).to_contain_text(HOSTILE)
    expect(page.get_by_label("Personal sentence", exact=True)).to_have_value(HOSTILE)
    page.get_by_role("button", name="Take it out").click()
    expect(paper).not_to_contain_text(HOSTILE)
    page.get_by_text("A personal sentence", exact=True).click()
    page.get_by_label("Personal sentence", exact=True).fill("x" * 301)
    page.get_by_role("button", name="Put it into the letter").click()
    expect(page.get_by_role("alert")).to_contain_text("it has 301 characters, and a letter takes 300")
    expect(page.get_by_label("Personal sentence", exact=True)).to_have_value("x" * 301)
    page.get_by_label("Personal sentence", exact=True).fill(SENTENCE)
    page.get_by_role("button", name="Put it into the letter").click()
    expect(paper).to_contain_text(re.compile(rf"{SENTENCE}\s+(Kind regards|Yours sincerely)"))
    page.get_by_role("button", name="Issue 2 letters").click()
    expect(page.get_by_text(f"Personal sentence by AE: “{SENTENCE}”")).to_be_visible()
    page.get_by_role("link", name="Letters", exact=True).click()
    expect(page.get_by_text(f"Personal sentence by AE: “{SENTENCE}”")).to_have_count(2)


def test_an_officer_chooses_who_gets_the_letter_and_says_why(page, address, office, number) -> None:
    page.goto(f"{address}/decisions/{number}")
    expect(page.get_by_text("Goes to Ms Mona Ash; Mr Finn Ash.")).to_be_visible()
    page.get_by_text("Who gets this letter").click()
    expect(page.get_by_text("You cannot choose Mrs Anna Ash.")).to_be_visible()
    expect(page.get_by_label("Mrs Anna Ash")).to_have_count(0)
    page.get_by_label("Mr Finn Ash, Father").uncheck()
    page.get_by_label("Mrs Gwen Ash, Grandmother").check()
    page.get_by_role("button", name="Keep who gets it").click()
    expect(page.get_by_role("alert")).to_contain_text("Say why: the reason stays with the letter.")
    expect(page.get_by_label("Mr Finn Ash, Father")).not_to_be_checked()
    page.get_by_label("Why?").first.fill("He is abroad, and asked for it")
    page.get_by_role("button", name="Keep who gets it").click()
    expect(page.get_by_text("Goes to Ms Mona Ash; Mrs Gwen Ash.")).to_be_visible()
    expect(page.get_by_text("Ask whether Mrs Gwen Ash may read this")).to_be_visible()
    page.get_by_role("button", name="Back to the usual people").click()
    expect(page.get_by_text("Goes to Ms Mona Ash; Mr Finn Ash.")).to_be_visible()
    page.get_by_text("Who gets this letter").click()
    for name in ("Ms Mona Ash, Mother", "Mr Finn Ash, Father"):
        page.get_by_label(name).uncheck()
    page.get_by_label("Why?").first.fill("nobody")
    page.get_by_role("button", name="Keep who gets it").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose at least one person")
    page.get_by_label("Mrs Gwen Ash, Grandmother").check()
    page.get_by_label("Why?").first.fill("The child lives there now")
    page.get_by_role("button", name="Keep who gets it").click()
    page.get_by_role("button", name="Issue 1 letter").click()
    expect(page.get_by_text("Recipients chosen by AE: The child lives there now")).to_be_visible()
    page.get_by_role("link", name="Letters", exact=True).click()
    expect(page.get_by_role("row").filter(has_text="The child lives there now")).to_contain_text("Mrs Gwen Ash")
    page.goto(f"{address}/settings/audit")
    expect(page.get_by_text("Recipients chosen", exact=True)).to_have_count(2)
    expect(page.get_by_text("Recipients as usual again", exact=True)).to_have_count(1)


def test_axe_and_a_narrow_screen_find_nothing_with_both_wishes_nor_with_their_faults(
    browser, address, office, number
) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 800})
    page = sign_in(context, address, office.link_for("officer"))
    found = []
    for why, text in (("", ""), ("He is abroad " * 20, "w" * 300)):
        page.goto(f"{address}/decisions/{number}")
        page.get_by_text("Who gets this letter").click()
        page.get_by_label("Mr Finn Ash, Father").uncheck()
        page.get_by_label("Why?").first.fill(why)
        page.get_by_role("button", name="Keep who gets it").click()
        found += faults_of(page)
        page.get_by_text("A personal sentence", exact=True).click()
        page.get_by_label("Personal sentence", exact=True).fill(text)
        page.get_by_role("button", name="Put it into the letter").click()
        found += faults_of(page)
    page.goto(f"{address}/letters")
    found += faults_of(page)
    context.close()
    assert found == []


def faults_of(page: Page) -> list[str]:
    """What axe finds, and whether something stands beside the screen."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = [item["id"] for item in page.evaluate("axe.run()")["violations"]]
    return found + (["too wide"] if page.evaluate(TOO_WIDE) else [])


def put_in(visitor: Visitor, number: int, text: str, query: str = "") -> int:
    """Put a sentence into a letter; the answer's status."""
    return visitor.send(f"/decisions/{number}/sentence{query}", personal_sentence=text).status_code


def test_the_preview_and_what_is_issued_hold_the_sentence_in_word_and_as_pdf(office, number) -> None:
    officer = office.visit("officer")
    assert put_in(officer, number, f"  {SENTENCE}\r\nCome soon. ") == 303
    said = f"{SENTENCE} Come soon."
    word = officer.get(f"/decisions/{number}/letter.docx").data
    assert said in [paragraph.text for paragraph in Document(io.BytesIO(word)).paragraphs]
    with pypdfium2.PdfDocument(officer.get(f"/decisions/{number}/letter.pdf").data) as pdf:
        text = " ".join(" ".join(page.get_textpage().get_text_range() for page in pdf).split())
    assert text.count(said) == 2
    seen = re.search(r'name="seen" value="(\d+)"', officer.text(f"/decisions/{number}"))[1]
    assert officer.send(f"/decisions/{number}/issue", seen=seen).status_code == 303
    references = re.findall(r"/letters/(AL-[A-Z0-9-]+)\.docx", officer.text(f"/pupils/{number}"))
    for reference in references[-2:]:
        again = officer.get(f"/letters/{reference}.docx").data
        assert said in [paragraph.text for paragraph in Document(io.BytesIO(again)).paragraphs]


def test_the_list_of_everybody_issues_with_the_same_wishes(office, number) -> None:
    officer = office.visit("officer")
    put_in(officer, number, SENTENCE)
    listed = officer.text("/issue")
    version = re.search(rf'name="pupil" value="{number}:(\d+)"', listed)[1]
    where = officer.send("/issue", pupil=f"{number}:{version}").headers["Location"]
    for _ in range(100):
        if "2 letters issued" in officer.text(where):
            break
    assert SENTENCE in officer.text("/letters")


def test_recipients_are_chosen_only_among_those_whom_one_has_seen(office, number) -> None:
    officer = office.visit("officer")
    seen = re.search(r'name="seen" value="(\d+)"', officer.text(f"/decisions/{number}"))[1]
    put_in(officer, number, SENTENCE)
    words = {"seen": seen, "recipient": ["3"], "recipients_why": "asked"}
    answer = officer.send(f"/decisions/{number}/recipients", **words)
    assert answer.status_code == 409
    assert "This has changed since you looked" in answer.text


@pytest.mark.parametrize("ticked", [["4"], ["1", "99"], ["0"], ["x"], ["1", "4"]])
def test_a_form_that_was_tampered_with_sends_nothing_to_anybody_else(office, number, ticked) -> None:
    officer = office.visit("officer")
    seen = re.search(r'name="seen" value="(\d+)"', officer.text(f"/decisions/{number}"))[1]
    answer = officer.send(f"/decisions/{number}/recipients", seen=seen, recipient=ticked, recipients_why="asked")
    assert answer.status_code == 422
    assert "Goes to Ms Mona Ash; Mr Finn Ash." in officer.text(f"/decisions/{number}")


def test_a_sentence_for_another_letter_is_shown_and_holds_the_one_that_is_due(office, number) -> None:
    officer = office.visit("officer")
    others = re.findall(r'<option value="(\w+)"', officer.text(f"/decisions/{number}").split('id="letter"')[1])
    other = next(word for word in others if word.startswith(("letter_", "stage_")))
    answer = officer.send(f"/decisions/{number}/sentence?letter={other}", personal_sentence=SENTENCE)
    assert f"letter={other}" in answer.headers["Location"]
    page = officer.text(f"/decisions/{number}")
    assert "The personal sentence was written for another letter" in page
    assert "Take it out" in page
    assert officer.send(f"/decisions/{number}/sentence/take-out").status_code == 303
    assert "was written for another letter" not in officer.text(f"/decisions/{number}")
    assert put_in(officer, number, SENTENCE, "?letter=letter_99&number=7&_external=1") == 422


def test_a_reader_sees_who_gets_it_and_changes_nothing(office, number) -> None:
    reader, officer = office.visit("reader"), office.visit("officer")
    put_in(officer, number, SENTENCE)
    text = reader.text(f"/decisions/{number}")
    assert SENTENCE in text
    assert "Goes to Ms Mona Ash; Mr Finn Ash." in text
    assert "Put it into the letter" not in text
    for path in ("sentence", "sentence/take-out", "recipients", "recipients/usual"):
        assert reader.send(f"/decisions/{number}/{path}").status_code == 403
    assert SENTENCE in reader.text(f"/decisions/{number}")


def test_the_list_says_to_whom_the_letter_goes_as_it_was_chosen(office, number) -> None:
    officer = office.visit("officer")
    seen = re.search(r'name="seen" value="(\d+)"', officer.text(f"/decisions/{number}"))[1]
    officer.send(f"/decisions/{number}/recipients", seen=seen, recipient=["3"], recipients_why="asked")
    listed = officer.text("/decisions.csv?kind=letter")
    assert "Mrs Gwen Ash" in listed
    assert "Mr Finn Ash" not in listed
