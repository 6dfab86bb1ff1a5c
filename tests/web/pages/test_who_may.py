"""Every address of the pages: signed out, of another school, in another role, without a form's token: no leak."""

from __future__ import annotations

import re

import pytest

from service.memory.people.roles import ADMINISTRATORS, EVERYBODY, ROLES, SIGNATORIES, WRITERS
from service.memory.people.signing_in import find_signed_in
from service.memory.school_files import add_named
from service.web.shared.visitor import COOKIE
from tests.web.pages.office import Visitor

OPEN = {"site.sign_in", "site.sign_in_now", "site.link", "site.link_now"}
OPEN |= {"site.sign_in_by_provider", "site.signed_in_by_provider"}


def rules_of(app):
    """Every route of the pages."""
    return [
        rule
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("site.") and rule.endpoint != "site.static"
    ]


def fill(rule, number: int, reference: str) -> str:
    """The route's address about one pupil and one letter."""
    values = {"number": number, "reference": reference, "event": 1, "token": "a" * 32, "kind": "docx"}
    values |= {"form": "attendance_certificate", "word": "parent_engaged", "filename": "pages.css"}
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(values[found[1]]), rule.rule)


def ask(client, rule, path: str, **words):
    """The answer to each way in which the route may be asked."""
    for method in sorted(rule.methods & {"GET", "POST"}):
        yield client.open(path, method=method, data=words if method == "POST" else None)


@pytest.fixture
def known(office):
    """A pupil's number with the words that must not leak, and the reference of a letter."""
    text = office.visit().text("/letters")
    reference = re.search(r"AL-[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4}", text)[0]
    number, last_name = re.search(r'href="/pupils/(\d+)">([^,<]+),', text).groups()
    return int(number), reference, last_name


def test_every_view_says_who_may_see_it(app) -> None:
    for rule in rules_of(app):
        roles = app.view_functions[rule.endpoint].allowed_roles
        assert (roles is None) == (rule.endpoint in OPEN)
        assert roles is None or roles in (EVERYBODY, WRITERS, SIGNATORIES, ADMINISTRATORS)


def test_nobody_sees_anything_signed_out(office, known) -> None:
    number, reference, last_name = known
    for rule in rules_of(office.app):
        for answer in ask(office.app.test_client(), rule, fill(rule, number, reference)):
            assert last_name not in answer.get_data(as_text=True)
            assert rule.endpoint in OPEN or answer.status_code in (303, 403), rule
            assert rule.endpoint in OPEN or answer.status_code == 403 or "/sign-in" in answer.headers["Location"]


def test_another_school_sees_nothing(office, known) -> None:
    number, reference, last_name = known
    other = add_named(office.memory, "Elsewhere School")
    visitor = office.visit("administrator", other.id)
    token = visitor.token()
    for rule in rules_of(office.app):
        if rule.endpoint in OPEN | {"site.sign_out_now", "site.set_up_now", "site.settings_now"}:
            continue
        for answer in ask(visitor.client, rule, fill(rule, number, reference), form_token=token, why="x", sure="erase"):
            text = answer.get_data(as_text=True)
            assert last_name not in text, rule
            assert reference not in text or answer.status_code == 422, rule  # it may repeat what was asked for
    assert last_name in office.visit().text("/letters")


@pytest.mark.parametrize("role", ROLES)
def test_a_role_does_what_it_may_and_nothing_else(role, office, known) -> None:
    number, reference, last_name = known
    visitor = office.visit(role)
    token = visitor.token("/password")
    for rule in rules_of(office.app):
        if rule.endpoint in OPEN:
            continue
        allowed = role in office.app.view_functions[rule.endpoint].allowed_roles
        if not allowed:
            for answer in ask(visitor.client, rule, fill(rule, number, reference), form_token=token):
                assert answer.status_code == 403, rule
                assert last_name not in answer.get_data(as_text=True)
        elif "GET" in rule.methods:
            assert visitor.get(fill(rule, number, reference)).status_code in (200, 422), rule


def test_no_form_is_taken_without_its_token(office, known) -> None:
    number, reference, _ = known
    visitor = office.visit()
    for rule in rules_of(office.app):
        if "POST" in rule.methods:
            for words in ({}, {"form_token": "0" * 64}):
                answer = visitor.client.post(fill(rule, number, reference), data=words)
                assert answer.status_code == 403, rule
    assert visitor.get("/").status_code == 200


def test_the_cookie_and_the_headers_are_strict(office) -> None:
    client = office.app.test_client()
    answer = client.get("/sign-in")
    cookie = answer.headers["Set-Cookie"]
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
    assert "Secure" in client.get("/sign-in", base_url="https://localhost").headers.get("Set-Cookie", "Secure")
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_link_signs_in_once(office) -> None:
    first, second = office.app.test_client(), office.app.test_client()
    assert Visitor(first).send(office.link).status_code == 303
    assert first.get("/").status_code == 200
    again = Visitor(second).send(office.link)
    assert again.status_code == 422
    assert "used already" in again.get_data(as_text=True)
    assert second.get("/").status_code == 303


def test_a_session_gets_a_new_cookie_and_ends_with_signing_out(office) -> None:
    visitor = office.visit()
    token = visitor.client.get_cookie(COOKIE).value
    assert find_signed_in(office.memory, token)
    assert visitor.send("/sign-out").status_code == 303
    assert find_signed_in(office.memory, token) is None
    assert visitor.get("/").status_code == 303


def test_signing_in_is_slowed_after_ten_failures(office) -> None:
    visitor = office.visit("officer")
    chosen = visitor.client.post(
        "/password", data={"form_token": visitor.token("/password"), "password": "three odd little words"}
    )
    assert chosen.status_code == 303
    stranger = Visitor(office.app.test_client())
    words = {"email": "officer@weirlane.example", "password": "wrong password"}
    for _ in range(10):
        assert "not right" in stranger.send("/sign-in", **words).get_data(as_text=True)
    right = stranger.send("/sign-in", **{**words, "password": "three odd little words"})
    assert right.status_code == 422
    assert "Wait 15 minutes" in right.get_data(as_text=True)


def test_what_was_typed_survives_the_end_of_a_session(office, known) -> None:
    number, _, _ = known
    visitor = office.visit("officer")
    visitor.client.post(
        "/password", data={"form_token": visitor.token("/password"), "password": "three odd little words"}
    )
    token = visitor.token("/password")
    with office.memory.database.write() as connection:
        connection.exec_driver_sql("DELETE FROM sign_in")
    words = {"event": "parent_contact", "on": "19/11/2026", "note": "Nobody was in"}
    asked = visitor.client.post(f"/pupils/{number}/event", data={"form_token": token, **words})
    assert asked.status_code == 401
    kept = dict(re.findall(r'name="(kept-\w+)" value="([^"]*)"', asked.text))
    signed_in = visitor.client.post(
        "/sign-in",
        data={
            "form_token": token,
            "to": f"/pupils/{number}/event",
            "email": "officer@weirlane.example",
            "password": "three odd little words",
            **kept,
        },
    )
    assert "Nobody was in" in signed_in.text
    again = dict(re.findall(r'name="(\w+)" value="([^"]*)"', signed_in.text.split('action="/pupils')[1]))
    assert visitor.client.post(f"/pupils/{number}/event", data=again).status_code == 303
    assert "Nobody was in" in visitor.text(f"/pupils/{number}")
