"""What is kept and how long, changed within its limits; the list of what was changed, and whether it is whole."""

from __future__ import annotations

import re
from datetime import date

from playwright.sync_api import expect
from sqlalchemy import update

from service.memory.access.keyring import make_key
from service.memory.keeping.purging import purge, years_kept
from service.storage.schema import audit
from tests.invented import ON
from tests.printing.converter_trouble import wait_for
from tests.web.pages.office import sign_in


def kept(office) -> tuple[int, ...]:
    """The school years of letters, history and registers."""
    return tuple(years_kept(office.memory.desk.settings, office.school.school))


def test_a_person_keeps_letters_longer_and_too_few_years_are_refused(browser, address, office) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = sign_in(context, address, office.link)
    page.goto(f"{address}/settings/keeping")
    page.get_by_label("School years for Registers").fill("2")
    page.get_by_role("button", name="Keep things for so long").click()
    expect(page.get_by_role("alert")).to_contain_text("Registers: enter a whole number from 6 to 30.")
    assert kept(office) == (2, 3, 6)
    page.get_by_label("School years for Registers").fill("7")
    page.get_by_label("School years for Letters").fill("5")
    page.get_by_role("button", name="Keep things for so long").click()
    expect(page.get_by_role("status")).to_contain_text("Kept.")
    expect(page.get_by_label("School years for Letters")).to_have_value("5")
    assert kept(office) == (5, 3, 7)
    context.close()


def test_what_a_school_keeps_is_what_is_purged(office) -> None:
    visitor, later = office.visit(), date(ON.year + 1, 10, 1)
    visitor.send("/settings/keeping", letters="5", history="3", registers="6")
    assert purge(office.memory, office.school, later).letters == 0
    visitor.send("/settings/keeping", letters="0", history="3", registers="6")
    assert purge(office.memory, office.school, later).letters > 0


def test_only_an_administrator_says_how_long(office) -> None:
    officer = office.visit("officer")
    assert 'name="letters"' not in officer.text("/settings/keeping")
    assert officer.send("/settings/keeping", letters="5", history="3", registers="6").status_code == 403


def test_the_list_of_changes_is_checked_and_one_that_was_changed_is_found(office) -> None:
    reader = office.visit("reader")
    assert "Letter issued" in reader.text("/settings/audit")
    assert "none is missing" in reader.send("/settings/audit").text
    with office.memory.database.write() as connection:
        connection.execute(update(audit).where(audit.c.number == 3).values(what="nothing"))
    text = reader.send("/settings/audit").text
    assert "Entry 3 of the audit was changed" in text
    assert "none is missing" not in text


def rows_of(text: str) -> list[list[str]]:
    """The cells of the list, row by row."""
    return [
        [re.sub(r"<[^>]+>", "", cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", row)]
        for row in re.findall(r"<tr[^>]*>(.*?)</tr>", text)[1:]
    ]


def test_the_list_says_by_whom(office) -> None:
    administrator = office.visit()
    administrator.send("/settings/keeping", letters="5", history="3", registers="6")
    make_key(office.memory.acting_for("command"), office.school, "a program")
    (_, _, what, key, by), changed, signed_in, *_ = rows_of(administrator.text("/settings/audit"))
    assert (what, key[:4], by) == ("Key made", "key ", "A command")
    assert changed[2:] == ["Keeping changed", f"school {office.school.id}", "Ms A Example"]
    assert (signed_in[2], signed_in[3][:7], signed_in[4]) == ("Signed in", "person ", "Ms A Example")


def test_letters_that_a_person_issues_are_noted_as_theirs(office) -> None:
    officer = office.visit("officer")
    first = re.findall(r'name="pupil" value="(\d+:\d+)"', officer.text("/issue"))[0]
    assert officer.send("/issue", pupil=first).status_code == 303

    def issued() -> list[str]:
        rows = rows_of(officer.text("/settings/audit"))
        return [by for _, _, what, _, by in rows if what == "Letter issued" and by != "The service itself"]

    wait_for(issued)
    assert set(issued()) == {"Ms A Example"}
