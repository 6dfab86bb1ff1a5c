"""A letter is issued once, whoever asks how often, and whatever dies in the middle; on both databases."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest

from service.errors import RequestError
from service.memory.issuing import issue_for
from service.memory.keeping.sweeping import sweep
from service.memory.memory import open_school
from service.memory.recording import read_event, record_event
from service.memory.remembered import number_of
from service.memory.reversing import read_again, take_back
from service.storage.failpoints import FAIL_AT, ISSUING
from service.storage.file_store import hash_of
from service.storage.issued import list_files
from service.word.text import read_text
from tests.invented import CONTACT, ON, contact, make_marks
from tests.memory.living import due, history, ill, issue, memory_of, settings_for, take, today

CLIENTS = 50
ROOT = Path(__file__).parents[2]


def files_of(memory) -> set[str]:
    """The files that the database knows of."""
    with memory.database.read() as connection:
        return set(list_files(connection, open_school(memory).id))


def test_a_letter_is_issued_and_remembered_and_not_due_again(url, tmp_path) -> None:
    with memory_of(tmp_path, url) as memory:
        take(memory, ill())
        assert due(memory)["4711"].letter == "letter_1"
        done = issue(memory, by="JM")
        assert [kept.letter.letter for kept in done.kept] == ["letter_1"]
        assert due(memory)["4711"].outcome == "monitor"
        assert issue(memory).kept == ()
        told = history(memory)
        (event,), (letter,) = told.events, told.letters
        assert (event.event.event, event.event.on, event.event.by, event.source) == ("letter_1", ON, "JM", "issued")
        assert (letter.reference, letter.recipient, letter.state) == (done.kept[0].letter.reference, "1", "issued")
        assert "Dear Ms Ash" in read_text(memory.files.get(open_school(memory).id, letter.file))


def test_each_recipient_gets_a_letter_and_the_history_one_event(url, tmp_path) -> None:
    second = contact(title="Mr", first_name="Sam", address_line_1="7 Sluice Road")
    with memory_of(tmp_path, url) as memory:
        take(memory, ill(contacts=[CONTACT, second]))
        assert len(issue(memory).kept) == 2
        told = history(memory)
        assert [event.event.recipient for event in told.events] == [""]
        assert [letter.recipient for letter in told.letters] == ["1", "2"]


def test_where_somebody_cannot_be_written_to_the_history_names_who_was(url, tmp_path) -> None:
    second = contact(title="Mr", first_name="Sam", postcode=None)
    with memory_of(tmp_path, url) as memory:
        take(memory, ill(contacts=[CONTACT, second]))
        done = issue(memory)
        assert len(done.kept) == 1
        assert "contact 2's address" in done.issue.problems[0].detail
        assert [event.event.recipient for event in history(memory).events] == ["Ms Jo Ash"]


@contextmanager
def leaving(ready: threading.Barrier) -> Iterator[None]:
    """Whoever fails on the way keeps nobody waiting."""
    try:
        yield
    except Exception:
        ready.abort()
        raise


def at_once(tmp_path, url, letter: str) -> list[int | str]:
    """What each of many clients is told that ask for one pupil's letter at the same moment."""
    ready = threading.Barrier(CLIENTS)

    def ask(_: int) -> int | str:
        with leaving(ready), memory_of(tmp_path, url) as memory:
            here, number = today(memory), number_of(memory, open_school(memory), "4711")
            ready.wait()
            try:
                return len(issue_for(memory, here, number, letter).kept)
            except RequestError as error:
                return error.code

    with ThreadPoolExecutor(CLIENTS) as threads:
        return list(threads.map(ask, range(CLIENTS)))


@pytest.mark.slow
@pytest.mark.parametrize("letter", ["", "letter_1"])
def test_fifty_clients_at_once_issue_one_letter(letter, url, tmp_path) -> None:
    with memory_of(tmp_path, url) as memory:
        take(memory, ill())
    told = at_once(tmp_path, url, letter)
    assert told.count(1) == 1
    assert set(told) <= {0, 1, "issued-already"}
    with memory_of(tmp_path, url) as memory:
        assert len(history(memory).letters) == len(history(memory).events) == 1


@pytest.mark.slow
@pytest.mark.parametrize("place", ISSUING)
def test_killed_anywhere_no_letter_is_lost_or_doubled(place, url, tmp_path) -> None:
    with memory_of(tmp_path, url) as memory:
        take(memory, ill())
    settings = {**os.environ, **settings_for(tmp_path, url), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "service", "issue", "--on", f"{ON}", "--pupil", "4711"]
    killed = subprocess.run(command, env={**settings, FAIL_AT: place}, cwd=tmp_path, capture_output=True)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    with memory_of(tmp_path, url) as memory:
        sweep(memory, older_than=0)
        letters, kept = history(memory).letters, set(memory.files.hashes(open_school(memory).id))
        assert {letter.file for letter in letters} == kept == files_of(memory)
        assert not [path for path in (tmp_path / "data").rglob("*") if "unfinished" in path.name]
        issue(memory)
        (letter,) = history(memory).letters
        assert hash_of(memory.files.get(open_school(memory).id, letter.file)) == letter.file


