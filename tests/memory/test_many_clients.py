"""Several clients of one memory at once, for some seconds: `python -m tests.long_run.clients` is the long run."""

from __future__ import annotations

import pytest

from tests.long_run.clients import SHARES, at_once, look_through


@pytest.mark.slow
def test_clients_at_once_are_never_told_that_it_is_locked_and_nothing_is_lost(url, tmp_path) -> None:
    done = at_once(tmp_path, url, clients=4, seconds=3, pace=0.1)
    assert [item.fault for item in done if item.fault] == []
    assert {"record", "issue"} <= {item.kind for item in done} <= {"import", *SHARES}
    assert list(look_through(tmp_path, url)) == []
