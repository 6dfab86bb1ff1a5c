"""A free meeting is used up by an invitation alone: the one that is due, or the one that a person named."""

from __future__ import annotations

from pathlib import Path

import pytest

from service.word.text import read_text
from tests.memory.living import SLOT, TWO_LETTERS, due, invited, issue, memory_of, take

ONE_LETTER = [{"on": "2026-10-01", "event": "letter_1"}]


@pytest.mark.parametrize(
    ("history", "is_due", "named", "is_used"),
    [
        (TWO_LETTERS, "letter_3", "", True),
        (TWO_LETTERS, "letter_3", "letter_3", True),
        (TWO_LETTERS, "letter_3", "letter_1", False),  # a meeting is due, but this letter invites to none
        (TWO_LETTERS, "", "letter_3", True),  # parents are engaged, so that no letter is due, but this one invites
        (ONE_LETTER, "letter_2", "", False),
    ],
)
def test_a_meeting_goes_to_an_invitation(
    tmp_path: Path, history: list[dict[str, str]], is_due: str, named: str, is_used: bool
) -> None:
    with memory_of(tmp_path) as memory:
        take(memory, {**invited(history), "parent_engaged": not is_due})
        assert due(memory)["4711"].letter == is_due
        done = issue(memory, letter=named, meeting=SLOT)
        assert [kept.letter.letter for kept in done.kept] == [named or is_due]
        assert (done.remembered.pupil.record.meeting is SLOT) is is_used
        assert ("Thursday 26 November 2026" in read_text(done.issue.letters[0].content)) is is_used


def test_a_meeting_that_a_person_named_stays_and_the_free_one_too(tmp_path: Path) -> None:
    own = {**SLOT, "meeting_date": "2026-12-01"}
    with memory_of(tmp_path) as memory:
        take(memory, {**invited(TWO_LETTERS), **own})
        done = issue(memory, meeting=SLOT)
        assert done.remembered.pupil.record.meeting == own
        assert "Tuesday 1 December 2026" in read_text(done.issue.letters[0].content)
