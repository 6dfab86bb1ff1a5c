"""Pictures of every page, wide and narrow: python -m builders.pages.look FOLDER."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from threading import Thread
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from service.app import create_app
from service.batches.engines.owners import new_owner
from service.batches.from_memory.invented_term import KEY
from service.batches.stored.batch_asked import BatchAsked
from service.batches.stored.starting import start_batch
from service.batches.stored.working import Worker
from service.memory.memory import Memory, open_school
from service.sample.sample_school import SAMPLE_SCHOOL
from service.settings import PREFIX, read_settings
from service.web.pages.every_page import first_link
from service.web.server import close_server, open_server

ODD = b"UPN,Given,Surname,Shoe size\nA801200000001,Ann,Ash,4\n"
CHROMIUM = "/usr/bin/chromium"
SWITCHES = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --font-render-hinting=none"
).split()
PATHS = {
    "today": "/",
    "upload": "/upload",
    "questions": "/questions",
    "decisions": "/decisions",
    "decisions-letters": "/decisions?kind=letter",
    "issue": "/issue",
    "approvals": "/approvals",
    "batches": "/batches",
    "letters": "/letters",
    "pupils": "/pupils",
    "policy": "/policy",
    "settings": "/settings",
    "calendar": "/settings/calendar",
    "headings": "/settings/headings",
    "approving": "/settings/approval",
    "keeping": "/settings/keeping",
    "audit": "/settings/audit",
    "people": "/settings/people",
    "keys": "/settings/keys",
    "set-up": "/set-up",
    "password": "/password",
    "not-there": "/pupils/999999",
}


@contextmanager
def served(data: Path, today: date, pupils: int) -> Iterator[tuple[str, str]]:
    """The service with the invented school of a day: its address, and the path that signs in."""
    settings = read_settings({f"{PREFIX}DATA": str(data), f"{PREFIX}PORT": "0"})
    app = create_app(settings, SAMPLE_SCHOOL, lambda: today)
    memory = app.extensions["memory"]
    link = first_link(memory.open(), True, today, pupils)
    _decide_batch(memory.open(), today)
    server = open_server(app, settings)
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}", link
    finally:
        close_server(server)
        app.extensions["desk"].press.close()
        memory.close()


def _decide_batch(memory: Memory, today: date) -> None:
    """A batch that waits for somebody."""
    school = open_school(memory, KEY)
    start_batch(memory, school, BatchAsked(memory.desk.policy(school.school.policy), today, "JM"))
    worker = Worker(memory, new_owner())
    while worker.do_next():
        pass


def start_browser(playwright: Any) -> Browser:
    """Debian's Chromium, without a word to the network."""
    return playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)


def sign_in(page: Page, address: str, link: str) -> None:
    """Use the link that is good once."""
    page.goto(address + link)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{address}/")


def main(folder: Path) -> None:
    """Take a picture of every page, 1,200 and 320 wide."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as data, served(Path(data), date(2026, 11, 20), 60) as (address, link):
        _look(address, link, folder)


def _look(address: str, link: str, folder: Path) -> None:
    with sync_playwright() as playwright:
        browser = start_browser(playwright)
        page = browser.new_page(viewport={"width": 1200, "height": 900})
        _take(page, f"{address}/sign-in", folder / "sign-in")
        sign_in(page, address, link)
        for name, path in {**PATHS, **_found(page, address)}.items():
            _take(page, address + path, folder / name)
        browser.close()


def _found(page: Page, address: str) -> dict[str, str]:
    """The pages of one pupil and one decision."""
    page.goto(f"{address}/decisions?kind=letter")
    decision = page.locator("tbody a").first.get_attribute("href") or "/"
    page.goto(f"{address}/upload")
    page.locator("input[type=file]").set_input_files({"name": "pupils.csv", "mimeType": "text/csv", "buffer": ODD})
    page.get_by_role("button", name="See what we understand").click()
    understood = page.url.removeprefix(address)
    return {
        "understood": understood,
        "decision": decision,
        "pupil": decision.split("?")[0].replace("decisions", "pupils"),
    }


def _take(page: Page, address: str, path: Path) -> None:
    page.goto(address)
    for width, ending in ((1200, ""), (320, "-narrow")):
        page.set_viewport_size({"width": width, "height": 900})
        page.screenshot(path=f"{path}{ending}.png", full_page=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
