"""`letters --format pdf` and `--print-run`, as an officer runs them."""

from __future__ import annotations

import csv
import io
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from service.sample.export import write_sample
from service.word.text import read_text
from tests.batches.in_the_middle import begin_letters
from tests.batches.written_index import read_index

REPOSITORY = Path(__file__).parents[2]
ON = ("--on", "2026-11-20", "--policy", "bradford")
REFERENCE = re.compile(r"Reference (AL-\w{4}-\w{4}-\w{4})")
PUPILS = 80
LONG = 600.0  # seconds that no command takes


def run(*words: object, **settings: str) -> subprocess.CompletedProcess[str]:
    """A command as a process; it never shows a traceback."""
    named = {f"ATTENDANCE_LETTERS_{name}": value for name, value in settings.items()}
    command = [sys.executable, "-m", "service", *map(str, words)]
    done = subprocess.run(
        command, cwd=REPOSITORY, env=os.environ | named, capture_output=True, encoding="utf-8", timeout=LONG
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done


def pages_of(pdf: Path) -> list[str]:
    """The words on each page, as they are seen."""
    shown = subprocess.run(["pdftotext", "-layout", pdf, "-"], capture_output=True, check=True).stdout
    return shown.decode().split("\f")[:-1]


@pytest.fixture(scope="module")
def school(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("school") / "school"
    write_sample(folder, PUPILS, 7)
    return folder


@pytest.fixture(scope="module")
def printed(school, tmp_path_factory) -> Path:
    """A folder with the letters of the school as PDFs, and all of them as one to print."""
    folder = tmp_path_factory.mktemp("printed")
    done = run(
        "letters", school, *ON, "--format", "pdf", "--out", folder / "letters", "--print-run", folder / "run.pdf"
    )
    assert done.returncode == 0, done.stderr
    (folder / "said").write_text(done.stderr, encoding="utf-8")
    return folder


def test_every_letter_of_the_index_is_a_pdf_about_that_pupil(printed) -> None:
    rows = [row for row in read_index(printed / "letters") if row["file"]]
    assert {row["file"] for row in rows} == {file.name for file in (printed / "letters").glob("*.pdf")}
    assert len(rows) > 20
    for row in rows:
        pages = pages_of(printed / "letters" / row["file"])
        words = " ".join("".join(pages).split())
        assert f"{row['first_name']} {row['last_name']}" in words
        assert [REFERENCE.findall(page) for page in pages] == [[row["reference"]]] * len(pages)
        assert [re.findall(r"Page (\d+ of \d+)", page) for page in pages] == [
            [f"{number} of {len(pages)}"] for number in range(1, len(pages) + 1)
        ]


def test_the_pdf_says_what_the_word_letter_says(printed, school, tmp_path) -> None:
    assert run("letters", school, *ON, "--out", tmp_path / "word").returncode == 0
    for file in sorted((tmp_path / "word").glob("*.docx"))[::5]:
        words = {word for word in read_text(file.read_bytes()).split() if len(word) > 3}
        shown = set("".join(pages_of(printed / "letters" / f"{file.stem}.pdf")).split())
        assert not {word for word in words - shown if word.strip(".,:;()") not in " ".join(shown)}


def test_the_run_holds_each_letter_once_in_order_each_on_its_own_sheet(printed) -> None:
    rows = [row for row in read_index(printed / "letters") if row["file"]]
    pages = pages_of(printed / "run.pdf")
    found = [REFERENCE.findall(page) for page in pages]
    starts = [number for number, page in enumerate(pages) if found[number] and "Page 1 of" in page]
    assert all(number % 2 == 0 for number in starts)
    order = [found[number][0] for number in starts]
    by_name = sorted(rows, key=lambda row: (_natural(row["registration_group"]), row["last_name"], row["first_name"]))
    assert sorted(order) == sorted(row["reference"] for row in rows)
    groups = [next(row for row in rows if row["reference"] == one)["registration_group"] for one in order]
    assert groups == [row["registration_group"] for row in by_name]
    assert all(one in pages[0] + pages[1] + pages[2] for one in order[:20]), "the index comes first"


def _natural(group: str) -> tuple[int, str]:
    number = re.match(r"\d*", group)
    return int(number[0] or 0) if number else 0, group


def test_what_is_said_counts_letters_sheets_and_pages_and_names_nobody(printed) -> None:
    said = (printed / "said").read_text(encoding="utf-8")
    letters = len(list((printed / "letters").glob("*.pdf")))
    pages = len(pages_of(printed / "run.pdf"))
    assert f"{letters} letters and their index on {(pages + 1) // 2} sheets ({pages} pages) in " in said
    names = {row["last_name"] for row in read_index(printed / "letters")}
    assert not {name for name in names if re.search(rf"\b{re.escape(name)}\b", said)}


def test_on_one_side_and_by_postcode_no_page_is_blank(school, tmp_path) -> None:
    to_print = ("--print-run", tmp_path / "run.pdf", "--sides", "one", "--order", "postcode")
    assert run("letters", school, *ON, "--out", tmp_path / "out", *to_print).returncode == 0
    assert all(page.strip() for page in pages_of(tmp_path / "run.pdf"))
    first_pages = [page for page in pages_of(tmp_path / "run.pdf") if "Page 1 of" in page]
    postcodes = [re.findall(r"^(ZE\d \d[A-Z]{2})\b", page, flags=re.MULTILINE)[0] for page in first_pages]
    assert len(set(postcodes)) > 1
    assert postcodes == sorted(postcodes)


def test_one_word_document_holds_every_letter_with_its_own_reference_and_pages(school, tmp_path) -> None:
    done = run("letters", school, *ON, "--out", tmp_path / "out", "--print-run", tmp_path / "run.docx")
    assert done.returncode == 0, done.stderr
    rows = [row for row in read_index(tmp_path / "out") if row["file"]]
    assert len({row["letter"] for row in rows}) > 3
    profile = (tmp_path / "profile").as_uri()
    command = ["soffice", "--headless", f"-env:UserInstallation={profile}", "--convert-to", "pdf", "--outdir"]
    subprocess.run([*command, tmp_path, tmp_path / "run.docx"], check=True, capture_output=True)
    pages = [page for page in pages_of(tmp_path / "run.pdf") if page.strip()]
    ends = [REFERENCE.findall(page) + re.findall(r"Page (\d+) of (\d+)", page) for page in pages]
    letters = {end[0]: end[1][1] for end in ends}
    assert sorted(letters) == sorted(row["reference"] for row in rows)
    assert [end[1] for end in ends] == [(str(n), of) for of in letters.values() for n in range(1, int(of) + 1)]
    for row in rows:
        assert any(row["reference"] in page and f"{row['first_name']} {row['last_name']}" in page for page in pages)


def test_a_letter_that_no_font_draws_is_held_back_and_the_others_are_made(school, tmp_path) -> None:
    export = tmp_path / "export"
    export.mkdir()
    for file in school.iterdir():
        content = file.read_text(encoding="utf-8-sig") if file.suffix in (".csv", ".toml") else ""
        (export / file.name).write_text(content, encoding="utf-8")
    pupils = (export / "pupils.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(io.StringIO(pupils)))
    due = next(row for row in index_of_letters(export, tmp_path / "first") if row["file"])
    first = next(row for row in rows if row["upn"] == due["upn"])["first_name"]
    (export / "pupils.csv").write_text(pupils.replace(f",{first},", f",{first}\U000fff00,", 1), encoding="utf-8")
    done = run("letters", export, *ON, "--format", "pdf", "--out", tmp_path / "out")
    held = [row for row in read_index(tmp_path / "out") if "No font on this machine draws U+FFF00" in row["problems"]]
    others = [row for row in read_index(tmp_path / "out") if row["file"]]
    assert held
    assert not any(row["file"] for row in held)
    assert others
    assert first not in done.stderr


def index_of_letters(export: Path, out: Path) -> list[dict[str, str]]:
    assert run("letters", export, *ON, "--out", out).returncode == 0
    return read_index(out)


def test_without_libreoffice_letters_are_pdfs_unless_it_is_to_make_them(school, tmp_path) -> None:
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "python3").symlink_to(sys.executable)
    by_office = {"ATTENDANCE_LETTERS_PDF_BY": "libreoffice"}
    wanted = ("letters", school, *ON, "--format", "pdf", "--out", tmp_path / "out")
    done = run_with_path(programs, *wanted, **by_office)
    assert done.returncode == 2
    assert "apt-get install libreoffice-writer-nogui" in done.stderr
    assert not (tmp_path / "out").exists()
    done = run_with_path(programs, *wanted, "--print-run", tmp_path / "run.pdf")
    assert done.returncode == 0, done.stderr
    assert len(list((tmp_path / "out").glob("*.pdf"))) > 20
    assert (tmp_path / "run.pdf").exists()


def run_with_path(programs: Path, *words: object, **settings: str) -> subprocess.CompletedProcess[str]:
    """A command on a machine that has no other programs than these."""
    command = [sys.executable, "-m", "service", *map(str, words)]
    environment = os.environ | {"PATH": str(programs)} | settings
    return subprocess.run(command, cwd=REPOSITORY, env=environment, capture_output=True, encoding="utf-8")


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("run.odt", "with .pdf or .docx, not .odt"),
        ("run", "with .pdf or .docx, not without one"),
        ("nowhere/run.pdf", "to write run.pdf into"),
        ("old.pdf", 'There is a file "old.pdf" already.'),
    ],
)
def test_a_run_that_cannot_be_written_is_refused_at_once(school, tmp_path, path, told) -> None:
    (tmp_path / "old.pdf").write_text("kept", encoding="utf-8")
    done = run("letters", school, *ON, "--out", tmp_path / "out", "--print-run", tmp_path / path)
    assert done.returncode == 2
    assert told in done.stderr
    assert not (tmp_path / "out").exists()
    assert (tmp_path / "old.pdf").read_text(encoding="utf-8") == "kept"


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--sides", "one"), "name the file with --print-run as well"),
        (("--order", "postcode"), "name the file with --print-run as well"),
        (("--sides", "both", "--print-run", "run.docx"), "choose the sides when you print it"),
    ],
)
def test_an_option_that_would_do_nothing_is_refused(school, tmp_path, options, told) -> None:
    done = run("letters", school, *ON, "--out", tmp_path / "out", *options)
    assert done.returncode == 2
    assert told in done.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("ending", ["pdf", "docx"])
