"""`make test` runs in as many processes as the machine can bear."""

from __future__ import annotations

import pytest

from tests.workers import count_workers

GIB = 1 << 30


@pytest.mark.parametrize(
    ("cores", "memory", "workers"),
    [(1, 8, 2), (2, 16, 4), (2, 4, 2), (4, 16, 6), (16, 64, 16), (16, 16, 8), (2, 1, 1)],
)
def test_two_for_each_core_while_memory_lasts(cores: int, memory: int, workers: int) -> None:
    assert count_workers(cores, memory * GIB) == workers
