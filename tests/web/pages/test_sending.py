"""Officers write down on the page Letters what became of letters: printed, sent, or not so."""

from __future__ import annotations

import re

import pytest

from service.storage.issued import UNSENT, LetterSearch, count_letters
from tests.web.pages.office import sign_in


def counted(office, state: str) -> int:
    """How many letters of the school are in a state."""
    with office.memory.database.read() as connection:
        return count_letters(connection, office.school.id, LetterSearch(state=state))


@pytest.fixture
def page(browser, office, address):
    """The letters that were not sent yet, in a browser."""
    context = browser.new_context()
    page = sign_in(context, address, office.link)
    page.goto(f"{address}/letters?state={UNSENT}")
    yield page
    context.close()


def test_letters_are_printed_then_sent_and_one_is_not_so(page, office, address) -> None:
    assert counted(office, UNSENT) == page.locator("tbody tr").count() == 2
    page.get_by_label("All on this page").check()
    page.get_by_role("button", name="They were printed").click()
    assert "2 printed that were not before" in page.get_by_role("status").inner_text()
    assert (counted(office, "printed"), counted(office, UNSENT)) == (2, 2)
    page.goto(f"{address}/letters?state=printed")
    page.get_by_label("All on this page").check()
    page.get_by_label("Sent how").select_option("By hand")
    page.get_by_role("button", name="They were sent").click()
    assert counted(office, UNSENT) == 0
    page.goto(f"{address}/letters?state=sent")
    first = page.locator("tbody tr").first
    assert "by hand 20 Nov 2026" in first.inner_text()
    first.get_by_role("checkbox").check()
    page.get_by_role("button", name="Undo what was said last").click()
    assert (counted(office, "printed"), counted(office, UNSENT)) == (1, 1)


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        ("", "Enter the day on which they were sent"),
        ("21/11/2026", "21 November 2026 has not come yet."),
        ("1/9/2026", "it cannot have been sent on 1 September 2026."),
    ],
)
def test_a_day_that_cannot_be_is_said_and_the_ticks_stay(page, office, day, sentence) -> None:
    page.locator("tbody input").first.check()
    page.get_by_label("Sent on").fill(day)
    page.get_by_role("button", name="They were sent").click()
    assert sentence in page.get_by_role("alert").inner_text()
    assert counted(office, UNSENT) == 2


def test_nothing_chosen_is_said(office) -> None:
    answer = office.visit().send("/letters/sending", became="printed")
    assert answer.status_code == 422
    assert "Choose at least one letter" in answer.text


def test_today_counts_letters_of_the_last_two_weeks_that_were_not_sent(office, monkeypatch) -> None:
    visitor = office.visit()
    assert "not sent yet" not in visitor.text("/")
    numbers = re.findall(r'name="letter" value="(\d+)"', visitor.text("/letters?state=sent"))
    visitor.send("/issue", pupil=re.findall(r'name="pupil" value="([^"]+)"', visitor.text("/issue")))
    for _ in range(200):
        if "letters not sent yet" in visitor.text("/"):
            break
    assert "letters not sent yet" in visitor.text("/")
    assert numbers
