"""A word after the ? that a route does not know is refused: a list that is not filtered must not look as if it were."""

from __future__ import annotations

import pytest

from service.web.example import EXAMPLE
from tests.web.keyed import house_of


@pytest.fixture
def house(tmp_path):
    with house_of(tmp_path) as house:
        yield house


@pytest.mark.parametrize(
    ("method", "path", "said"),
    [
        ("get", "/v1/letters?pupil=4711", '"pupil" is not a word of this address. Known are: after, limit.'),
        ("get", "/v1/letters?limits=2", 'Did you mean "limit"?'),
        ("get", "/v1/batches/1/items?state=issued", 'Did you mean "status"?'),
        ("post", "/v1/decisions?shpe=dates", 'Did you mean "shape"?'),
        ("get", "/v1/pupils/4711/history?after=1", "It takes none after the ?."),
    ],
)
def test_an_unknown_word_is_refused_with_those_that_are_known(method, path, said, house) -> None:
    answer = getattr(house.client(), method)(path)
    assert answer.status_code == 400
    body = answer.get_json(force=True)
    assert said in body["detail"]
    assert body["problems"][0]["code"] == "unknown-query"


@pytest.mark.parametrize("route", ["/v1/decisions", "/v1/letters", "/v1/batches"])
def test_words_that_belong_to_a_shape_are_refused_without_one(route, house) -> None:
    answer = house.client().post(f"{route}?on=2026-11-20&policy=bradford", json=EXAMPLE)
    assert answer.status_code == 422
    problems = answer.get_json(force=True)["problems"]
    assert [problem["pointer"] for problem in problems] == ["/on", "/policy"]
    assert 'only together with "shape". Put it beside the pupils, in the body.' in problems[0]["detail"]


def test_every_unknown_word_is_named_at_once(house) -> None:
    problems = house.client().get("/v1/letters?a=1&limit=2&b=3").get_json(force=True)["problems"]
    assert [problem["pointer"] for problem in problems] == ["/a", "/b"]


def test_known_words_and_other_addresses_are_answered_as_before(house) -> None:
    client = house.client()
    assert client.get("/v1/letters?limit=2").status_code == 200
    assert client.head("/v1/letters?limit=2").status_code == 200
    assert client.get("/health?x=1").status_code == 200
    assert client.get("/sign-in?done=signed-out&x=1").status_code == 200
    assert client.get("/v1/docs?x=1").status_code == 200
    assert client.post("/v1/decisions", json={**EXAMPLE}).status_code == 422


def test_nobody_without_a_key_learns_which_words_there_are(house) -> None:
    house.key()
    assert house.client("").get("/v1/letters?pupil=4711").status_code == 401
