"""Who is written to, at which address and with which greeting."""

from __future__ import annotations

from dataclasses import replace

import pytest

from service.attendance.address import PostalAddress
from service.attendance.calendar import SchoolCalendar
from service.attendance.school import School
from service.batches.index import index_rows
from service.batches.run import RunRow
from service.cohort.join import PupilRow
from service.desk import Desk
from service.issue import issue_letters
from service.letters.recipients import find_recipients
from service.pupil import Pupil
from service.sample.sample_school import SAMPLE_SCHOOL
from service.settings import read_settings
from tests.invented import ON, SUMMARY, contact, make_record

BY_HAND = School(without_contacts="by hand")
SHARED = School(shared_households=True)


def find(*contacts, school=SAMPLE_SCHOOL):
    return find_recipients(make_record(contacts=list(contacts)), school)


@pytest.mark.parametrize(
    ("responsible", "lives_with", "post", "written_to"),
    [
        (True, None, None, True),
        (True, False, True, True),
        (None, True, None, True),  # daily care without parental responsibility
        (False, True, True, True),
        (True, True, False, False),
        (False, True, False, False),
        (False, False, True, False),
        (None, None, True, False),
        (False, None, None, False),
    ],
)
def test_responsibility_or_daily_care_is_written_to_unless_post_is_not_wanted(
    responsible, lives_with, post, written_to
) -> None:
    found = find(contact(parental_responsibility=responsible, lives_with_pupil=lives_with, receives_post=post))
    assert bool(found.written_to) is written_to
    assert bool(found.problems) is not written_to


def test_each_entitled_person_gets_a_letter_of_their_own_numbered_as_in_the_record() -> None:
    found = find(contact(), contact(parental_responsibility=False), contact(first_name="Sam"))
    assert [(item.id, item.name) for item in found.written_to] == [("1", "Ms Jo Ash"), ("3", "Ms Sam Ash")]
    assert found.problems == ()


def test_nobody_to_write_to_is_a_problem() -> None:
    assert [item.code for item in find().problems] == ["no-recipient"]
    assert [item.code for item in find(contact(parental_responsibility=False)).problems] == ["no-recipient"]


def test_a_contact_of_whom_nothing_is_said_is_asked_about() -> None:
    (problem,) = find(contact(parental_responsibility=None)).problems
    assert (problem.code, problem.pointer) == ("unclear-contact", "/contacts/0/parental_responsibility")
    assert "contact 1" in problem.detail
    assert "Ash" not in problem.detail


@pytest.mark.parametrize(
    ("words", "code", "pointer"),
    [
        ({"postcode": None}, "incomplete-address", "/contacts/0/postcode"),
        ({"postcode": "not known"}, "incomplete-address", "/contacts/0/postcode"),
        ({"address_line_1": None, "address_line_2": None}, "incomplete-address", "/contacts/0/postcode"),
        ({"title": None, "first_name": None, "last_name": None}, "no-name", "/contacts/0/last_name"),
    ],
)
def test_an_address_that_no_letter_can_reach_is_a_problem_and_the_others_are_written_to(words, code, pointer) -> None:
    found = find(contact(**words), contact(first_name="Sam"))
    assert [item.id for item in found.written_to] == ["2"]
    assert [(item.code, item.pointer) for item in found.problems] == [(code, pointer)]


def test_a_window_shows_seven_lines_with_name_and_postcode() -> None:
    lines = {f"address_line_{n}": f"Line {n}" for n in range(1, 6)}
    assert len(find(contact(**lines)).written_to[0].address_lines) == 7


def test_more_lines_than_the_window_shows_are_joined_from_the_end() -> None:
    record = make_record()
    address = PostalAddress(tuple(f"Line {n}" for n in range(1, 7)), "ZE8 4QT")
    found = find_recipients(replace(record, contacts=(replace(record.contacts[0], address=address),)), SAMPLE_SCHOOL)
    lines = ("Ms Jo Ash", "Line 1", "Line 2", "Line 3", "Line 4", "Line 5, Line 6", "ZE8 4QT")
    assert found.written_to[0].address_lines == lines


def test_an_address_longer_than_the_window_is_a_problem_that_names_nobody() -> None:
    lines = {f"address_line_{n}": "Flat 17 of the Old Brewery behind the Station of Netherford" for n in range(1, 6)}
    found = find(contact(**lines), contact(first_name="Sam"))
    assert [item.id for item in found.written_to] == ["2"]
    assert [(item.code, item.pointer) for item in found.problems] == [
        ("address-too-long", "/contacts/0/address_line_1")
    ]
    assert "Ash" not in found.problems[0].detail


