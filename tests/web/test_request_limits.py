"""A key may send so many requests a minute, an address without one a few; who waits as told may go on."""

from __future__ import annotations

import pytest

from service.web.callers import REFUSED_A_MINUTE
from service.web.request_limits import MOST_BUCKETS, RequestLimit
from tests.web.keyed import house_of


def test_who_waits_as_told_may_go_on() -> None:
    limit = RequestLimit(60)
    assert [limit.take("a", now=0.0) for _ in range(20)] == [0] * 20
    assert limit.take("a", now=0.0) == 1
    assert limit.take("b", now=0.0) == 0
    assert limit.take("a", now=1.0) == 0
    assert limit.take("a", now=1.0) == 1
    assert [limit.take("a", now=1_000.0) for _ in range(21)] == [0] * 20 + [1]


def test_it_remembers_only_so_many() -> None:
    limit = RequestLimit(30)
    for _ in range(10):
        limit.take("first", now=0.0)
    assert limit.take("first", now=0.0) == 2
    for number in range(MOST_BUCKETS):
        limit.take(f"{number}", now=0.0)
    assert limit.take("first", now=0.0) == 0


@pytest.fixture
def house(tmp_path):
    with house_of(tmp_path, REQUESTS_A_MINUTE="30") as house:
        yield house


def test_a_key_that_sends_too_much_is_told_how_long_to_wait(house) -> None:
    client, other = house.client(), house.client()
    answers = [client.get("/v1/policies") for _ in range(11)]
    assert [answer.status_code for answer in answers] == [200] * 10 + [429]
    last = answers[-1]
    assert int(last.headers["Retry-After"]) in (1, 2)
    assert last.get_json()["type"] == "/problems/too-many-requests"
    assert f"Wait {last.headers['Retry-After']} s" in last.get_json()["detail"]
    assert other.get("/v1/policies").status_code == 200


def test_an_address_that_guesses_keys_is_slowed_down(house) -> None:
    house.key()
    guessing, other = (house.client("al_live_" + "x" * 43) for _ in range(2))
    other.environ_base["REMOTE_ADDR"] = "192.0.2.9"
    told = [guessing.get("/v1/policies").status_code]
    while told[-1] == 401 and len(told) < 20 * REFUSED_A_MINUTE:  # what is sent slowly takes longer to be too much
        told.append(guessing.get("/v1/policies").status_code)
    assert told[-1] == 429
    assert len(told) > REFUSED_A_MINUTE // 3
    assert other.get("/v1/policies").status_code == 401
    assert house.client().get("/v1/policies").status_code == 200
