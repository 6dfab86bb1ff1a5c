"""Several processes write the same letters, in the same order, as one does."""

from __future__ import annotations

import filecmp
import signal
from contextlib import suppress
from pathlib import Path

import pytest

from service.attendance.upn import check_letter
from service.batches.folder import LetterFiles
from service.batches.meeting_slots import Slots
from service.batches.own_files import OwnFiles
from service.batches.processes import write_shared
from service.batches.run import CohortRun, run_cohort
from service.cohort.join import Cohort, read_cohort
from service.cohort.share import TOGETHER, Share
from service.desk import Desk
from service.forked import can_share
from service.sample.export import ON, write_sample
from service.sample.sample_school import SAMPLE_SCHOOL
from service.settings import read_settings
from service.word.text import read_text
from tests.batches.in_the_middle import begin_letters
from tests.printing.converter_trouble import LONG, wait_for

PUPILS = 3 * TOGETHER + 5


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("export")
    write_sample(folder, PUPILS, seed=4)
    with (folder / "pupils.csv").open("a", encoding="utf-8") as file:
        file.write("\nA000000000001,Half,Row,31/31/2012\n")
    with (folder / "history.csv").open("a", encoding="utf-8") as file:
        file.write("Z999999999999,2026-10-01,letter_1,,,\n")
    return folder


def open_run(export: Path) -> tuple[CohortRun, Cohort]:
    desk = Desk(read_settings({}), export / "school.toml")
    policy = desk.policy("bradford")
    return CohortRun(desk, desk.school(), policy, ON), read_cohort(export, policy.events, ON)


def test_several_processes_write_what_one_writes(export: Path, tmp_path: Path) -> None:
    run, cohort = open_run(export)
    with LetterFiles(tmp_path / "one") as one:
        for item in run_cohort(run, cohort, Slots()):
            one.write(item)
    again, shared = open_run(export)
    with LetterFiles(tmp_path / "several") as several:
        for written in write_shared(again, shared, several.own):
            several.take(written)
    compared = filecmp.dircmp(tmp_path / "one", tmp_path / "several", ignore=[])
    assert not compared.left_only + compared.right_only + compared.diff_files
    assert len(compared.same_files) > 20
    assert one.totals == several.totals
    assert (one.totals.usable, len(one.totals.unusable)) == (PUPILS, 1)
    assert (cohort.problems, cohort.notices) == (shared.problems, shared.notices)
    assert any(problem.code == "unknown-pupil" for problem in shared.problems)


def test_two_lists_of_pupils_with_the_same_row_numbers_get_a_letter_each(tmp_path: Path) -> None:
    export = tmp_path / "export"
    export.mkdir()
    head = "upn,first_name,last_name,sessions_possible,sessions_attended,sessions_authorised,sessions_unauthorised,"
    head += "sessions_unexplained,contact_1_last_name,contact_1_parental_responsibility,contact_1_address_line_1,"
    head += "contact_1_postcode\n"
    for name, first in (("year-7.csv", 0), ("year-8.csv", 500)):
        upns = (f"999{number:09d}" for number in range(first, first + 150))
        rows = (f"{check_letter(upn)}{upn},Robin,Ash{name[5]},104,90,10,4,0,Ash,yes,2 Row,ZE8 4QT\n" for upn in upns)
        (export / name).write_text(head + "".join(rows), encoding="utf-8")
    desk = Desk(read_settings({}), SAMPLE_SCHOOL)
    policy = desk.policy("bradford")
    run, cohort = CohortRun(desk, desk.school(), policy, ON), read_cohort(export, policy.events, ON)
    with LetterFiles(tmp_path / "out") as files:
        for written in write_shared(run, cohort, files.own):
            files.take(written)
    names = sorted(file.name for file in (tmp_path / "out").glob("*.docx"))
    assert len(names) == 300
    assert "x-1_2-letter_1-1.docx" in names
    assert "Ash8" in read_text((tmp_path / "out" / "x-2_2-letter_1-1.docx").read_bytes())


def test_a_fault_of_the_disk_in_a_process_is_told_as_what_it_is(export: Path, tmp_path: Path) -> None:
    run, cohort = open_run(export)
    with pytest.raises(FileNotFoundError) as told:
        list(write_shared(run, cohort, OwnFiles(tmp_path / "nowhere")))
    assert told.value.filename.startswith(str(tmp_path / "nowhere"))


def test_shares_take_every_pupil_once() -> None:
    for parts in (1, 2, 3, 8):
        shares = [Share(part, parts) for part in range(parts)]
        assert all(sum(share.takes(place) for share in shares) == 1 for place in range(1000))


@pytest.mark.skipif(not can_share(), reason="one core, or no fork: there are no processes to share the work")
def test_nothing_is_left_running_when_the_command_is_killed(export: Path, tmp_path: Path) -> None:
    kill = "print(os.getpid(), flush=True); os.kill(os.getpgrp(), signal.SIGKILL)"
    process = begin_letters(kill, tmp_path / "letters", export, "--on", ON.isoformat(), "--policy", "bradford")
    assert process.stdout
    assert int(process.stdout.readline()) != process.pid, "the letters are written by processes of their own"
    process.communicate(timeout=LONG)
    assert process.returncode == -signal.SIGKILL
    assert wait_for(lambda: not running_in_group(process.pid))


def running_in_group(leader: int) -> list[int]:
    """The processes of a group that have not ended."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(FileNotFoundError, ProcessLookupError):
            state, _, group = stat.read_text().rpartition(")")[2].split()[:3]
            if int(group) == leader and state != "Z":
                found.append(int(stat.parent.name))
    return found
