"""`batch` as an officer uses it: looked at, changed, released, fetched; and what it refuses."""

from __future__ import annotations

import csv
import re
import zipfile

import pytest

from tests.commands.memory.officer import ROBIN, SAM, write_export

ON = "2026-11-20"


@pytest.fixture
def started(officer):
    """An officer who has started a batch of two pupils, both due Letter 1."""
    write_export(officer.folder / "school", ROBIN, SAM)
    officer.said = officer.does("batch", "start", "school", "--on", ON, "--nothing-sent-yet", "--by", "JM")
    return officer


def seen_in(said: str) -> str:
    """What a release must name."""
    found = re.search(r"batch release 1 --seen ([0-9a-f]+)", said)
    assert found, said
    return found[1]


def test_a_batch_is_looked_at_released_and_fetched_again_and_again(started) -> None:
    assert "Batch 1 for 20 November 2026 under bradford: decided." in started.said
    assert "2  School Letter 1 due" in started.said
    shown = started.does("batch", "show", "1", "--all")
    assert "8B Ash, Robin: School Letter 1 3 separate spells" in shown
    assert "finished" in started.does("batch", "release", "1", "--seen", seen_in(shown))
    for name in ("first.zip", "second.zip"):
        assert started.does("batch", "results", "1", "--zip", name) == f"2 letters in {name}.\n"
    assert (started.folder / "first.zip").read_bytes() == (started.folder / "second.zip").read_bytes()
    with zipfile.ZipFile(started.folder / "first.zip") as archive:
        assert len(archive.namelist()) == 3
        assert not any("Ash" in name for name in archive.namelist())
    assert re.search(r"1  20/11/2026 +2 pupils +2 issued  finished", started.does("batch", "list"))
    assert "School Letter 1" in started.does("history", "4711")


def test_a_pupil_is_left_out_and_what_was_seen_before_is_not_released(started) -> None:
    before = seen_in(started.said)
    assert "Say why with --why" in started.is_refused("batch", "change", "1", "4712", "--leave-out")
    other = ("batch", "change", "1", "4712", "--letter", "letter_9", "--why", "spoken to")
    assert 'The policy bradford has no letter "letter_9". Did you mean' in started.is_refused(*other)
    changed = started.does("batch", "change", "1", "4712", "--leave-out", "--why", "a call from home", "--by", "JM")
    assert "1  left out" in changed
    assert "This has changed since you looked." in started.is_refused("batch", "release", "1", "--seen", before)
    started.does("batch", "release", "1", "--seen", seen_in(changed))
    started.does("batch", "results", "1", "--index", "index.csv")
    with (started.folder / "index.csv").open(encoding="utf-8-sig", newline="") as file:
        stopped = {line["Pupil reference"]: line["What stopped it"] for line in csv.DictReader(file)}
    assert stopped == {"4711": "", "4712": "Left out by JM: a call from home"}


def test_a_cancelled_batch_issues_nothing_and_one_that_is_not_there_is_said(started) -> None:
    cancelled = started.does("batch", "cancel", "1", "--why", "the wrong day")
    assert "cancelled" in cancelled
    assert "the wrong day" in cancelled
    assert "There is no batch 7." in started.is_refused("batch", "show", "7")
    assert "Name what you want: --zip" in started.is_refused("batch", "results", "1")
