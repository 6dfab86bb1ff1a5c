"""`record`, `history`, `reverse` and `reprint` as an officer uses them: whole commands, and what they say."""

from __future__ import annotations

import json

import pytest

from tests.commands.memory.officer import ROBIN, SAM, reference_in, write_export

ON = "2026-11-20"


@pytest.fixture
def issued(officer):
    """An officer whose two pupils have had Letter 1."""
    write_export(officer.folder / "school", ROBIN, SAM)
    officer.does("import", "school", "--on", ON, "--nothing-sent-yet")
    officer.does("issue", "--on", ON, "--out", "letters", "--by", "JM")
    return officer


def test_everything_that_was_done_at_one_time_is_written_down_together(issued) -> None:
    said = issued.does(
        *("record", "4711", "parent_contact", "--on", "2026-11-23", "--outcome", "completed", "--by", "JM"),
        *("--method", "by telephone", "--note", "will ring again", "--answer", "parent_engaged=yes"),
        *("--mark", "2026-11-09 am I", "--hold-until", "1/12/2026", "--why", "a bereavement"),
    )
    number = said.split("number ")[1].split(":")[0]
    assert said.splitlines() == [
        f"Written down as number {number}: a conversation with the parent, 23 November 2026.",
        "Is the parent working with the school on attendance? Yes.",
        "The mark of 9 November 2026, AM, is I now.",
        "No letter is written until 1 December 2026.",
    ]
    reference = reference_in(issued.does("history", "4711"))
    assert issued.does("history", "4711").splitlines() == [
        "20/11/2026  #1      School Letter 1: JM (issued here)",
        f"                    {reference} to contact 1",
        f"23/11/2026  #{number:<6} A conversation with the parent: completed; by telephone; JM; will ring again "
        "(recorded here)",
        "09/11/2026  AM mark changed from O to I (noted " + _noted(issued) + ")",
    ]


def _noted(officer) -> str:
    """The day on which the correction was noted, by the database's own clock."""
    (correction,) = json.loads(officer.does("history", "4711", "--json"))["corrections"]
    year, month, day = correction["noted_at"][:10].split("-")
    return f"{day}/{month}/{year}"


def test_when_something_is_wrong_all_of_it_is_said_and_nothing_is_written_down(issued) -> None:
    before = issued.does("history", "4711", "--json")
    said = issued.is_refused(
        *("record", "4711", "phone_call", "--on", "2026-11-23", "--outcome", "fine"),
        *("--answer", "nonsense=yes", "--answer", "parent_engaged=perhaps", "--answer", "meeting_date=soon"),
        *("--mark", "2026-11-09 noon I", "--mark", "2026-11-09 AM ?", "--mark", "soon AM I"),
        *("--mark", "2026-10-27 AM O", "--mark", "2099-11-09 AM O", "--hold"),
    ).splitlines()
    assert said[0] == "This was not written down:"
    for place, words in enumerate(
        (
            'event: "phone_call" is not a known event. Choose one of:',
            'outcome: "fine" is not a known outcome.',
            '"nonsense" is not a question we ask.',
            "Answer yes or no: Is the parent working with the school on attendance?",
            '"soon" is not a date. Write it as 27/11/2026 or 2026-11-27.',
            "Name the session as AM or PM.",
            '"?" is not a register code.',
            'Write a mark as a day, AM or PM, and a code: "2026-11-05 AM O", not "soon AM I".',
            "There is a mark for 27/10/2026, but the school is closed on that day.",
            "09/11/2099 has not come yet. Correct the day of the mark.",
            "Say why no letter may be written, with --why.",
        ),
        start=1,
    ):
        assert said[place].startswith(f"  {words}"), said[place]
    assert len(said) == 12
    assert issued.does("history", "4711", "--json") == before


def test_a_hold_is_lifted_and_it_says_so(issued) -> None:
    assert issued.does("record", "4711", "--hold", "--why", "a court order") == (
        "No letter is written until you lift this with --lift.\n"
    )
    assert issued.does("record", "4711", "--lift") == "Letters may be written again.\n"
    assert issued.does("record", "4711", "--lift") == "No letters were held back.\n"


