"""Fixtures for tests that remember: each runs on SQLite and on PostgreSQL, both real.

The tables are made once a process; each test has a copy of them.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from service.file_access import write_new_file
from service.storage.database import FILE, Database, open_database
from tests.storage.own_postgres import new_database, postgres_folder, run_postgres


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A server for all tests of a process."""
    with postgres_folder() as folder, run_postgres(folder) as address:
        yield address


@cache
def _with_tables(address: str) -> str:
    """The name of a database with the tables and nothing in them."""
    url = new_database(address)
    open_database(url, Path()).close()
    return url.partition("?")[0].rpartition("/")[2]


def empty_tables(address: str) -> str:
    """The URL of a new database on a server, with the tables and nothing in them."""
    return new_database(address, _with_tables(address))


@cache
def _file_with_tables() -> bytes:
    """An SQLite database with the tables and nothing in them."""
    with tempfile.TemporaryDirectory() as folder:
        open_database("", Path(folder)).close()
        return (Path(folder) / FILE).read_bytes()


def prepare(data: Path) -> None:
    """Put an SQLite database with the tables into a data folder that has none yet."""
    if not (data / FILE).exists():
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_new_file(data / FILE, _file_with_tables())


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str:
    """The setting DATABASE of a database with empty tables: "" for SQLite in the data folder."""
    if request.param == "sqlite":
        return ""
    return empty_tables(request.getfixturevalue("postgres"))


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest) -> str:
    """The setting DATABASE of a database without tables: "" for SQLite in the data folder."""
    return "" if request.param == "sqlite" else new_database(request.getfixturevalue("postgres"))


@pytest.fixture
def database(url: str, tmp_path: Path) -> Iterator[Database]:
    """An open database without rows."""
    if not url:
        prepare(tmp_path / "data")
    opened = open_database(url, tmp_path / "data")
    yield opened
    opened.close()
