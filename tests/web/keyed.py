"""The service with keys: two schools, and a client for each kind of key."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from service.app import create_app
from service.memory.access.keyring import SCOPES, make_key
from service.memory.memory import Memory, OpenSchool, open_school
from service.memory.school_files import add_from_file
from service.settings import read_settings
from tests.memory.living import settings_for

HERE, OTHER = "weir-lane", "sluice-road"


class House:
    """A running application with two schools in its memory."""

    def __init__(self, app: Flask, tmp_path: Path) -> None:
        self.app = app
        self.memory: Memory = app.extensions["memory"].open()
        for key in (HERE, OTHER):
            add_from_file(self.memory, key, tmp_path / "school.toml")

    def school(self, key: str = HERE) -> OpenSchool:
        return open_school(self.memory, key)

    def key(self, scopes: Any = tuple(SCOPES), is_test: bool = False, at: str = HERE) -> str:
        """A new key's text."""
        return make_key(self.memory, self.school(at), "a program", scopes, is_test)[0]

    def client(self, key: str | None = None, **words: Any) -> FlaskClient:
        """A client that sends a key: one of its own when none is given, none for ""."""
        client = self.app.test_client()
        text = self.key(**words) if key is None else key
        if text:
            client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {text}"
        return client


def close_app(app: Flask) -> None:
    """Close what the requests to an application opened."""
    app.extensions["memory"].close()
    if "press" in vars(app.extensions["desk"]):
        app.extensions["desk"].press.close()


@contextmanager
def house_of(tmp_path: Path, url: str = "", **words: str) -> Iterator[House]:
    """The application with a memory in a temporary folder."""
    app = create_app(read_settings(settings_for(tmp_path, url, **words)))
    try:
        yield House(app, tmp_path)
    finally:
        close_app(app)
