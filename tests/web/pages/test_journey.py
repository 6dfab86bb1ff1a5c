"""From an untouched export to letters on paper, as an officer does it: by mouse, by keyboard alone, without scripts."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from service.sample.export import write_sample
from tests.invented import ON
from tests.web.pages.office import sign_in


@pytest.fixture(params=["with scripts", "without scripts"])
def page(request, browser, address, office) -> Page:
    """A page of somebody who is signed in, with scripts and without."""
    context = browser.new_context(java_script_enabled=request.param == "with scripts")
    page = sign_in(context, address, office.link)
    page.set_default_timeout(20_000)
    yield page
    context.close()


def test_from_an_export_to_letters_and_back(page, tmp_path) -> None:
    export = tmp_path / "export"
    write_sample(export, 8, 5, ON)
    page.get_by_role("link", name="set up your own school").click()
    page.get_by_label("The school’s name").fill("Mill Lane School")
    page.get_by_role("button", name="Begin").click()
    page.get_by_label("Policy").select_option("bradford")
    for label, text in (("Sender name", "Ms A Example"), ("Sender role", "Attendance officer")):
        page.get_by_label(label, exact=True).fill(text)
    page.locator("#school_address_line_1").fill("1 Mill Lane")
    page.locator("#school_postcode").fill("ZE9 9ZZ")
    page.locator("#school_telephone").fill("01632 960123")
    page.get_by_role("button", name="Keep the settings").click()
    expect(page.get_by_role("status")).to_contain_text("The settings are kept.")

    page.get_by_role("link", name="Upload", exact=True).click()
    names = ("pupils", "marks", "calendar", "judgements")
    page.locator("input[type=file]").set_input_files([export / f"{name}.csv" for name in names])
    page.get_by_label("No letter was sent").check()
    page.get_by_role("button", name="See what we understand").click()
    expect(page.get_by_role("heading", name="What we understood")).to_be_visible()
    expect(page.get_by_text("8 pupils can be taken in")).to_be_visible()
    page.get_by_role("button", name="Take in 8 pupils").click()
    expect(page.get_by_role("heading", name="8 pupils taken in")).to_be_visible()

    page.get_by_role("link", name="See what must be done today").click()
    page.get_by_role("link", name=re.compile("due a letter")).click()
    page.get_by_role("table").get_by_role("link").first.click()
    expect(page.get_by_role("heading", name="The letter as it will be")).to_be_visible()
    expect(page.get_by_role("img", name=re.compile("Attendance from"))).to_be_visible()

    page.get_by_role("link", name="Issue", exact=True).click()
    page.get_by_role("button", name="Issue the letters that are ticked").click()
    expect(page.get_by_text(re.compile(r"^\d+ letters? issued$"))).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="All letters as a ZIP").click()
    assert download.value.path().read_bytes().startswith(b"PK")

    page.get_by_role("link", name="Letters", exact=True).click()
    page.get_by_role("link", name="Take back").first.click()
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_role("alert")).to_contain_text("Say why")
    page.get_by_label("Why?").fill("Wrong pupil")
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_role("status")).to_contain_text("Taken back")
    page.get_by_role("link", name="Issue", exact=True).click()
    expect(page.get_by_role("checkbox", name=re.compile("Issue for"))).to_have_count(1)


def test_a_person_writes_down_what_was_done(page) -> None:
    page.get_by_role("link", name="Pupils", exact=True).click()
    page.get_by_role("table").get_by_role("link").first.click()
    page.get_by_role("button", name="Write it down").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose what was done.")
    page.get_by_label("What", exact=True).select_option("parent_contact")
    page.get_by_label("Note").fill("Nobody was in")
    page.get_by_role("button", name="Write it down").click()
    expect(page.get_by_role("listitem").filter(has_text="Nobody was in")).to_be_visible()
    page.get_by_text("Do not write until …").click()
    page.get_by_label("Why?").last.fill("A funeral")
    page.get_by_role("button", name="Hold letters back").click()
    expect(page.get_by_text("Do not write: A funeral")).to_be_visible()
    page.get_by_role("button", name="Allow letters again").click()
    expect(page.get_by_text("Do not write: A funeral")).to_have_count(0)


def test_questions_are_answered_for_everybody_at_once(page) -> None:
    page.get_by_role("link", name="Questions", exact=True).click()
    asked = page.get_by_role("table").get_by_role("link").count()
    assert asked > 0
    page.get_by_label("For everybody without an answer above").select_option("yes")
    page.get_by_role("button", name="Keep the answers").click()
    expect(page.get_by_role("status")).to_contain_text("The answers are kept")


def test_letters_are_issued_by_keyboard_alone(browser, address, office) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(address + office.link)
    press_until(page, "Sign in")
    page.wait_for_url(f"{address}/")
    press_until(page, "Issue")
    page.wait_for_url(f"{address}/issue")
    press_until(page, "Issue the letters that are ticked")
    expect(page.get_by_text(re.compile(r"letters? issued$"))).to_be_visible(timeout=20_000)
    context.close()


def press_until(page: Page, name: str) -> None:
    """Press Tab until something with this name has the focus, then Enter; what has the focus can be seen."""
    for _ in range(200):
        page.keyboard.press("Tab")
        text = page.evaluate("document.activeElement.innerText.trim()")
        if text == name:
            assert page.evaluate(
                "(e => {const s = getComputedStyle(e); return s.outlineStyle !== 'none' || s.boxShadow !== 'none'})"
                "(document.activeElement)"
            )
            page.keyboard.press("Enter")
            return
    raise AssertionError(f"{name} cannot be reached by keyboard")


def test_two_officers_issue_the_same_list_and_nothing_leaves_twice(browser, address, office) -> None:
    contexts = [browser.new_context() for _ in range(2)]
    pages = [
        sign_in(context, address, link)
        for context, link in zip(contexts, (office.link, office.link_for("officer")), strict=True)
    ]
    for page in pages:
        page.goto(f"{address}/issue")
    for page in pages:
        page.get_by_role("button", name="Issue the letters that are ticked").click()
        expect(page.get_by_text(re.compile(r"letters? issued$"))).to_be_visible(timeout=20_000)
    expect(pages[1].get_by_text("0 letters issued")).to_be_visible()
    expect(pages[1].get_by_text("This pupil has changed since you looked").first).to_be_visible()
    for context in contexts:
        context.close()
