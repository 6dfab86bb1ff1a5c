"""One school's administrators cannot become somebody of another school, by an invitation or by a link."""

from __future__ import annotations

import re

import pytest

from service.errors import RequestError
from service.memory.people.roles import ADMINISTRATOR, OFFICER
from service.memory.people.staff import invite, people_of
from service.memory.school_files import add_named
from tests.web.pages.office import Office, Visitor

HEAD = "head@weirlane.example"
PASSWORD = "three odd little words"  # noqa: S105  # an invented person's


@pytest.fixture
def elsewhere(office: Office) -> int:
    return add_named(office.memory, "Elsewhere School").id


def link_in(text: str) -> str:
    """The link that a page shows."""
    found = re.search(r"/link/[\w-]+", text)
    return found[0] if found else ""


def role_here(office: Office, school: int, email: str) -> str:
    """The role of somebody at a school."""
    return next((one.role for one in people_of(office.memory, school) if one.person.email == email), "")


def test_nobody_gets_a_link_of_another_schools_person(office, elsewhere) -> None:
    invite(office.memory, office.school.id, HEAD, "Ms A Head", ADMINISTRATOR)
    stranger = office.visit("administrator", elsewhere)
    answer = stranger.send("/settings/people", email=HEAD, name="Ms A Head", role="reader")
    assert answer.status_code == 422
    assert "another school" in answer.text
    assert link_in(answer.text) == ""
    assert role_here(office, elsewhere, HEAD) == ""


def test_a_person_of_two_schools_gets_a_link_from_neither_alone(office, elsewhere) -> None:
    for school in (office.school.id, elsewhere):
        number = invite(office.memory, school, HEAD, "Ms A Head", ADMINISTRATOR)
    stranger = office.visit("administrator", elsewhere)
    answer = stranger.send(f"/settings/people/{number}", role="link")
    assert answer.status_code == 422
    assert link_in(answer.text) == ""


def test_who_administers_both_schools_may_invite_from_one_to_the_other(office, elsewhere) -> None:
    invite(office.memory, office.school.id, HEAD, "Ms A Head", OFFICER)
    both = office.visit("administrator")
    invite(office.memory, elsewhere, "administrator@weirlane.example", "Ms A Example", ADMINISTRATOR)
    assert both.send(f"/schools/{elsewhere}").status_code == 303
    answer = both.send("/settings/people", email=HEAD, name="Ms A Head", role="reader")
    assert link_in(answer.text)
    assert role_here(office, elsewhere, HEAD) == "reader"


def test_what_let_somebody_in_before_does_not_after_a_new_invitation(office, elsewhere) -> None:
    stranger = office.visit("administrator", elsewhere)
    link = link_in(stranger.send("/settings/people", email=HEAD, name="Nobody", role="reader").text)
    spare = link_in(stranger.send("/settings/people", email=HEAD, name="Nobody", role="reader").text)
    hijacker = Visitor(office.app.test_client())
    hijacker.send(spare or link)
    token = hijacker.token("/password")
    hijacker.client.post("/password", data={"form_token": token, "password": PASSWORD})
    number = next(one.person.id for one in people_of(office.memory, elsewhere) if one.person.email == HEAD)
    assert stranger.send(f"/settings/people/{number}", role="none").status_code == 303
    later = link_in(office.visit().send("/settings/people", email=HEAD, name="Ms A Head", role="officer").text)
    assert Visitor(office.app.test_client()).send("/sign-in", email=HEAD, password=PASSWORD).status_code == 422
    assert Visitor(office.app.test_client()).send(link).status_code == 422
    assert hijacker.get("/letters").status_code == 303
    head = Visitor(office.app.test_client())
    assert head.send(later).status_code == 303
    assert "Ms A Head" in office.visit().text("/settings/people")


def test_the_last_administrator_cannot_be_invited_into_another_role(office, elsewhere) -> None:
    email = f"administrator{elsewhere}@weirlane.example"
    only = office.visit("administrator", elsewhere)
    assert only.send("/settings/people", email=email, name="Ms A Example", role="reader").status_code == 422
    assert role_here(office, elsewhere, email) == ADMINISTRATOR
    with pytest.raises(RequestError, match="a school needs one"):
        invite(office.memory, elsewhere, email, "Ms A Example", "reader")
