"""The pages of the invented school on one day: in this process for requests, and served to a browser."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, sync_playwright

from builders.pages.look import CHROMIUM, start_browser
from tests.web.pages.office import Office, open_office, serve


@pytest.fixture(scope="session")
def made_once(tmp_path_factory) -> Path:
    """The memory of an invented school with a term behind it."""
    folder = tmp_path_factory.mktemp("invented")
    with open_office(folder):
        return folder


@pytest.fixture
def office(made_once, tmp_path) -> Iterator[Office]:
    """An application with a copy of that memory."""
    shutil.copytree(made_once, tmp_path / "data")
    with open_office(tmp_path / "data") as opened:
        yield opened


@pytest.fixture
def app(office) -> Flask:
    """The application of the office."""
    return office.app


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    if not Path(CHROMIUM).is_file():
        pytest.skip("Chromium is not installed here")
    with sync_playwright() as playwright:
        browser = start_browser(playwright)
        yield browser
        browser.close()


@pytest.fixture
def address(office) -> Iterator[str]:
    """Where the office is served."""
    with serve(office.app) as where:
        yield where
