"""What became of issued letters: printed, sent, taken back, on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest

from service.errors import RequestError
from service.memory.dispatch.sending import note_printed, note_sent, say_state, undo_sending
from service.memory.memory import open_school
from service.memory.reversing import take_back
from service.storage.audit_chain import verify
from service.storage.dispatch.dispatches import last_steps
from service.storage.issued import LetterSearch, search_letters
from tests.invented import CONTACT, ON, contact
from tests.memory.living import ill, issue, memory_of, take

SECOND = contact(title="Mr", first_name="Sam", address_line_1="7 Sluice Road")
LATER = ON + timedelta(days=2)


def letters_of(memory, school) -> list:
    with memory.database.read() as connection:
        return sorted(search_letters(connection, school.id, LetterSearch()), key=lambda one: one.id)


def said(memory, school) -> list[str]:
    """What is said of each letter."""
    letters = letters_of(memory, school)
    with memory.database.read() as connection:
        steps = last_steps(connection, school.id, [one.id for one in letters])
    return [say_state(one.state, steps.get(one.id)) for one in letters]


@pytest.fixture
def two(url, tmp_path):
    """A memory with two letters that were issued: to each of two parents one."""
    with memory_of(tmp_path, url) as memory:
        take(memory, ill(contacts=[CONTACT, SECOND]))
        issue(memory, by="JM")
        school = open_school(memory)
        yield memory, school, [one.id for one in letters_of(memory, school)]


def test_a_letter_is_printed_then_sent_and_each_can_be_taken_back(two) -> None:
    memory, school, (first, second) = two
    assert note_printed(memory, school, [first, second], ON, "JM") == 2
    assert note_printed(memory, school, [first], ON, "JM") == 0
    assert note_sent(memory, school, [first], "post", LATER, LATER, "JM") == 1
    assert said(memory, school) == ["sent by post on 22 November 2026", "printed on 20 November 2026"]
    assert note_printed(memory, school, [first], LATER, "JM") == note_sent(
        memory, school, [first], "hand", LATER, LATER, ""
    )
    assert undo_sending(memory, school, [first, second], "JM") == 2
    assert said(memory, school) == ["printed on 20 November 2026", "issued"]
    assert undo_sending(memory, school, [first, second], "JM") == 1
    assert undo_sending(memory, school, [first, second], "JM") == 0
    with memory.database.read() as connection:
        assert verify(connection, school.id) == []


@pytest.mark.parametrize(
    ("how", "day", "code"),
    [
        ("pigeon", ON, "no-way"),
        ("post", None, "no-day"),
        ("post", ON + timedelta(days=1), "day-to-come"),
        ("post", ON - timedelta(days=1), "before-its-day"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_noted(two, how, day, code) -> None:
    memory, school, numbers = two
    with pytest.raises(RequestError) as caught:
        note_sent(memory, school, numbers, how, day, ON, "JM")
    assert {problem.code for problem in caught.value.problems} == {code}
    assert said(memory, school) == ["issued", "issued"]


def test_a_letter_taken_back_is_neither_sent_nor_said_to_be(two) -> None:
    memory, school, numbers = two
    note_sent(memory, school, numbers, "post", ON, ON, "JM")
    take_back(memory, school, letters_of(memory, school)[0].reference, "a mistake")
    assert said(memory, school) == ["taken back", "taken back"]
    with pytest.raises(RequestError, match="Choose at least one letter"):
        undo_sending(memory, school, numbers, "JM")


def test_a_letter_that_must_be_posted_is_not_sent_by_email(url, tmp_path) -> None:
    with memory_of(tmp_path, url) as memory:
        take(memory, ill(history=[{"on": "2026-10-05", "event": "letter_1"}]))
        issue(memory, letter="letter_2")
        school = open_school(memory)
        numbers = [one.id for one in letters_of(memory, school)]
        with pytest.raises(RequestError, match="is not sent by e-mail: post it, or give it by hand"):
            note_sent(memory, school, numbers, "email", ON, ON, "JM")
        assert note_sent(memory, school, numbers, "hand", ON, ON, "JM") == 1