def test_a_held_pupil_is_named_by_issue_with_the_reason(issued) -> None:
    issued.does("reverse", reference_in(issued.does("history", "4711")), "--why", "wrong house")
    issued.does("record", "4711", "--hold-until", "2026-12-01", "--why", "a bereavement")
    said = issued("issue", "--on", ON)
    assert said.status == 1
    assert said.err.splitlines() == [
        "Some letters could not be issued:",
        "  4711: Do not write until 1 December 2026: a bereavement.",
    ]


def test_a_letter_taken_back_is_due_again_and_both_stand_in_the_history(issued) -> None:
    reference = reference_in(issued.does("history", "4711"))
    assert issued.does("reverse", reference, "--why", "sent to the wrong house", "--by", "KL") == (
        f"Taken back: Letter 1 of 20 November 2026 ({reference}). It can be issued again.\n"
    )
    assert "      1  School Letter 1" in issued.does("due", "--on", ON)
    assert "1 letter issued." in issued.does("issue", "--on", ON)
    lines = issued.does("history", "4711").splitlines()
    assert lines[2] == "                    taken back by KL: sent to the wrong house"
    assert lines[3] == "20/11/2026  #3      School Letter 1 (issued here)"


def test_an_event_is_taken_back_by_its_number(issued) -> None:
    issued.does("record", "4711", "home_visit", "--on", "2026-11-23")
    assert issued.does("reverse", "#3", "--why", "another pupil") == "Taken back: a home visit of 23 November 2026.\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("reverse", "1"), "Say why with --why: the reason stays in the history."),
        (("reverse", "99", "--why", "a mistake"), 'There is no letter or event "99". `history` shows what there is.'),
        (("reprint", "AL-1", "--out", "x"), 'There is no letter with the reference "AL-1".'),
        (("reprint", "--of-day", "2026-11-19", "--out", "x"), "No letter of 19 November 2026 is remembered."),
        (("reprint", "--of-day", ON, "--out", "letters"), "This folder already has files in it."),
        (("reprint", "--out", "x"), "Name one letter by its reference, or a day with --of-day."),
        (("record", "4711"), "Say what to write down: an event, or --answer, --mark, --hold-until or --lift."),
        (("record", "4799", "home_visit"), "No pupil of this school has that UPN or reference."),
    ],
)
def test_what_cannot_be_done_is_said(words, said, issued) -> None:
    assert said in issued.is_refused(*words)


def test_what_was_taken_back_is_not_taken_back_twice(issued) -> None:
    issued.does("reverse", "1", "--why", "a mistake")
    assert "has been taken back already" in issued.is_refused("reverse", "1", "--why", "a mistake")


def test_a_letter_is_printed_again_byte_for_byte(issued) -> None:
    reference = reference_in(issued.does("history", "4711"))
    said = issued.does("reprint", reference.lower(), "--out", "again.docx")
    assert said == "School Letter 1 of 20 November 2026 is in again.docx.\n"
    again = (issued.folder / "again.docx").read_bytes()
    assert again in [path.read_bytes() for path in (issued.folder / "letters").glob("*.docx")]


def test_the_letters_of_a_day_are_printed_again_without_those_that_were_taken_back(issued) -> None:
    issued.does("reverse", reference_in(issued.does("history", "4711")), "--why", "a mistake")
    said = issued.does("reprint", "--of-day", "20/11/2026", "--out", "again")
    assert said == "1 letter of 20 November 2026, written to again.\n"
    (path,) = (issued.folder / "again").iterdir()
    assert reference_in(issued.does("history", "4712")) in path.name


def test_a_pupil_of_whom_nothing_is_remembered(officer) -> None:
    write_export(officer.folder / "school", ROBIN)
    officer.does("import", "school", "--on", ON)
    said = officer.does("history", "4711")
    assert said == "Nothing is remembered of this pupil yet: no letter, no contact, no changed mark.\n"


@pytest.mark.parametrize(
    "words",
    [
        ("reverse", "9" * 25, "--why", "a mistake"),
        ("reprint", "9" * 25, "--out", "again.docx"),
        ("batch", "show", "9" * 25),
        ("key", "revoke", "9" * 25),
        ("webhook", "remove", "9" * 25),
    ],
)
def test_a_number_that_no_row_has_is_not_a_fault_of_ours(issued, words) -> None:
    assert "our side" not in issued.is_refused(*words)
