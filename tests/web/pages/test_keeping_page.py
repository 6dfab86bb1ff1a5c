"""What is kept and how long, changed within its limits; the list of what was changed, and whether it is whole."""

from __future__ import annotations

from datetime import date

from playwright.sync_api import expect
from sqlalchemy import update

from service.memory.keeping.purging import purge, years_kept
from service.storage.schema import audit
from tests.invented import ON
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
