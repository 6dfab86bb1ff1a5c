"""Numbers beyond any row's, wherever an address or a form may hold one: nothing is found, and nothing breaks.

Asked of every route of the application, pages and programs' alike, so that a new one cannot be forgotten.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import quote

import pytest

from service.memory.hooks.webhooks import add_webhook
from service.memory.people.signing_in import make_link
from service.memory.people.staff import invite
from service.web.example import EXAMPLE
from service.web.pages_of import DIGITS
from tests.batches.stored.working_batches import work
from tests.storage.databases import postgres, url
from tests.web.keyed import House, house_of
from tests.web.pages.office import Visitor

__all__ = ["postgres", "url"]
BEYOND = (str(1 << 31), "9" * DIGITS, str(1 << 63), str(10**30), "9" * 5_000)
"""What a column, our addresses, a database, any of them and Python itself can hold, each exceeded by one at least."""
OF_PROGRAMS, OF_PAGES = ("after", "limit"), ("page", "n", "on", "letter", "word", "run")
"""Words of a query that hold a number, or might."""
NO_ROWS = ("/static/<path:filename>", "/v1/docs", "/v1/openapi.json", "/sign-out")
WORDS = {"kind": "docx", "form": "attendance_certificate", "word": "parent_engaged", "filename": "pages.css"}
WORDS |= {"template": "letter_1", "token": "a" * 32}


@pytest.fixture
def house(tmp_path, url) -> Iterator[House]:
    """A school with a letter, a batch and a webhook, on each database."""
    with house_of(tmp_path, url, WEBHOOKS_TO="hooks.example.org", REQUESTS_A_MINUTE="1000000") as house:
        client = house.client()
        assert client.post("/v1/letters", json=EXAMPLE).status_code == 200
        body = {"on": EXAMPLE["on"], "nothing_sent": True, "pupils": [EXAMPLE["pupil"]]}
        assert client.post("/v1/batches", json=body).get_json()["id"] == 1
        work(house.memory)
        add_webhook(house.memory, house.school(), "https://hooks.example.org/")
        yield house


@pytest.fixture
def client(house):
    """Somebody who may see everything: signed in as an administrator, and with a key."""
    client = house.client()
    number = invite(house.memory, house.school().id, "office@weirlane.example", "Ms A Example", "administrator")
    answer = Visitor(client).send(f"/link/{make_link(house.memory, number)}")
    assert answer.status_code == 303
    return client


def places(house, has_number: bool):
    """Every route and method, where its address has a number or where it has none."""
    rules = [rule for rule in house.app.url_map.iter_rules() if rule.rule not in NO_ROWS]
    for rule in rules:
        if bool(re.search(r"<int[^<>]*:", rule.rule)) is has_number:
            for method in sorted(rule.methods & {"GET", "POST", "DELETE"}):
                yield method, rule.rule


def fill(rule: str, number: str, others: str = "") -> str:
    """An address with a number in its places for numbers; the others hold what there is, or what is given."""
    path = re.sub(r"<int[^<>]*:\w+>", number, rule)
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda found: quote(others or WORDS.get(found[1], "4711")), path)


def send(client, method: str, path: str, token: str, **words):
    """The answer to a request of a program or of a page."""
    if path.startswith("/v1/"):
        body = {"why": "x", "seen": "x" * 12, **EXAMPLE, "pupils": [EXAMPLE["pupil"]]}
        return client.open(path, method=method, json=None if method == "GET" else body, buffered=True)
    form = {"form_token": token, "why": "x", "sure": "erase", "seen": "x" * 12, **words}
    return client.open(path, method=method, data=form if method == "POST" else None, buffered=True)


def test_a_number_that_no_row_has_is_nowhere(house, client) -> None:
    token = Visitor(client).token("/password")
    asked = list(places(house, has_number=True))
    assert len(asked) > 30
    for method, rule in asked:
        for number in BEYOND:
            answer = send(client, method, fill(rule, number), token)
            assert 400 <= answer.status_code < 500, (method, rule, number[:40], answer.status_code)


@pytest.mark.slow
def test_a_place_for_words_may_hold_such_a_number(house, client) -> None:
    token = Visitor(client).token("/password")
    asked = [(method, rule) for known in (True, False) for method, rule in places(house, known) if "<" in rule]
    for method, rule in asked:
        for number in BEYOND:
            answer = send(client, method, fill(rule, "1", number), token)
            assert answer.status_code < 500, (method, rule, number[:40], answer.status_code)


@pytest.mark.slow
def test_a_query_may_hold_such_a_number(house, client) -> None:
    for rule in [rule for known in (True, False) for method, rule in places(house, known) if method == "GET"]:
        for word in OF_PROGRAMS if rule.startswith("/v1/") else OF_PAGES:
            for number in (BEYOND[0], BEYOND[1], BEYOND[3]):
                answer = send(client, "GET", f"{fill(rule, '1')}?{word}={number}", "")
                assert answer.status_code < 500, (rule, word, number, answer.status_code)


def test_a_form_may_hold_such_a_number(house, client) -> None:
    token = Visitor(client).token("/password")
    asked = [rule for method, rule in places(house, False) if method == "POST" and not rule.startswith("/v1/")]
    assert len(asked) > 10
    for rule in asked:
        for number in BEYOND:
            words = dict.fromkeys(("letter", "pupil", "page", "seen", "first", "number", "school_year_starts"), number)
            answer = send(client, "POST", fill(rule, "1"), token, **words | {"pupil": f"{number}:{number}"})
            assert answer.status_code < 500, (rule, number[:40], answer.status_code)


def test_the_document_says_how_high_a_number_may_be(house) -> None:
    paths = house.client().get("/v1/openapi.json").get_json()["paths"]
    numbers = [
        parameter
        for item in paths.values()
        for parameter in item.get("parameters", ())
        if parameter["in"] == "path" and parameter["schema"]["type"] == "integer"
    ]
    assert {parameter["schema"]["maximum"] for parameter in numbers} == {10**DIGITS - 1}
