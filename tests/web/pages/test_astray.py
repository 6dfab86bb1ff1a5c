"""Who went astray with a browser gets a page that says where to go; a program gets problem+json as before."""

from __future__ import annotations

import http.client
import json

import pytest

from service.web.problems import PROBLEM_JSON
from service.web.server import LONGEST_HEADERS
from tests.web.pages.office import Visitor

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"
PROGRAMS = ("*/*", "application/json", "application/json, text/html", "application/problem+json", "")


@pytest.mark.parametrize("path", ["/nowhere", "/pupils/abc", "/settings/nowhere", "/upload/x/y/z", "/v2/letters"])
def test_a_mistyped_address_is_a_page_that_leads_back(path, office) -> None:
    answer = office.visit("reader").client.get(path, headers={"Accept": BROWSER})
    assert (answer.status_code, answer.mimetype) == (404, "text/html")
    assert "There is no such page" in answer.text
    assert "Check the address for a typing mistake" in answer.text
    assert '<a class="govuk-link" href="/">Go to Today</a>' in answer.text
    assert '<a href="/pupils">Pupils</a>' in answer.text
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]


def test_a_stranger_who_mistypes_is_led_to_sign_in_and_gets_no_cookie(office) -> None:
    answer = office.app.test_client().get("/nowhere", headers={"Accept": BROWSER})
    assert '<a class="govuk-link" href="/">Sign in</a>' in answer.text
    assert "/pupils" not in answer.text
    assert "Set-Cookie" not in answer.headers


def test_an_address_that_only_takes_a_form_says_so(office) -> None:
    answer = office.visit().client.get("/decisions/1/issue", headers={"Accept": BROWSER})
    assert (answer.status_code, answer.mimetype) == (405, "text/html")
    assert "A button of another page leads here." in answer.text
    assert "POST" in answer.headers["Allow"]


@pytest.mark.parametrize("accept", PROGRAMS)
def test_a_program_that_mistypes_is_answered_as_before(accept, office) -> None:
    answer = office.app.test_client().get("/nowhere", headers={"Accept": accept})
    assert (answer.status_code, answer.mimetype) == (404, PROBLEM_JSON)


@pytest.mark.parametrize("path", ["/v1/nowhere", "/health/nowhere", "/ready/nowhere", "/metrics/nowhere"])
def test_addresses_of_programs_answer_a_browser_as_they_answer_programs(path, office) -> None:
    answer = office.app.test_client().get(path, headers={"Accept": BROWSER})
    assert (answer.status_code, answer.mimetype) == (404, PROBLEM_JSON)


def test_a_fault_outside_every_page_is_a_page_with_its_number(office) -> None:
    def fail() -> str:
        raise ZeroDivisionError

    office.app.add_url_rule("/broken", view_func=fail)
    office.app.view_functions["fail"].scope = "anybody"
    shown = office.app.test_client().get("/broken", headers={"Accept": BROWSER})
    assert (shown.status_code, shown.mimetype) == (500, "text/html")
    assert "report the number" in shown.text
    assert office.app.test_client().get("/broken").mimetype == PROBLEM_JSON


def test_a_name_that_is_not_this_machine_is_told_which_to_use(office) -> None:
    answer = office.app.test_client().get("/", headers={"Host": "office.example", "Accept": BROWSER})
    assert answer.status_code == 400
    assert "127.0.0.1 or localhost" in json.loads(answer.data)["detail"]


@pytest.mark.parametrize(("accept", "kind"), [(BROWSER, "text/html"), ("*/*", PROBLEM_JSON)])
def test_what_never_reaches_the_application_is_told_in_the_same_way(accept, kind, office, address) -> None:
    connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=30)
    size = 4 * office.app.config["MAX_CONTENT_LENGTH"] + 1
    connection.putrequest("POST", "/upload")
    for name, value in (("Accept", accept), ("Content-Length", str(size)), ("Content-Type", "text/plain")):
        connection.putheader(name, value)
    connection.endheaders()
    answer = connection.getresponse()
    said = answer.read().decode()
    assert (answer.status, answer.headers.get_content_type()) == (413, kind)
    assert ("send fewer files at once" in said) == (accept == BROWSER)
    assert ("Content-Length" in said) is False
    connection.close()


def test_headers_without_end_are_no_page_of_ours(office, address) -> None:
    connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=30)
    connection.request("GET", "/", headers={"X-Long": "x" * LONGEST_HEADERS})
    answer = connection.getresponse()
    assert (answer.status, answer.headers["Content-Type"]) == (431, PROBLEM_JSON)
    connection.close()


def test_the_pages_of_errors_of_forms_stay_as_they_are(office) -> None:
    visitor = Visitor(office.app.test_client())
    answer = visitor.client.post("/sign-in", data={"email": "a@x.example"}, headers={"Accept": BROWSER})
    assert answer.status_code == 403
    assert "This form is too old" in answer.text