def test_the_places_are_all_reached_in_their_order() -> None:
    source = "".join(path.read_text() for path in (ROOT / "service").rglob("*.py"))
    assert [place for place in ISSUING if f'reach("{place}")' not in source] == []


def test_a_file_swept_away_before_its_letter_is_noted_is_written_again(url, tmp_path) -> None:
    with memory_of(tmp_path, url) as memory:
        take(memory, ill())
        put = memory.files.put
        swept = []

        def put_and_sweep(school, content):
            name = put(school, content)
            if not swept:
                swept.append(sweep(memory, older_than=0).removed)
            return name

        memory.files.put = put_and_sweep
        issue(memory)
        assert swept == [1]
        assert sweep(memory, older_than=0).missing == ()


def test_a_reversed_letter_is_due_again_and_both_stand_in_the_history(url, tmp_path) -> None:
    with memory_of(tmp_path, url) as memory:
        take(memory, ill())
        (kept,) = issue(memory).kept
        here = open_school(memory)
        taken = take_back(memory, here, kept.letter.reference, "sent to the wrong address", "JM")
        assert taken.references == (kept.letter.reference,)
        assert due(memory)["4711"].letter == "letter_1"
        assert len(issue(memory).kept) == 1
        told = history(memory)
        assert [letter.state for letter in told.letters] == ["reversed", "issued"]
        assert [event.reversed_why for event in told.events] == ["sent to the wrong address", ""]


@pytest.mark.parametrize(
    ("what", "why", "said"),
    [
        ("AL-NONE-0000", "a mistake", "There is no letter or event"),
        ("999", "a mistake", "There is no letter or event"),
        ("1", " ", "Say why"),
    ],
)
def test_what_cannot_be_taken_back_is_said(what, why, said, tmp_path) -> None:
    with memory_of(tmp_path) as memory:
        take(memory, ill())
        issue(memory)
        with pytest.raises(RequestError, match=said):
            take_back(memory, open_school(memory), what, why)


def test_nothing_is_taken_back_twice(tmp_path) -> None:
    with memory_of(tmp_path) as memory:
        take(memory, ill())
        (kept,) = issue(memory).kept
        take_back(memory, open_school(memory), kept.letter.reference, "a mistake")
        with pytest.raises(RequestError, match="already"):
            take_back(memory, open_school(memory), kept.letter.reference, "a mistake")


def test_a_letter_printed_again_has_the_same_bytes_and_is_no_issue(url, tmp_path) -> None:
    with memory_of(tmp_path, url) as memory:
        take(memory, ill())
        (kept,) = issue(memory).kept
        letter, content = read_again(memory, open_school(memory), kept.letter.reference.lower())
        assert content == kept.letter.content
        assert letter.file == hash_of(content)
        assert len(history(memory).letters) == 1


def test_a_letter_that_may_come_again_has_an_occasion_of_its_own(url, tmp_path) -> None:
    """Letter N about the marks of September, then about those of November."""
    with memory_of(tmp_path, url) as memory:
        marks = [("2026-09-07 AM", "N")]
        take(memory, ill(marks=[*_marks(marks, "2026-09-11")]), on=_day("2026-09-11"))
        assert [kept.letter.letter for kept in issue(memory, on=_day("2026-09-11")).kept] == ["letter_n"]
        marks.append(("2026-09-14 PM", "N"))
        take(memory, ill(marks=[*_marks(marks, "2026-09-18")]), on=_day("2026-09-18"))
        assert [kept.letter.letter for kept in issue(memory, on=_day("2026-09-18")).kept] == ["letter_n"]
        occasions = [letter.occasion for letter in history(memory).letters]
        assert occasions == ["no reason since 2026-09-07", "no reason since 2026-09-14"]


def test_a_letter_that_changed_while_it_was_written_is_decided_again(tmp_path) -> None:
    """An explanation comes in between the decision and the letter's row: the letter is not issued."""
    with memory_of(tmp_path) as memory:
        take(memory, ill(marks=[*_marks([("2026-11-09 AM", "N")], "2026-11-20")]))
        here, put = open_school(memory), memory.files.put
        number, told = number_of(memory, here, "4711"), []

        def put_and_explain(school, content):
            if not told:
                event = read_event({"on": "2026-11-20", "event": "explanation_given"}, frozenset({"explanation_given"}))
                told.append(record_event(memory, here, number, event))
            return put(school, content)

        memory.files.put = put_and_explain
        assert issue(memory).kept == ()
        assert history(memory).letters == ()


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _marks(absences, last: str):
    return make_marks(absences, last=_day(last))
