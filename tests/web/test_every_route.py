"""Every route for programs with every wrong key: no answer tells anything of a school.

The routes come from the application itself, so that a new one cannot be forgotten. The pages, for which people sign in,
are asked for in pages/test_who_may.py.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from typing import NamedTuple

import pytest
from sqlalchemy import func, select

from service.memory.access.keyring import SCOPES, make_key, revoke
from service.memory.hooks.webhooks import add_webhook
from service.storage.tables.columns import metadata
from service.web.callers import ANY_KEY, ANYBODY, scope_of
from service.web.example import EXAMPLE
from service.web.request_marks import REQUEST_ID
from tests.batches.stored.working_batches import work
from tests.web.keyed import HERE, OTHER, House, house_of

OPEN = {"/programs", "/health", "/ready", "/v1/docs", "/v1/openapi.json"}
"""What anybody may see: it says nothing of a school."""
VERBS = ("GET", "POST", "PUT", "PATCH", "DELETE")


class Route(NamedTuple):
    """A route with an address of the first school's rows in it."""

    verb: str
    rule: str
    path: str
    scope: str
    remembered: bool


@pytest.fixture(scope="module")
def house(tmp_path_factory) -> Iterator[House]:
    with house_of(tmp_path_factory.mktemp("routes"), WEBHOOKS_TO="hooks.example.org") as house:
        yield house


@pytest.fixture(scope="module")
def words(house) -> dict[str, str]:
    """What the addresses of the first school's rows hold; a letter was issued there."""
    hook = add_webhook(house.memory, house.school(), "https://hooks.example.org/")[0].id
    answer = house.client().post("/v1/letters", json=EXAMPLE, headers={"Accept": "application/json"}).get_json()
    return {
        "reference": answer["letters"][0]["reference"],
        "pupil_reference": "4711",
        "number": "1",
        "form": "attendance_certificate",
        "template": "letter_1",
        "name": "bradford",
        "batch": str(start_one(house)),
        "webhook": str(hook),
        "delivery": "1",
    }


def start_one(house) -> int:
    """A batch of the first school, decided."""
    body = {"on": EXAMPLE["on"], "nothing_sent": True, "pupils": [EXAMPLE["pupil"]]}
    number = house.client().post("/v1/batches", json=body).get_json()["id"]
    work(house.memory)
    return number


@pytest.fixture(scope="module")
def routes(house, words) -> list[Route]:
    """Every route of the application."""
    found = []
    with house.app.app_context():
        for rule in house.app.url_map.iter_rules():
            if rule.endpoint.startswith("site."):
                continue
            path = re.sub(r"<(?:[^<>]+:)?(\w+)>", lambda word: words[word[1]], rule.rule)
            for verb in sorted(rule.methods & set(VERBS)):
                view = house.app.view_functions[rule.endpoint]
                own = getattr(getattr(view, "view_class", None), verb.lower(), view)
                scope = scope_of(rule.endpoint, verb)
                found.append(Route(verb, rule.rule, path, scope, bool(getattr(own, "remembered", False))))
    return found


def ask(client, route: Route):
    body = {"why": "x", **EXAMPLE, "pupils": [EXAMPLE["pupil"]]} if route.verb != "GET" else None
    number = {REQUEST_ID: "a-test"}  # one made up at random may hold any digits, the pupil's among them
    headers = {**number, "Prefer": "respond-async", "Idempotency-Key": secrets.token_hex(8)}
    return client.open(route.path, method=route.verb, json=body, headers=headers)


def tells_nothing(answer, words) -> bool:
    """Whether an answer has no word of the pupil, the school or its letters."""
    text = answer.get_data(as_text=True) + str(answer.headers)
    told = ("Robin", "Ash", "Weir Lane", words["reference"], "4711", HERE)
    return not [word for word in told if word in text]


