"""Fixtures for tests that remember: each runs on SQLite and on PostgreSQL, both real."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from service.storage.database import Database, open_database
from tests.storage.own_postgres import new_database, postgres_folder, run_postgres


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A server for all tests of a process."""
    with postgres_folder() as folder, run_postgres(folder) as address:
        yield address


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str:
    """The setting DATABASE of an empty database: "" for SQLite in the data folder."""
    return "" if request.param == "sqlite" else new_database(request.getfixturevalue("postgres"))


@pytest.fixture
def database(url: str, tmp_path: Path) -> Iterator[Database]:
    """An open database without rows."""
    opened = open_database(url, tmp_path / "data")
    yield opened
    opened.close()
