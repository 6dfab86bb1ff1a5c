"""Every link of the pages leads somewhere; and how a test looks at one served page: axe, and a narrow screen."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

from playwright.sync_api import Page

AXE = Path(__file__).parents[3] / "node_modules" / "axe-core" / "axe.min.js"
TOO_WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


def look_at(page: Page, address: str, name: str) -> list[str]:
    """What is wrong with a page."""
    answer = page.goto(address)
    assert answer is not None
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run()")["violations"]
    wrong = [f"{name}: {item['id']} {item['nodes'][0]['html'][:120]}" for item in found]
    if page.locator("h1").count() != 1:
        wrong.append(f"{name}: not one h1")
    page.set_viewport_size({"width": 320, "height": 800})
    if page.evaluate(TOO_WIDE):
        wrong.append(f"{name}: wider than 320 pixels")
    page.set_viewport_size({"width": 1200, "height": 900})
    return wrong


def test_every_link_of_the_pages_leads_somewhere(office) -> None:
    visitor = office.visit()
    seen, waiting = set(), ["/"]
    while waiting and len(seen) < 150:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        if path.startswith("/static/"):
            continue
        answer = visitor.get(path)
        assert answer.status_code in (200, 422), path
        if answer.mimetype == "text/html":
            waiting += [link for link in links_in(answer.get_data(as_text=True)) if not link.endswith(".pdf")]
    assert len(seen) > 50


def links_in(text: str) -> list[str]:
    """Every address of this site that a page names."""
    return [unescape(link) for link in re.findall(r'href="(/[^"#]*)"', text)]
