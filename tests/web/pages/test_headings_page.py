"""A column that was not understood: a person says what it is, and the next export is read in the same way."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.web.pages.office import sign_in
from tests.web.pages.test_every_page import look_at

PUPILS = "Learner code,Given,Surname,Reg,Shoe size\nQ1,Ann,Ash,7A,4\nQ2,Ben,Beech,7A,5\n"


def write(folder):
    """An export that names its pupils as no system does."""
    path = folder / "learners.csv"
    path.write_text(PUPILS, encoding="utf-8")
    return path


@pytest.mark.parametrize("has_scripts", [True, False])
def test_a_person_says_what_a_column_is_and_it_is_kept(browser, address, office, tmp_path, has_scripts) -> None:
    context = browser.new_context(java_script_enabled=has_scripts)
    page = sign_in(context, address, office.link)
    for expected in ("We could not use these files", "What we understood"):
        page.goto(f"{address}/upload")
        page.locator("input[type=file]").set_input_files(write(tmp_path))
        page.get_by_role("button", name="See what we understand").click()
        expect(page.get_by_role("heading", level=1)).to_have_text(expected)
        if expected == "We could not use these files":
            page.get_by_label("Learner code").select_option(label="Pupil reference")
            page.get_by_label("Given", exact=True).select_option(label="First name")
            page.get_by_role("button", name="Keep this").click()
            expect(page.get_by_text("2 pupils can be taken in")).to_be_visible()
            expect(page.get_by_label("Shoe size")).to_be_visible()
    page.goto(f"{address}/settings/headings")
    page.get_by_role("button", name="Remove Learner code").click()
    expect(page.get_by_role("status")).to_contain_text("Removed")
    expect(page.get_by_text("Learner code")).to_have_count(0)
    context.close()


def test_the_pages_that_ask_can_be_read_by_everybody(browser, address, office, tmp_path) -> None:
    context = browser.new_context()
    page = sign_in(context, address, office.link)
    wrong = []
    for name, text in (("lost.csv", PUPILS), ("known.csv", PUPILS.replace("Learner code", "UPN"))):
        (tmp_path / name).write_text(text, encoding="utf-8")
        page.goto(f"{address}/upload")
        page.locator("input[type=file]").set_input_files(tmp_path / name)
        page.get_by_role("button", name="See what we understand").click()
        expect(page.get_by_role("heading", name="Columns we are not sure about")).to_be_visible()
        wrong += look_at(page, page.url, name)
    context.close()
    assert wrong == []


def upload(visitor, tmp_path) -> str:
    """The address of what was understood."""
    with write(tmp_path).open("rb") as file:
        return visitor.send("/upload", files=file).headers["Location"].split("?")[0]


def test_nothing_chosen_and_no_word_of_ours_are_told(office, tmp_path) -> None:
    visitor = office.visit("officer")
    path = upload(visitor, tmp_path)
    for word in ("", "shoe_size"):
        answer = visitor.send(f"{path}/headings", heading="Shoe size", word=word)
        assert answer.status_code == 422
        assert re.search("Choose what at least one column is|Choose from the list", answer.text)
    assert "There is none yet" in visitor.text("/settings/headings")


def test_a_heading_stands_for_one_thing_and_the_settings_keep_it(office, tmp_path) -> None:
    visitor = office.visit()
    path = upload(visitor, tmp_path)
    for word in ("upn", "pupil_reference"):
        visitor.send(f"{path}/headings", heading="Learner code", word=word)
    assert office.school.school.headings == {"pupil_reference": ["Learner code"]}
    page = visitor.text("/settings")
    words = dict(re.findall(r'<input[^>]* name="(\w+)"[^>]* value="([^"]*)"', page))
    chosen = re.findall(r'<select[^>]* name="(\w+)".*?<option value="([^"]*)" selected', page, re.DOTALL)
    assert visitor.send("/settings", **{**words, **dict(chosen)}).status_code == 303
    assert office.school.school.headings == {"pupil_reference": ["Learner code"]}
    assert office.school.school.policy
    assert office.school.school.word("school_name")
