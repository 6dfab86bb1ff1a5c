"""`sent` and `approvals` as an officer uses them: whole commands, and what they say."""

from __future__ import annotations

import re

import pytest

from tests.commands.memory.officer import ROBIN, SAM, write_export

ON = "2026-11-20"


@pytest.fixture
def ready(officer):
    """An officer whose two pupils are due Letter 1."""
    write_export(officer.folder / "school", ROBIN, SAM)
    officer.does("import", "school", "--on", ON, "--nothing-sent-yet")
    return officer


def references(officer) -> list[str]:
    """The letters of the two pupils."""
    told = officer.does("history", "4711") + officer.does("history", "4712")
    return re.findall(r"AL-\w{4}-\w{4}-\w{4}", told)


def test_letters_are_written_down_as_printed_and_sent_and_it_is_taken_back(ready) -> None:
    ready.does("issue", "--on", ON)
    first, second = references(ready)
    assert (
        ready.does("sent", "--of-day", ON, "--printed") == "2 letters written down as printed that were not before.\n"
    )
    words = ("--how", "post", "--sent-on", "20/11/2026", "--by", "JM")
    said = ready.does("sent", first, *words)
    assert said == "1 letter written down as sent by post that was not before.\n"
    assert ready.does("sent", first, second, *words).startswith("1 letter written down")
    assert ready.does("sent", first, "--undo") == "Taken back for 1 letter.\n"
    assert ready.does("sent", first, second, *words).startswith("1 letter written down")


def test_what_cannot_be_is_said_and_nothing_is_written_down(ready) -> None:
    ready.does("issue", "--on", ON)
    first, second = references(ready)
    assert 'no letter with the reference "AL-0"' in ready.is_refused("sent", first, "AL-0", "--how", "post")
    assert "cannot have been sent" in ready.is_refused("sent", first, "--how", "post", "--sent-on", "2026-11-19")
    assert "Choose at least one letter" in ready.is_refused("sent", "--of-day", "2026-11-19", "--printed")
    for words in ((), (first,), (first, "--how", "post", "--undo"), (first, "--of-day", ON, "--printed")):
        assert "Error" in ready.is_refused("sent", *words)
    assert ready.does("sent", first, second, "--printed").startswith("2 letters")


def test_letters_that_wait_for_a_signatory_are_listed_and_asked_for_no_more(ready) -> None:
    settings = ready.folder / "own.toml"
    ready.does("school", "export", "school", "--out", settings)
    settings.write_text('needs_approval = ["letter_1"]\n' + settings.read_text(encoding="utf-8"), encoding="utf-8")
    ready.does("school", "change", "school", settings)
    said = ready("issue", "--on", ON, "--by", "JM")
    assert (said.status, said.out.splitlines()[0]) == (1, "0 letters issued.")
    assert "waits for a signatory" in said.err
    assert ready.does("approvals").splitlines() == [
        "2 letters wait for a signatory.",
        "  4711: School Letter 1, asked for on 20 November 2026 by JM",
        "  4712: School Letter 1, asked for on 20 November 2026 by JM",
    ]
    assert ready.does("approvals", "--drop", "4711", "--by", "JM") == "4711: School Letter 1 is asked for no more.\n"
    assert "No letter about 4711 waits" in ready.is_refused("approvals", "--drop", "4711")
    assert ready.does("approvals", "--settled").splitlines() == [
        "1 letter waits for a signatory.",
        "  4712: School Letter 1, asked for on 20 November 2026 by JM",
        "What was said last:",
        "  4711: School Letter 1, asked for no more by JM",
    ]
