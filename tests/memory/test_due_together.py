"""What is due is the same whether one process decides or all cores do, and no process is left behind."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Iterable, Iterator
from contextlib import closing

import pytest

from service.attendance.calendar import SchoolCalendar
from service.errors import AttendanceLettersError, Problem
from service.forked import can_share
from service.memory.due_today import Due
from service.memory.looking import due_together
from service.memory.looking.due_together import tell_due
from service.memory.memory import Memory
from service.sample.export import CALENDAR, ON, make_pupils
from service.storage import whole_pupils
from tests.benchmarks.bench_memory import as_json
from tests.commands.memory.officer import Officer, officer
from tests.memory.living import memory_of, take, today

__all__ = ["officer"]
PORTION, PUPILS = 4, 30

pytestmark = pytest.mark.skipif(not can_share(), reason="one core, or no fork: nothing to share")


@pytest.fixture(autouse=True)
def _small_portions(monkeypatch) -> Iterator[None]:
    monkeypatch.setattr(whole_pupils, "TOGETHER", PORTION)
    yield
    assert multiprocessing.active_children() == []


@pytest.fixture
def memory(url, tmp_path) -> Iterator[Memory]:
    """A school of some portions of pupils."""
    with memory_of(tmp_path, url) as opened:
        take(opened, *map(as_json, make_pupils(PUPILS, 1, ON)), calendar=SchoolCalendar(CALENDAR), on=ON)
        yield opened


def tell_pupils(found: Iterable[Due]) -> list[tuple[str, int]]:
    """Which process told of which pupil."""
    return [(item.remembered.pupil.record.key, os.getpid()) for item in found]


def break_in_the_third(trouble) -> object:
    """A way to tell of pupils to which something happens at the third portion."""

    def tell(found: Iterable[Due]) -> int:
        first = min(item.remembered.stored.id for item in found)
        if first == 2 * PORTION + 1:
            trouble()
        return first

    return tell


@pytest.mark.parametrize("options", [("--json", "--all"), ("--json",), ("--all",), ()], ids=" ".join)
def test_all_cores_say_what_one_says(memory, url, options, officer: Officer, monkeypatch) -> None:
    officer.set(DATABASE=url, SCHOOL=str(officer.folder / "school.toml"))
    words = ("due", "--on", ON.isoformat(), "--policy", "bradford", *options)
    together = officer.does(*words)
    monkeypatch.setattr(due_together, "ENOUGH", PUPILS)
    assert officer.does(*words) == together
    assert together.count("\n") > 5


def test_several_processes_tell_of_everybody_in_order(memory) -> None:
    told = [item for some in tell_due(memory, today(memory), tell_pupils) for item in some]
    found = list(tell_due(memory, today(memory), lambda some: [item.remembered.stored.id for item in some]))
    assert [number for some in found for number in some] == list(range(1, PUPILS + 1))
    assert len({key for key, _ in told}) == PUPILS
    processes = {process for _, process in told}
    assert os.getpid() not in processes
    assert len(processes) > 1


def test_a_small_school_needs_no_processes(memory, monkeypatch) -> None:
    monkeypatch.setattr(whole_pupils, "TOGETHER", PUPILS)
    told = [item for some in tell_due(memory, today(memory), tell_pupils) for item in some]
    assert {process for _, process in told} == {os.getpid()}


def test_a_process_that_is_killed_is_told(memory) -> None:
    tell = break_in_the_third(lambda: os.kill(os.getpid(), signal.SIGKILL))
    with pytest.raises(AttendanceLettersError) as told:
        list(tell_due(memory, today(memory), tell))
    assert "a process that shared the work was stopped" in told.value.detail


def test_what_a_process_cannot_do_is_told(memory) -> None:
    def refuse() -> None:
        raise AttendanceLettersError(Problem("no-rule", "The rules begin later."), "Not yet")

    with pytest.raises(AttendanceLettersError) as told:
        list(tell_due(memory, today(memory), break_in_the_third(refuse)))
    assert (told.value.title, told.value.detail) == ("Not yet", "The rules begin later.")


def test_nobody_is_left_at_work_when_enough_was_told(memory) -> None:
    with closing(tell_due(memory, today(memory), tell_pupils)) as telling:
        next(telling)
        assert len(multiprocessing.active_children()) > 1
    assert multiprocessing.active_children() == []