def test_every_route_says_what_a_key_must_be_allowed_or_is_open_on_purpose(routes) -> None:
    assert len(routes) > 10
    assert {route.rule for route in routes if route.scope == ANYBODY} == OPEN
    assert {route.scope for route in routes} - {ANYBODY, ANY_KEY} <= set(SCOPES)
    assert not [route for route in routes if not route.scope]


def closed(routes: list[Route]) -> list[Route]:
    return [route for route in routes if route.scope != ANYBODY]


@pytest.mark.parametrize("given", ["", "Bearer al_live_" + "x" * 43, "revoked"])
def test_without_a_key_in_force_every_route_is_401(house, routes, words, given) -> None:
    if given == "revoked":
        text, made = make_key(house.memory, house.school(HERE), "a program")
        revoke(house.memory, house.school(HERE), made.id)
        given = f"Bearer {text}"
    client = house.client("")
    client.environ_base["REMOTE_ADDR"] = f"192.0.2.{len(given)}"
    client.environ_base.update({"HTTP_AUTHORIZATION": given} if given else {})
    for route in closed(routes):
        answer = ask(client, route)
        assert answer.status_code == 401, route
        assert tells_nothing(answer, words), route


def test_without_its_scope_a_key_is_403(house, routes, words) -> None:
    for route in closed(routes):
        if route.scope == ANY_KEY:
            continue
        answer = ask(house.client(scopes=[scope for scope in SCOPES if scope != route.scope]), route)
        assert answer.status_code == 403, route
        assert tells_nothing(answer, words), route


def test_another_schools_key_is_told_nothing_of_this_one(house, routes, words) -> None:
    client = house.client(at=OTHER)
    for route in closed(routes):
        if route.remembered and (route.verb == "GET" or "<" in route.rule):  # others name nothing of the first school
            answer = ask(client, route)
            assert answer.status_code == 404 or answer.get_json().get("items") == [], route
            told = answer.get_data(as_text=True)
            assert "Robin" not in told, route
            assert "Ash" not in told, route


def test_what_another_school_sends_itself_is_answered_without_this_one(house, routes, words) -> None:
    client = house.client(at=OTHER)
    asked = [route for route in closed(routes) if not (route.remembered and (route.verb == "GET" or "<" in route.rule))]
    assert {("POST", "/v1/letters"), ("POST", "/v1/decisions"), ("POST", "/v1/batches")} < {row[:2] for row in asked}
    for route in asked:
        answer = ask(client, route)
        text = answer.get_data(as_text=True) + str(answer.headers)
        assert answer.status_code < 500, route
        assert words["reference"] not in text, route
        assert HERE not in text, route


def test_a_test_key_changes_nothing_and_is_told_nothing_where_it_may_ask(house, routes, words) -> None:
    before = counted(house)
    client = house.client(is_test=True)
    asked = [route for route in closed(routes) if not route.remembered]
    assert {("POST", "/v1/letters"), ("POST", "/v1/decisions"), ("POST", "/v1/forms/<form>")} < {
        row[:2] for row in asked
    }
    for route in asked:
        answer = ask(client, route)
        assert answer.status_code < 500, route
        assert words["reference"] not in answer.get_data(as_text=True) + str(answer.headers), route
    assert counted(house) == before


def counted(house) -> dict[str, int]:
    """How many rows each table has, but for keys and the audit of them."""
    with house.memory.database.read() as connection:
        return {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in metadata.sorted_tables
            if table.name not in ("api_key", "audit")
        }


def test_a_test_key_is_told_nothing_that_is_remembered(house, routes, words) -> None:
    client = house.client(is_test=True)
    for route in closed(routes):
        if route.remembered:
            answer = ask(client, route)
            assert answer.status_code == 403, route
            assert tells_nothing(answer, words), route


def test_what_is_open_tells_nothing(house, routes, words) -> None:
    house.key()
    for route in routes:
        if route.scope == ANYBODY:
            text = ask(house.client(""), route).get_data(as_text=True)
            assert words["reference"] not in text, route
            assert HERE not in text, route
            assert "Weir Lane" not in text, route
