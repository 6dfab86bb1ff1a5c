"""What somebody may send on purpose: another site to go on to, numbers that no row has, tokens that are no text."""

from __future__ import annotations

import pytest

from tests.web.pages.office import Office, Visitor

PASSWORD = "three odd little words"  # noqa: S105  # an invented person's
EMAIL = "officer@weirlane.example"


def choose_password(visitor: Visitor) -> None:
    """Give whoever is signed in a password."""
    words = {"form_token": visitor.token("/password"), "password": PASSWORD}
    assert visitor.client.post("/password", data=words).status_code == 303


def way_on(office: Office, to: str) -> str:
    """Where somebody who signs in goes on."""
    answer = Visitor(office.app.test_client()).send("/sign-in", email=EMAIL, password=PASSWORD, to=to)
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def test_signing_in_never_leads_to_another_site(office) -> None:
    choose_password(office.visit("officer"))
    for to in ("/\t/evil.example", "/\r/evil.example", "/\x00/evil.example", "//evil.example", "/\\evil.example", "x"):
        assert way_on(office, to) == "/"
    assert way_on(office, "/letters") == "/letters"


@pytest.mark.parametrize(
    "path",
    [
        "/schools/{}",
        "/settings/keys/{}/revoke",
        "/settings/people/{}",
        "/pupils/{}/erase",
        "/pupils/1/events/{}/take-back",
    ],
)
def test_a_number_that_no_row_can_have_is_not_found(path, office) -> None:
    visitor = office.visit()
    token = visitor.token("/password")
    for number in (1 << 63, "9" * 25, "9" * 5000):
        answer = visitor.client.post(path.format(number), data={"form_token": token})
        assert answer.status_code == 404, path