def test_a_run_without_a_letter_is_no_fault_and_writes_no_file(school, tmp_path, ending) -> None:
    path = tmp_path / f"run.{ending}"
    early = ("--on", "2026-09-04", "--policy", "bradford")
    done = run("letters", school, *early, "--out", tmp_path / "out", "--print-run", path)
    assert done.returncode == 0, done.stderr
    assert "There is no letter to print" in done.stderr
    assert not path.exists()
    assert len(read_index(tmp_path / "out")) == PUPILS


@pytest.mark.parametrize(("content", "told"), [(None, "cannot be read"), (b"a,b\n1,2\n", "PNG")])
def test_a_logo_that_is_no_use_is_told_before_anything_is_written(school, tmp_path, content, told) -> None:
    words = (school / "school.toml").read_text(encoding="utf-8")
    (tmp_path / "school.toml").write_text(f'logo = "crest.png"\n{words}', encoding="utf-8")
    if content:
        (tmp_path / "crest.png").write_bytes(content)
    done = run("letters", school, *ON, "--school", tmp_path / "school.toml", "--out", tmp_path / "out")
    assert done.returncode == 2
    assert "A setting needs correcting" in done.stderr
    assert told in done.stderr
    assert not (tmp_path / "out").exists()


def test_stopped_while_it_is_read_in_it_says_so() -> None:
    code = (
        "import os, runpy, signal, sys\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "class Stop:\n"
        "    def find_spec(self, name, *_):\n"
        "        if name == 'service.cohort.join': os.kill(os.getpid(), signal.SIGINT)\n"
        "sys.meta_path.insert(0, Stop())\n"
        "runpy.run_module('service', run_name='__main__')"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (2, "Stopped.\n")


def test_a_hidden_file_of_the_system_is_no_letter_and_is_left_alone(school, tmp_path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / ".DS_Store").write_bytes(b"\0")
    done = run("letters", school, *ON, "--out", out)
    assert done.returncode == 0, done.stderr
    assert (out / ".DS_Store").exists()


def test_the_run_may_lie_beside_its_letters(school, tmp_path) -> None:
    done = run("letters", school, *ON, "--out", tmp_path / "out", "--print-run", tmp_path / "out/run.pdf")
    assert done.returncode == 0, done.stderr
    assert sorted(file.suffix for file in (tmp_path / "out").glob("[ir]*")) == [".csv", ".pdf"]


@pytest.mark.parametrize("options", [(), ("--format", "pdf")], ids=["docx", "pdf"])
def test_stopped_in_the_middle_nothing_half_done_is_left(school, tmp_path, options) -> None:
    out = tmp_path / "letters"
    stop = "os.mkdir(f'{out}/mine'); os.killpg(0, signal.SIGINT)"  # as a terminal does it: to every process
    began = begin_letters(stop, out, school, *ON, *options)
    assert began.communicate(timeout=LONG)[1].strip() == "Stopped."
    assert began.returncode == 2
    assert [file.name for file in out.iterdir()] == ["mine"]


def test_killed_in_the_middle_the_folder_says_that_it_is_not_whole(school, tmp_path) -> None:
    out = tmp_path / "letters"
    began = begin_letters("os.kill(os.getpgrp(), signal.SIGKILL)", out, school, *ON)
    began.communicate(timeout=LONG)
    assert began.returncode == -signal.SIGKILL
    assert not (out / "index.csv").exists()
    done = run("letters", school, *ON, "--out", out)
    assert done.returncode == 2
    assert "An earlier run into this folder was stopped before it finished." in done.stderr