def test_people_whose_names_are_too_long_for_one_envelope_get_one_each() -> None:
    lines = {f"address_line_{n}": f"The {n}th line of a rather long address, nearly full" for n in range(1, 6)}
    people = (
        contact(first_name="Oluwaseun", last_name="Adebayo-Fotheringham", **lines),
        contact(first_name="Christopher", last_name="Adebayo-Fotheringham", **lines),
    )
    assert [item.id for item in find(*people, school=SHARED).written_to] == ["1", "2"]


def test_an_address_with_two_postcodes_is_written_once() -> None:
    found = find(contact(address_line_2="Netherford", address_line_3="ze84qt", postcode="ZE8 4QT"))
    assert found.written_to[0].address_lines == ("Ms Jo Ash", "2 Long Row", "Netherford", "ZE8 4QT")


@pytest.mark.parametrize(
    ("words", "name", "salutation"),
    [
        ({}, "Ms Jo Ash", "Dear Ms Ash"),
        ({"title": None}, "Jo Ash", "Dear Jo Ash"),
        ({"title": None, "first_name": None}, "Ash", "Dear Ash"),
        ({"first_name": None}, "Ms Ash", "Dear Ms Ash"),
        ({"last_name": None}, "Ms Jo", "Dear Ms Jo"),
        ({"title": "Dr", "last_name": "O'Brien & Sons"}, "Dr Jo O'Brien & Sons", "Dear Dr O'Brien & Sons"),
    ],
)
def test_a_greeting_is_title_and_last_name_or_the_whole_name(words, name, salutation) -> None:
    (recipient,) = find(contact(**words)).written_to
    assert (recipient.name, recipient.salutation) == (name, salutation)


def test_people_at_one_address_share_an_envelope_only_where_the_school_wants_that() -> None:
    people = contact(), contact(title="Mr", first_name="Sam", last_name="Oak", address_line_2="NETHERFORD")
    assert [item.id for item in find(*people).written_to] == ["1", "2"]
    (both,) = find(*people, school=SHARED).written_to
    assert (both.id, both.name) == ("1-2", "Ms Jo Ash and Mr Sam Oak")
    assert both.salutation == "Dear Ms Ash and Mr Oak"


def test_a_confidential_address_shares_no_envelope_even_where_it_is_the_same() -> None:
    people = contact(), contact(first_name="Sam", confidential_address=True), contact(first_name="Kim")
    assert [item.id for item in find(*people, school=SHARED).written_to] == ["1-3", "2"]


@pytest.mark.parametrize("contacts", [[], [contact(postcode=None)], [contact(parental_responsibility=False)]])
def test_by_hand_a_letter_is_addressed_to_the_parent_or_carer_with_a_caution(contacts) -> None:
    (recipient,) = find(*contacts, school=BY_HAND).written_to
    assert recipient.id == "by-hand"
    assert recipient.address_lines == ("Parent or carer of Robin Ash",)
    assert recipient.salutation == "Dear parent or carer of Robin Ash"
    assert "by hand" in recipient.caution


def test_by_hand_a_pupil_with_one_name_is_named_with_one_space() -> None:
    (recipient,) = find_recipients(make_record(first_name="", contacts=[]), BY_HAND).written_to
    assert recipient.name == "Parent or carer of Ash"


def test_a_confidential_address_is_in_no_other_letter_and_in_no_line_of_the_index() -> None:
    secret = contact(
        first_name="Sam",
        confidential_address=True,
        address_line_1="7 Hidden Way",
        postcode="ZE7 1LB",
        email="s@h.example",
    )
    desk = Desk(read_settings({}))
    record = make_record(contacts=[contact(), secret], **SUMMARY)
    pupil = Pupil(record, SAMPLE_SCHOOL, desk.policy("bradford"), ON, SchoolCalendar())
    issue = issue_letters(desk, pupil)
    other, own = issue.letters
    assert "7 Hidden Way" in own.text
    row = PupilRow(2, "pupils.csv", record.key, record)
    index = str(list(index_rows(RunRow(row, issue), {})))
    for place in (other.text, index, str(issue.decision.as_json())):
        assert "Hidden" not in place
        assert "ZE7 1LB" not in place
        assert "s@h.example" not in place
    for word in (b"Hidden", b"ZE7 1LB"):
        assert word not in other.content


def test_problems_about_contacts_name_numbers_and_never_people() -> None:
    found = find(
        contact(last_name="Canaryname", postcode=None),
        contact(first_name="Canaryname", address_line_1=None, address_line_2=None),
    )
    assert len(found.problems) == 2
    assert "Canaryname" not in " ".join(map(str, found.problems))
