"""Two runs into one folder: one of them has it to itself, and neither takes away what is not its own."""

from __future__ import annotations

import os
import select
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from service.batches.own_files import OwnFiles
from service.batches.own_folder import Claim
from service.errors import CohortError
from service.sample.export import write_sample
from tests.batches.written_index import read_index

REPOSITORY = Path(__file__).parents[2]
DOUBLE_STARTS = 150 if os.environ.get("HYPOTHESIS_PROFILE") == "random" else 3
PUPILS = 12
# A run that stops before its nth step into the folder, says so, and goes on when it is told to.
HELD = """
import os, sys
folder, left = sys.argv.pop(1), int(sys.argv.pop(1))
STEPS = ("open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.listdir", "os.scandir")
def hold(event, arguments):
    global left
    if event in STEPS and arguments and str(arguments[0]).startswith(folder):
        left -= 1
        if left == 0:
            os.write(1, b"here\\n")
            os.read(0, 1)
sys.addaudithook(hold)
from service.commands.main import main
main()
"""


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("school") / "school"
    write_sample(folder, PUPILS, 8)
    return folder


class HeldRun:
    """A run of `letters` that waits before one of its steps into the folder."""

    def __init__(self, school: Path, out: Path, step: int) -> None:
        words = [str(out), str(step), "letters", str(school), "--policy", "bradford", "--on", "2026-11-20"]
        self.process = subprocess.Popen(
            [sys.executable, "-c", HELD, *words, "--out", str(out)],
            cwd=REPOSITORY,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def wait_until_it_is_there(self) -> bool:
        """Whether it waits before its step; it may have ended before."""
        assert self.process.stdout
        select.select([self.process.stdout], [], [])
        return os.read(self.process.stdout.fileno(), 5) == b"here\n"

    def go_on(self) -> tuple[int, str]:
        """Its exit status and what it has said."""
        said = self.process.communicate(b"x")[1].decode()
        assert "Traceback" not in said
        return self.process.returncode, said


def check_is_whole(folder: Path) -> None:
    """Every file that the index names is there, and nothing else."""
    rows = read_index(folder)
    assert len(rows) >= PUPILS
    named = {row["file"] for row in rows if row["file"]}
    assert {file.name for file in folder.iterdir()} - {"index.csv", "messages.csv"} == named


@settings(max_examples=DOUBLE_STARTS, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=st.integers(1, 12), second=st.integers(1, 8), second_goes_on_first=st.booleans())
def test_of_two_runs_that_start_together_one_makes_the_folder_and_the_other_is_told(
    school: Path, tmp_path_factory: pytest.TempPathFactory, first: int, second: int, second_goes_on_first: bool
) -> None:
    out = tmp_path_factory.mktemp("double") / "letters"
    runs = [HeldRun(school, out, first), HeldRun(school, out, second)]
    waiting = [run.wait_until_it_is_there() for run in runs]
    event(f"both were held: {all(waiting)}")
    ends = [run.go_on() for run in (reversed(runs) if second_goes_on_first else runs)]
    assert sorted(status for status, _ in ends) == [0, 2]
    refused = next(said for status, said in ends if status == 2)
    assert any(words in refused for words in ("Another run is writing", "already has files in it"))
    check_is_whole(out)


def test_a_run_that_is_stopped_takes_back_its_own_files_and_no_others(school: Path, tmp_path: Path) -> None:
    out = tmp_path / "letters"
    run = HeldRun(school, out, 6)
    assert run.wait_until_it_is_there()
    (out / "9E-3-letter_1-1.docx").write_bytes(b"mine")
    (out / "notes.docx").write_bytes(b"mine as well")
    run.process.send_signal(signal.SIGTERM)
    status, said = run.go_on()
    assert (status, said.strip()) == (2, "Stopped.")
    assert {file.name: file.read_bytes() for file in out.iterdir()} == {
        "9E-3-letter_1-1.docx": b"mine",
        "notes.docx": b"mine as well",
    }


def test_a_file_that_is_there_already_is_neither_written_over_nor_taken_back(tmp_path: Path) -> None:
    own = OwnFiles(tmp_path)
    (tmp_path / "a.docx").write_bytes(b"theirs")
    own.write("b.docx", b"ours")
    with pytest.raises(FileExistsError):
        own.write("a.docx", b"ours")
    own.take_back()
    assert [(file.name, file.read_bytes()) for file in tmp_path.iterdir()] == [("a.docx", b"theirs")]


def test_a_folder_is_told_apart_by_what_another_run_left_in_it(tmp_path: Path) -> None:
    claim = Claim(tmp_path / "letters")
    with pytest.raises(CohortError, match="Another run is writing letters into this folder"):
        Claim(tmp_path / "letters")
    claim.index.close()  # as a killed run leaves it
    with pytest.raises(CohortError, match="was stopped before it finished"):
        Claim(tmp_path / "letters")
    claim.give_back()
    assert not (tmp_path / "letters").exists()
    (tmp_path / "used").mkdir()
    (tmp_path / "used" / "letter.docx").write_bytes(b"")
    with pytest.raises(CohortError, match="already has files in it"):
        Claim(tmp_path / "used")
    assert [file.name for file in (tmp_path / "used").iterdir()] == ["letter.docx"]


def test_letters_are_for_their_owner_alone_whatever_the_umask(school: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "service", "letters", school, "--policy", "bradford", "--on", "2026-11-20"]
    done = subprocess.run(
        ["sh", "-c", 'umask 000; exec "$@"', "sh", *command, "--out", tmp_path / "deep" / "letters"],
        cwd=REPOSITORY,
        capture_output=True,
    )
    assert done.returncode == 0, done.stderr
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "deep").rglob("*")}
    assert {mode for path, mode in modes.items() if path.is_dir()} == {0o700}
    assert {mode for path, mode in modes.items() if path.is_file()} == {0o600}
    assert stat.S_IMODE((tmp_path / "deep").stat().st_mode) == 0o700
    assert len(modes) > 3
