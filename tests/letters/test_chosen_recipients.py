"""Somebody leaves a recipient out or adds another contact: never one who must not be written to, never to nobody."""

from __future__ import annotations

import pytest

from service.attendance.school import School
from service.attendance.wishes import ChosenRecipients, Wishes
from service.desk import Desk
from service.issue import issue_letters
from service.letters.recipients import find_recipients
from service.pupil import Pupil
from service.sample.sample_school import SAMPLE_SCHOOL
from service.settings import read_settings
from tests.invented import CALENDAR, MEETING, ON, SUMMARY, contact, make_record

GRAN = {"first_name": "Gran", "parental_responsibility": False, "lives_with_pupil": False}
FAMILY = [contact(), contact(first_name="Sam"), contact(**GRAN)]


def find(choice, *contacts, school=SAMPLE_SCHOOL):
    return find_recipients(make_record(contacts=list(contacts or FAMILY)), school, choice)


def left_out(*numbers) -> ChosenRecipients:
    return ChosenRecipients(left_out=frozenset(numbers), why="a reason")


def added(*numbers) -> ChosenRecipients:
    return ChosenRecipients(added=frozenset(numbers), why="a reason")


def names(found) -> list[str]:
    return [recipient.name for recipient in found.written_to]


def codes(found) -> list[str]:
    return [problem.code for problem in found.problems]


def test_somebody_is_left_out_and_another_contact_added() -> None:
    assert names(find(None)) == ["Ms Jo Ash", "Ms Sam Ash"]
    found = find(ChosenRecipients(frozenset({2}), frozenset({3}), "asked for it"))
    assert (names(found), codes(found)) == (["Ms Jo Ash", "Ms Gran Ash"], [])
    assert [recipient.id for recipient in found.written_to] == ["1", "3"]


def test_whoever_is_added_without_care_of_the_child_is_a_caution_for_the_office() -> None:
    jo, _, gran = find(added(3)).written_to
    assert jo.caution == ""
    assert "Ask whether Ms Gran Ash may read this" in gran.caution


@pytest.mark.parametrize("flag", [{"receives_post": False}, {"court_order": True}])
def test_nobody_who_must_not_be_written_to_can_be_added(flag) -> None:
    found = find(added(2), contact(), contact(first_name="Sam", **flag))
    assert (names(found), codes(found)) == (["Ms Jo Ash"], ["not-to-be-written-to"])


def test_nobody_without_an_address_that_works_can_be_added() -> None:
    found = find(added(2), contact(), contact(**GRAN, postcode=None))
    assert (names(found), codes(found)) == (["Ms Jo Ash"], ["incomplete-address"])


@pytest.mark.parametrize("number", [0, 4, 99])
def test_somebody_who_is_no_contact_is_named_as_a_problem(number) -> None:
    found = find(added(number))
    assert (names(found), codes(found)) == (["Ms Jo Ash", "Ms Sam Ash"], ["no-such-contact"])


@pytest.mark.parametrize("school", [SAMPLE_SCHOOL, School(without_contacts="by hand")])
def test_the_letter_never_goes_to_nobody_nor_by_hand_to_whoever_was_left_out(school) -> None:
    found = find(left_out(1, 2), school=school)
    assert (found.written_to, codes(found)) == ((), ["nobody-left"])
    no_address = find(left_out(1), contact(), contact(first_name="Sam", postcode=None), school=school)
    assert (no_address.written_to, codes(no_address)) == ((), ["incomplete-address"])


def test_the_address_of_somebody_left_out_is_nobodys_problem() -> None:
    assert codes(find(left_out(2), contact(), contact(first_name="Sam", postcode=None))) == []


def test_one_of_a_household_is_left_out_of_the_envelope_and_the_greeting() -> None:
    found = find(left_out(2), school=School(shared_households=True))
    assert [(recipient.id, recipient.salutation) for recipient in found.written_to] == [("1", "Dear Ms Ash")]


@pytest.mark.parametrize(("letter", "is_written"), [("letter_1", True), ("enforcement_letter_1", False)])
def test_a_letter_that_warns_of_the_law_goes_to_nobody_but_parents(letter, is_written) -> None:
    desk = Desk(read_settings({}))
    words = {"social_worker": False, "child_in_need": False, "child_protection_plan": False}
    record = make_record(contacts=FAMILY, **SUMMARY, **words)
    pupil = Pupil(record, SAMPLE_SCHOOL, desk.policy("bradford"), ON, CALENDAR, wishes=Wishes(recipients=added(3)))
    found = issue_letters(desk, pupil, letter)
    assert [made.recipient.id for made in found.letters] == (["1", "2", "3"] if is_written else ["1", "2"])
    assert [problem.code for problem in found.problems] == ([] if is_written else ["only-parents"])


def test_recipients_chosen_for_another_letter_hold_this_one() -> None:
    desk = Desk(read_settings({}))
    choice = ChosenRecipients(frozenset({2}), why="away", letter="letter_2", on=ON)
    record = make_record(contacts=FAMILY, **SUMMARY, history=[{"on": "2026-10-05", "event": "letter_1"}], **MEETING)
    pupil = Pupil(record, SAMPLE_SCHOOL, desk.policy("bradford"), ON, CALENDAR, wishes=Wishes(recipients=choice))
    assert [problem.code for problem in issue_letters(desk, pupil, "letter_1").problems] == ["unfit-wish"]
    assert [made.recipient.id for made in issue_letters(desk, pupil, "letter_2").letters] == ["1"]
