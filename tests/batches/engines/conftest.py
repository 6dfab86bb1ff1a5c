"""What every test of many machines has: PostgreSQL, and a memory whose files they all share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from service.memory.memory import Memory
from tests.memory.living import memory_of
from tests.storage.databases import empty_tables


@pytest.fixture
def url(postgres: str) -> str:
    """The setting DATABASE of a database with empty tables."""
    return empty_tables(postgres)


@pytest.fixture
def memory(url: str, tmp_path: Path) -> Iterator[Memory]:
    """The memory that the workers of a test share."""
    with memory_of(tmp_path, url, FILES=str(tmp_path / "files")) as opened:
        yield opened
