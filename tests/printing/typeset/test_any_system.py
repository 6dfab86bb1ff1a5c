"""The default way to PDF needs nothing that only Linux has: it runs where those modules and calls are not there."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from service.word.document import PDF
from tests.benchmarks.bench_pdf import free_port, wait_for_port
from tests.benchmarks.bench_post import post

ROOT = Path(__file__).parents[3]

# What Windows has not, made absent before anything of ours is imported. The process that sets letters is started anew
# and imports only what every Python has, and Typst.
ABSENT = """
import sys
for name in ("fcntl", "pwd", "grp", "resource", "termios", "uno"):
    sys.modules[name] = None
import os, signal, socket, builtins, io
for module, names in (
    (os, ("fork", "forkpty", "killpg", "setsid", "getuid", "geteuid", "mkfifo", "fchmod", "sched_getaffinity")),
    (signal, ("SIGHUP", "SIGALRM", "pthread_sigmask")),
    (socket, ("AF_UNIX",)),
):
    for name in names:
        if hasattr(module, name):
            delattr(module, name)
real_open = builtins.open
def guarded(file, *rest, **more):
    if str(file).startswith(("/proc", "/dev/shm", "/sys")):
        raise FileNotFoundError(file)
    return real_open(file, *rest, **more)
builtins.open = io.open = guarded
def no_link(*rest, **more):
    raise OSError("A required privilege is not held by the client")
os.symlink = no_link
def is_open(path):
    here = os.path.realpath(path)
    for number in os.listdir("/proc/self/fd"):
        try:
            if os.readlink("/proc/self/fd/" + number) == here:
                return True
        except OSError:
            pass
    return False
def refusing(move):
    def moved(path, *rest, **more):
        if is_open(path):
            raise PermissionError(13, "The process cannot access the file because it is being used", str(path))
        return move(path, *rest, **more)
    return moved
os.rename, os.replace, os.unlink, os.remove = map(refusing, (os.rename, os.replace, os.unlink, os.remove))
import multiprocessing
multiprocessing.get_all_start_methods = lambda: ["spawn"]
"""


def run_without(code: str, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Code of ours on a machine without LibreOffice, fontconfig and what only Linux has."""
    environment = {**os.environ, "PATH": str(folder), "PYTHONPATH": str(ROOT)}
    environment |= {"ATTENDANCE_LETTERS_DATA": str(folder / "data")}
    environment.pop("XDG_RUNTIME_DIR", None)
    command = [sys.executable, "-c", ABSENT + code, *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300)


def test_a_letter_by_post_is_a_pdf(tmp_path) -> None:
    code = """
from service.app import create_app
from service.sample.sample_school import SAMPLE_SCHOOL
from service.settings import read_settings
from service.web.example import EXAMPLE
app = create_app(read_settings({}), SAMPLE_SCHOOL)
answer = app.test_client().post("/v1/letters", json=EXAMPLE, headers={"Accept": "application/pdf"})
app.extensions["desk"].press.close()
real_open("letter.pdf", "wb").write(answer.data)
print(answer.status_code, answer.mimetype)
"""
    done = run_without(code, tmp_path)
    assert done.stdout.strip() == "200 application/pdf", done.stderr
    assert (tmp_path / "letter.pdf").read_bytes().startswith(b"%PDF")


def test_every_letter_of_every_policy_is_a_pdf_for_either_envelope(tmp_path) -> None:
    code = """
from builders.letters.shelf import example_values, read_letters
from service.desk import Desk
from service.letters.profile import PROFILES, apply_profile
from service.printing.printable import Printable
from service.settings import read_settings
press = Desk(read_settings({})).press
assert press.office.why_not()
for profile in PROFILES:
    for name, letter in read_letters().items():
        docx = apply_profile(letter.template.read_bytes(), profile)
        for variant in letter.variants:
            pdf = press.make_one_file([Printable(name, b"", docx, example_values(letter, variant))], "")
            print(profile, name, pdf[:4].decode())
press.close()
"""
    done = run_without(code, tmp_path)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.split("\n")[:-1]
    assert len({line.rpartition("/")[2] for line in lines}) >= 2 * 19
    assert all(line.endswith(" %PDF") for line in lines)


COMMAND = """
sys.argv = ["attendance-letters", *sys.argv[1:]]
from service.__main__ import main
main()
"""
ON = ("--on", "2026-11-20")


@pytest.fixture(scope="module")
def school(tmp_path_factory) -> Path:
    """A folder with an export in it, and with what the commands write."""
    folder = tmp_path_factory.mktemp("school")
    assert run_without(COMMAND, folder, "sample", "export", "--pupils", "30").returncode == 0
    return folder


def test_a_cohorts_letters_and_their_print_run_are_pdfs(school) -> None:
    wanted = ("letters", "export", "--policy", "bradford", *ON, "--out", "out", "--format", "pdf")
    done = run_without(COMMAND, school, *wanted, "--with-documents", "--print-run", "run.pdf")
    assert done.returncode == 0, done.stderr
    assert list((school / "out").glob("*.pdf"))
    assert (school / "run.pdf").read_bytes().startswith(b"%PDF")


def test_the_service_is_started_and_answers_with_a_pdf(tmp_path) -> None:
    """Started as `make run` starts it, on a machine that has neither LibreOffice nor any other program."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ATTENDANCE_LETTERS_")}
    port = free_port()
    ours = {"PATH": str(tmp_path), "ATTENDANCE_LETTERS_DATA": str(tmp_path), "ATTENDANCE_LETTERS_PORT": str(port)}
    command = [sys.executable, "-m", "service", "serve", "--sample"]
    service = subprocess.Popen(command, cwd=ROOT, env=environment | ours, stdout=subprocess.DEVNULL)
    try:
        wait_for_port(port)
        content = post(port, PDF, 0)[1]
        assert content.startswith(b"%PDF")
        assert b"/StructTreeRoot" in content
    finally:
        service.terminate()
        service.wait(60)


def test_a_run_that_is_refused_leaves_nothing(school) -> None:
    (school / "used").mkdir()
    (school / "used" / "letter.docx").write_bytes(b"words")
    done = run_without(COMMAND, school, "letters", "export", "--policy", "bradford", *ON, "--out", "used")
    assert "already has files in it" in done.stderr
    assert [path.name for path in (school / "used").iterdir()] == ["letter.docx"]


def test_what_was_issued_is_remembered(school) -> None:
    for command in (
        ("import", "export", *ON),
        ("issue", "--policy", "bradford", *ON, "--out", "issued", "--format", "pdf"),
        ("backup", "kept.zip"),
        ("audit", "verify"),
    ):
        done = run_without(COMMAND, school, *command)
        assert done.returncode == 0, (command, done.stdout, done.stderr)
    assert list((school / "issued").glob("*.pdf"))
    assert (school / "kept.zip").stat().st_size > 10_000


def test_the_program_that_sets_letters_imports_nothing_of_the_service() -> None:
    source = (ROOT / "service/printing/typeset/typst_child.py").read_text(encoding="utf-8")
    lines = [line.split() for line in source.splitlines() if line.startswith(("import ", "from "))]
    assert {line[1].partition(".")[0] for line in lines} <= {
        "__future__",
        "json",
        "signal",
        "struct",
        "sys",
        "typing",
        "typst",
    }
