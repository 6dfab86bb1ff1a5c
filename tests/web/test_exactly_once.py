"""The same request many times at once is done once: a few rounds of `python -m tests.long_run.at_once`."""

from __future__ import annotations

import pytest

from tests.long_run.at_once import WITH, WITHOUT, ask_at_once, find_faults, run_rounds
from tests.web.keyed import house_of


@pytest.mark.slow
@pytest.mark.parametrize("kind", [WITHOUT, WITH])
def test_a_letter_is_issued_exactly_once_in_each_round(kind, tmp_path) -> None:
    with house_of(tmp_path, REQUESTS_A_MINUTE="10000000") as house:
        assert run_rounds(house, kind, rounds=3, clients=50) == {}


def test_a_second_letter_is_noticed(tmp_path) -> None:
    with house_of(tmp_path) as house:
        key = house.key()
        answers = ask_at_once(house, key, "1", 1, {})
        assert [*find_faults(house, key, "1", answers * 2, has_key=False)] == [
            "2 answers say that a letter was issued, 1 of them different"
        ]
        house.client(key).post("/v1/pupils/1/history", json={"on": "2026-11-20", "event": "home_visit"})
        assert [*find_faults(house, key, "1", answers, has_key=True)] == ["1 letters and 2 events are remembered"]
