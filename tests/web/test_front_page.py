"""The first page, as somebody who opened the printed address sees it."""

from __future__ import annotations

import html
import re
import shlex
import subprocess
from pathlib import Path

from service.app import create_app
from service.settings import read_settings


def test_the_first_page_names_the_school_and_where_to_go_next(client) -> None:
    page = client.get("/")
    text = page.get_data(as_text=True)
    assert (page.status_code, page.mimetype) == (200, "text/html")
    assert "Letters are written for Weir Lane School." in text
    for link in re.findall(r'href="([^"]+)"', text):
        assert client.get(link).status_code == 200


def test_the_command_on_the_page_can_be_typed_where_the_service_was_started(client) -> None:
    shown = re.search(r"<pre>(.+) decide FOLDER", client.get("/").get_data(as_text=True))
    assert shown
    command = shlex.split(html.unescape(shown[1]))
    done = subprocess.run([*command, "--version"], cwd=Path.cwd(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_without_a_school_the_page_says_how_to_name_one() -> None:
    text = create_app(read_settings({})).test_client().get("/").get_data(as_text=True)
    assert "No school is named yet" in text
    assert "--school" in text
