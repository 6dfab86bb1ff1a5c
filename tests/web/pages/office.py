"""An office to test with: the invented school, people of every role, and the pages as each of them sees them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import BrowserContext, Page
from werkzeug.test import TestResponse

from service.app import create_app
from service.memory.memory import Memory, OpenSchool, open_school
from service.memory.people.signing_in import make_link
from service.memory.people.staff import invite
from service.sample.sample_school import SAMPLE_SCHOOL
from service.settings import PREFIX, read_settings
from service.web.pages.every_page import first_link
from service.web.server import close_server, open_server
from tests.invented import ON

PUPILS = 40
KEY = "sample"


@dataclass(frozen=True)
class Office:
    """The application, its memory, and the link of the first person."""

    app: Flask
    memory: Memory
    link: str

    @property
    def school(self) -> OpenSchool:
        """The invented school."""
        return open_school(self.memory, KEY)

    def link_for(self, role: str, school: int = 0) -> str:
        """A link that signs in somebody with a role."""
        email = f"{role}{school or ''}@weirlane.example"
        number = invite(self.memory, school or self.school.id, email, "Ms A Example", role)
        return f"/link/{make_link(self.memory, number)}"

    def visit(self, role: str = "administrator", school: int = 0) -> Visitor:
        """Somebody with a role, signed in."""
        visitor = Visitor(self.app.test_client())
        assert visitor.send(self.link_for(role, school)).status_code == 303
        return visitor


class Visitor:
    """Somebody who asks for pages and sends forms."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def get(self, path: str) -> TestResponse:
        """A page."""
        return self.client.get(path)

    def text(self, path: str) -> str:
        """A page's HTML."""
        return self.get(path).get_data(as_text=True)

    def token(self, path: str = "/sign-in") -> str:
        """The token of a form of ours."""
        found = re.search(r'name="form_token" value="([0-9a-f]+)"', self.client.get(path, follow_redirects=True).text)
        return found[1] if found else ""

    def send(self, path: str, **words: Any) -> TestResponse:
        """A form, with its token."""
        return self.client.post(path, data={"form_token": self.token(), **words})


@contextmanager
def open_office(folder: Path) -> Iterator[Office]:
    """The office with its memory in a folder; the invented school is made where it is not there."""
    settings = read_settings({f"{PREFIX}DATA": str(folder), f"{PREFIX}PORT": "0"})
    app = create_app(settings, SAMPLE_SCHOOL, lambda: ON)
    memory = app.extensions["memory"].open()
    try:
        yield Office(app, memory, first_link(memory, True, ON, PUPILS))
    finally:
        app.extensions["memory"].close()
        app.extensions["desk"].press.close()


@contextmanager
def serve(app: Flask) -> Iterator[str]:
    """Where an application is served meanwhile."""
    server = open_server(app, app.extensions["desk"].settings)
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        close_server(server)
        thread.join(5)


def sign_in(context: BrowserContext, address: str, link: str) -> Page:
    """A page of somebody who used a link."""
    page = context.new_page()
    page.goto(address + link)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{address}/")
    return page
