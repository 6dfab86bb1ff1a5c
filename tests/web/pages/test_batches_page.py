"""Batches in the pages: started, looked at, issued, fetched; cancelled with a reason; nothing issued unseen."""

from __future__ import annotations

import io
import re
import zipfile

import pytest
from playwright.sync_api import expect

from service.storage.batched import rows_kept
from tests.batches.stored.working_batches import work
from tests.web.pages.office import sign_in
from tests.web.pages.test_every_page import look_at


@pytest.fixture
def visitor(office):
    """An attendance officer."""
    return office.visit("officer")


def start(visitor) -> str:
    """The address of a batch that was just started."""
    return visitor.send("/batches").headers["Location"]


def seen_on(text: str) -> str:
    """What the button that issues says was seen."""
    return re.search(r'name="seen" value="(\w+)"', text)[1]


def fetch(visitor, path: str) -> bytes:
    """A file, read to its end."""
    with visitor.get(path) as answer:
        assert "attachment" in answer.headers["Content-Disposition"]
        return answer.data


@pytest.mark.parametrize("has_scripts", [True, False])
def test_a_person_starts_a_batch_looks_and_issues(browser, address, office, has_scripts) -> None:
    context = browser.new_context(java_script_enabled=has_scripts)
    page = sign_in(context, address, office.link)
    page.set_default_timeout(20_000)
    page.get_by_role("link", name="Batches", exact=True).click()
    page.get_by_role("button", name="Decide about everybody").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    look = look_at if has_scripts else lambda *_: []  # axe is a script itself
    wrong = look(page, page.url, "at work")
    work(office.memory)
    expect(page.get_by_text("Waits for you")).to_be_visible(timeout=20_000)
    wrong += look(page, page.url, "decided")
    page.get_by_role("button", name=re.compile(r"^Issue letters to \d+ pupils?$")).click()
    work(office.memory)
    expect(page.get_by_text(re.compile(r"^\d+ pupils? written to$"))).to_be_visible(timeout=20_000)
    wrong += look(page, page.url, "ended")
    with page.expect_download() as download:
        page.get_by_role("button", name="One PDF to print").click()
    assert download.value.path().read_bytes().startswith(b"%PDF")
    wrong += look(page, f"{address}/batches", "all batches")
    context.close()
    assert wrong == []


def test_what_came_of_it_is_fetched_and_is_the_same_again(office, visitor) -> None:
    path = start(visitor)
    work(office.memory)
    assert "to look at and issue" in visitor.text("/")
    visitor.send(f"{path}/release", seen=seen_on(visitor.text(path)))
    work(office.memory)
    letters = fetch(visitor, f"{path}/results/letters.zip")
    assert letters == fetch(visitor, f"{path}/results/letters.zip")
    with zipfile.ZipFile(io.BytesIO(letters)) as archive:
        written = [name for name in archive.namelist() if name.endswith(".docx")]
    assert written
    index = fetch(visitor, f"{path}/results/index.csv").decode("utf-8-sig")
    assert index.count("\r\n") >= 40
    assert all(name in index for name in written)
    assert fetch(visitor, f"{path}/results/messages.csv").startswith(b"\xef\xbb\xbf")
    assert visitor.get(f"{path}/results/else.csv").status_code == 422


def test_nothing_is_issued_that_nobody_has_seen(office, visitor) -> None:
    path = start(visitor)
    work(office.memory)
    seen = seen_on(visitor.text(path))
    number = int(path.rsplit("/", 1)[1])
    with office.memory.database.write(office.school.id) as connection:
        first = rows_kept.read_rows(connection, office.school.id, number, ["due"])[0]
        rows_kept.keep_rows(connection, office.school.id, number, [{"number": first.number, "state": "left out"}])
    answer = visitor.send(f"{path}/release", seen=seen)
    assert answer.status_code == 422
    assert "has changed since you looked" in answer.text
    assert seen_on(answer.text) != seen


def test_a_batch_is_cancelled_with_a_reason_and_then_nothing_of_it_is_issued(office, visitor) -> None:
    path = start(visitor)
    answer = visitor.send(f"{path}/cancel", why=" ")
    assert answer.status_code == 422
    assert "Say why" in answer.text
    visitor.send(f"{path}/cancel", why="the wrong day")
    text = visitor.text(path)
    assert "Cancelled" in text
    assert "the wrong day" in text
    assert work(office.memory) == 0
    again = visitor.send(f"{path}/cancel", why="twice")
    assert again.status_code == 422
    assert "has ended already" in again.text


def test_what_needs_somebody_is_named_and_decided_again(office, visitor) -> None:
    path = start(visitor)
    work(office.memory)
    text = visitor.text(path)
    assert "Needs somebody" in text
    done = visitor.send(f"{path}/retry")
    assert re.search(r"\d+ pupils are decided again", visitor.text(done.headers["Location"]))
    work(office.memory)
    assert "Waits for you" in visitor.text(path)


def test_the_part_that_refreshes_itself_stops_when_nothing_is_at_work(office, visitor) -> None:
    path = start(visitor)
    part = visitor.client.get(path, headers={"HX-Request": "true"}).text
    assert "<html" not in part
    assert "hx-trigger" in part
    work(office.memory)
    assert "hx-trigger" not in visitor.client.get(path, headers={"HX-Request": "true"}).text


def test_a_reader_looks_and_starts_nothing(office) -> None:
    reader = office.visit("reader")
    assert "Decide about everybody" not in reader.text("/batches")
    assert reader.send("/batches").status_code == 403
