"""The first ten minutes: a way to sign in again, a new school, and an export that lacks figures."""

from __future__ import annotations

import re
from io import BytesIO

import pytest

from service.memory.school_files import add_named
from service.web.shared.page_words import moment
from service.web.shared.policy_words import say_sources
from tests.web.pages.office import Visitor
from tests.web.pages.shown.plain_words import text_of

POLICY_FIRST = "Choose a policy first"
SUMMARY = "UPN,Surname,Forename,Reg,DOB,Possible,Attended,Authorised,Unauthorised\n"
ROW = "R888201517102,Ash,Ann,8A,04/05/2013,104,80,4,20\n"


@pytest.fixture
def begun(office) -> Visitor:
    """The administrator of a school that was just added."""
    return office.visit("administrator", add_named(office.memory, "Mill Lane School").id)


def take_in(visitor: Visitor, text: str) -> None:
    """Upload an export and take it in."""
    files = {"files": (BytesIO(text.encode()), "export.csv")}
    where = visitor.send("/upload", nothing_sent="yes", **files).headers["Location"]
    assert visitor.client.post(where, data={"form_token": visitor.token("/password")}).status_code == 200


def test_a_new_school_is_led_from_step_to_step(begun) -> None:
    assert "Setting up this school" in text_of(begun.text("/"))
    begun.send("/settings", policy="bradford", school_address_line_1="1 Mill Lane", sender_name="Ms A Example")
    assert text_of(begun.text("/settings/calendar")).count(" Done ") == 1
    begun.send("/settings/calendar", first="03/09/2026", last="18/12/2026", kind="term", name="Autumn term")
    assert text_of(begun.text("/upload")).count(" Done ") == 2
    take_in(begun, SUMMARY + ROW)
    assert "Setting up this school" not in text_of(begun.text("/"))


@pytest.mark.parametrize("path", ["/questions", "/decisions", "/issue", "/letters", "/pupils", "/policy"])
def test_a_school_without_a_policy_is_led_to_choose_one(path, begun, office) -> None:
    answer = begun.get(path)
    assert answer.status_code == 422
    assert POLICY_FIRST in answer.text
    assert 'href="/settings#policy"' in answer.text


def test_who_came_by_a_link_is_asked_to_choose_a_password(office) -> None:
    visitor = office.visit()
    assert "You have no password yet" in visitor.text("/")
    visitor.send("/password", password="three odd little words")  # noqa: S106  # an invented person's
    assert "You have no password yet" not in visitor.text("/")


def test_where_figures_are_lacking_each_page_says_what_to_export(begun) -> None:
    begun.send("/settings", policy="bradford")
    take_in(begun, SUMMARY + ROW)
    lacking = "an export that also has: Sessions unexplained"
    assert "whose figures do not settle what is due" in text_of(begun.text("/"))
    assert "1 pupil cannot be decided about" in text_of(begun.text("/questions"))
    decisions = begun.text("/decisions?kind=undecided")
    assert lacking in text_of(decisions)
    number = re.search(r'href="/decisions/(\d+)', decisions)[1]
    one = text_of(begun.text(f"/decisions/{number}"))
    assert lacking in one
    assert "Answer this" not in one


def test_a_file_in_which_nobody_can_be_taken_in_has_no_button_to_do_it(begun) -> None:
    files = {"files": (BytesIO((SUMMARY + ROW.replace("104,80", "104,180")).encode()), "export.csv")}
    page = begun.text(begun.send("/upload", **files).headers["Location"])
    assert "What we understood" in page
    assert "Take in" not in page


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        ("2026-07-01T09:30:00+00:00", "1 Jul 2026, 10:30"),
        ("2026-11-20T09:30:00", "20 Nov 2026, 09:30"),
        ("2026-03-29T00:59:00+00:00", "29 Mar 2026, 00:59"),
        ("2026-03-29T01:00:00+00:00", "29 Mar 2026, 02:00"),
        ("2026-10-25T00:59:00+00:00", "25 Oct 2026, 01:59"),
        ("2026-10-25T01:00:00+00:00", "25 Oct 2026, 01:00"),
        ("", ""),
    ],
)
def test_a_time_is_what_a_clock_in_england_shows(kept, said) -> None:
    assert moment(kept) == said


def test_a_rule_names_the_document_that_it_comes_from(app) -> None:
    policies = app.extensions["desk"].policies.values()
    said = say_sources("000, Next Steps 2; 002, Enforcement Letter 1", policies)
    assert said == "Stage one tracking form, Next Steps 2; stage two tracking form, Enforcement Letter 1"
    assert say_sources("Our own handbook, page 7", policies) == "Our own handbook, page 7"


def test_the_policy_says_what_must_not_have_happened(office) -> None:
    said = text_of(office.visit().text("/policy"))
    assert "School Letter 3 has not been sent this school year" in said
    assert "There has been no pastoral meeting since School Letter 2" in said
    assert "Not all of these:" in said or "None of these:" in said
    assert "stage any" not in said
