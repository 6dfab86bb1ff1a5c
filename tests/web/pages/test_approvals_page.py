"""An officer asks, a signatory approves on the page, or says why not; the administrator says which letters wait."""

from __future__ import annotations

import re

import pytest

from service.attendance.words import LETTERS
from service.memory.approval.approving import find_approvals
from service.memory.looking.own_tables import keep_approved
from service.storage.issued import LetterSearch, count_letters
from tests.printing.converter_trouble import wait_for
from tests.web.pages.office import sign_in

ONE_ISSUABLE = r'name="pupil" value="(\d+:\d+)" id="pupil-\d+" checked'


@pytest.fixture
def all_wait(office):
    """An office in which a signatory approves every letter."""
    keep_approved(office.memory, office.school, ["all"])
    return office


def counted(office) -> int:
    """How many letters were issued."""
    with office.memory.database.read() as connection:
        return count_letters(connection, office.school.id, LetterSearch())


def waiting(office) -> list[int]:
    """The numbers of what waits."""
    return [one.id for one in find_approvals(office.memory, office.school).waiting]


def test_one_asks_and_another_approves(browser, all_wait, address) -> None:
    before = counted(all_wait)
    officer = sign_in(browser.new_context(), address, all_wait.link_for("officer"))
    officer.goto(f"{address}/issue")
    assert "a signatory approves it first" in officer.locator("#letters").inner_text()
    officer.get_by_role("button", name="Issue the letters that are ticked").click()
    officer.get_by_role("heading", name="with a signatory").wait_for()
    assert counted(all_wait) == before
    asked = waiting(all_wait)
    assert asked
    officer.goto(f"{address}/")
    assert "with a signatory" in officer.locator("main").inner_text()
    officer.goto(f"{address}/approvals")
    assert officer.get_by_role("checkbox").count() == 0
    head = sign_in(browser.new_context(), address, all_wait.link_for("signatory"))
    head.get_by_role("link", name="to approve").click()
    head.locator("tbody").get_by_role("link").first.click()
    assert "waits for a signatory" in head.locator("main").inner_text()
    assert head.get_by_role("button", name="Ask a signatory").count() == 0
    head.go_back()
    head.get_by_role("checkbox").first.check()
    head.get_by_role("button", name="Approve and issue").click()
    head.get_by_role("button", name="One PDF to print").wait_for()
    assert counted(all_wait) > before
    assert waiting(all_wait) == asked[1:]
    head.goto(f"{address}/approvals")
    assert "Approved and issued" in head.locator("main").inner_text()


def test_a_refusal_is_read_by_who_asked(all_wait) -> None:
    officer, head = all_wait.visit("officer"), all_wait.visit("signatory")
    pupil = re.findall(ONE_ISSUABLE, officer.text("/issue"))[0]
    officer.send("/issue", pupil=pupil)
    assert wait_for(lambda: waiting(all_wait))
    (number,) = waiting(all_wait)
    assert "Say why" in head.send(f"/approvals/{number}/refusal", why=" ").text
    assert head.send(f"/approvals/{number}/refusal", why="Ring them first.").status_code == 303
    for path in ("/issue", "/approvals", f"/decisions/{pupil.split(':')[0]}"):
        assert "Ring them first." in officer.text(path)
    again = officer.send(f"/decisions/{pupil.split(':')[0]}/issue", seen=pupil.split(":")[1])
    assert again.location.endswith("done=asked")
    assert officer.send(f"/approvals/{waiting(all_wait)[0]}/drop").status_code == 303
    assert waiting(all_wait) == []
    assert head.get(f"/approvals/{number}/refusal").status_code == 422


def test_nobody_but_another_signatory_approves(all_wait) -> None:
    head = all_wait.visit("signatory")
    pupil = re.findall(ONE_ISSUABLE, head.text("/issue"))[0]
    number, version = pupil.split(":")
    head.send(f"/decisions/{number}/issue", seen=version)
    before, (asked,) = counted(all_wait), waiting(all_wait)
    assert "Somebody else approves what you asked for" in head.text("/approvals")
    token = re.search(r"/issue/(\w+)", head.send("/approvals", approval=f"{asked}:{version}").location)[1]
    assert wait_for(lambda: "You can leave this page" not in head.text(f"/issue/{token}"))
    text = head.text(f"/issue/{token}")
    assert "You asked for this letter yourself" in text
    assert all_wait.visit("administrator").send("/approvals", approval=f"{asked}:{version}").status_code == 403
    for wrong in ("", "x", f"{asked + 9}:{version}"):
        assert head.send("/approvals", approval=wrong).status_code == 422
    assert (counted(all_wait), waiting(all_wait)) == (before, [asked])


@pytest.mark.parametrize(
    ("which", "ticked", "kept"),
    [
        ("enforcement", [], ["enforcement"]),
        ("all", [], ["all"]),
        ("nobody", ["letter_1"], []),
        ("named", ["letter_1", "letter_3"], ["letter_1", "letter_3"]),
    ],
)
def test_the_administrator_says_which_letters_wait(which, ticked, kept, office) -> None:
    visitor = office.visit()
    assert "no letter waits" in visitor.text("/settings/approval")
    assert visitor.send("/settings/approval", which=which, letter=ticked).status_code == 303
    assert list(office.school.school.needs_approval) == kept
    text = visitor.text("/settings/approval")
    assert re.search(rf'<option value="{which}" selected>', text)
    checked = re.findall(r'value="(\w+)" checked', text)
    assert set(ticked if which == "named" else []) <= set(checked) <= set(LETTERS)


def test_a_wrong_choice_keeps_nothing(office) -> None:
    visitor = office.visit()
    for words in ({"which": "named"}, {"which": "named", "letter": "letter_99"}, {"which": "?"}, {}):
        answer = visitor.send("/settings/approval", **words)
        assert answer.status_code == 422
        assert 'href="#which"' in answer.text
    assert office.school.school.needs_approval is None
