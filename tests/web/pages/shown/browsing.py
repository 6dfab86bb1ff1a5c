"""States shown by a browser as if the service answered: nothing is asked of a network, and each page is looked at."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, Route, ViewportSize

from tests.web.pages.shown.page_states import State

AXE = Path(__file__).parents[4] / "node_modules" / "axe-core" / "axe.min.js"
SITE = "http://localhost"
WCAG = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
AS_IT_IS = (Path(__file__).parent / "as_it_is.js").read_text(encoding="utf-8")
RULES = "{'target-size': {enabled: true}}"
RUN = f"axe.run({{runOnly: {list(WCAG)}, rules: {RULES}, resultTypes: ['violations'], preload: false}})"


@contextmanager
def open_viewer(browser: Browser, client: FlaskClient, *, has_scripts: bool, **how: Any) -> Iterator[Viewer]:
    """A browser's page to show states in, with our scripts or without, of any size."""
    context = browser.new_context(**how)
    try:
        yield Viewer(context.new_page(), client, has_scripts)
    finally:
        context.close()


class Viewer:
    """Shows states and says what is wrong with them."""

    def __init__(self, page: Page, client: FlaskClient, has_scripts: bool) -> None:
        self.page = page
        self.client = client
        self.has_scripts = has_scripts
        self.state: State | None = None
        self.said: list[str] = []
        self.seen: set[frozenset[str]] = set()
        self.static: dict[str, tuple[bytes, str]] = {}
        page.add_init_script(path=AXE)
        page.route("**/*", self._answer)
        page.on("console", lambda message: self.said.append(message.text) if message.type == "error" else None)

    def find_faults(self, state: State, zoomed: ViewportSize | None = None) -> list[str]:
        """What is wrong with a state: findings of axe, what the browser said, and what is cut off, also when zoomed."""
        self.state, self.said = state, []
        self.page.goto(SITE + state.path)
        new = [] if state.shape in self.seen else self.page.evaluate(RUN)["violations"]
        self.seen.add(state.shape)
        found = [f"{item['id']} {item['nodes'][0]['html'][:160]}" for item in new]
        found += self.page.evaluate(AS_IT_IS)
        if zoomed and (usual := self.page.viewport_size):
            self.page.set_viewport_size(zoomed)
            found += [f"at 400 %: {fault}" for fault in self.page.evaluate(AS_IT_IS)]
            self.page.set_viewport_size(usual)
        found += [line for line in self.said if f"status of {state.status}" not in line]
        return [f"{state.name}: {fault}" for fault in found]

    def _answer(self, route: Route) -> None:
        """The state for its address, our own files, and nothing else."""
        path = urlsplit(route.request.url).path
        if not route.request.url.startswith(f"{SITE}/"):
            self.said.append(f"asks for {route.request.url}")
            route.abort()
        elif path.endswith(".js") and not self.has_scripts:
            route.fulfill(body="", content_type="text/javascript")
        elif path.startswith("/static/"):
            if path not in self.static:
                answer = self.client.get(path)
                self.static[path] = (answer.get_data(), answer.mimetype)
                answer.close()
            content, kind = self.static[path]
            route.fulfill(body=content, content_type=kind)
        elif self.state is not None and route.request.is_navigation_request():
            kept = {name: value for name, value in self.state.headers.items() if name != "Content-Length"}
            route.fulfill(status=self.state.status, body=self.state.html, headers=kept)
        else:
            route.fulfill(status=204)  # htmx asks how far it is
