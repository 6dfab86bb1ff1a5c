"""A thousand letters, and in the middle of them an accident: every other letter is right, none is made twice.

Run by `make test-crash`.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from service.printing.office.converter import Converter, ConverterSettings
from service.printing.office.converter_settings import LOCK
from service.printing.office.line import runtime_folder
from service.printing.pdf_pages import PdfLetter
from service.printing.to_pdf import ConversionFailure, letters_to_pdf
from service.word.document import DOCX, Document
from tests.printing.converter_trouble import heavy_letter, huge_picture_letter, offices_in, processes_in, wait_for
from tests.word.sample_docx import make_letter

pytestmark = pytest.mark.crash
LETTERS = 1_000
AT_FAULT = 500
Outcomes = list[PdfLetter | ConversionFailure]


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder for a converter; afterwards no process of it may be left."""
    with tempfile.TemporaryDirectory(prefix="letters-") as name:
        yield Path(name)
        assert wait_for(lambda: not processes_in(name)), processes_in(name)
        assert not list(Path(name).glob("*/office-*"))


def documents(at_fault: bytes = b"") -> list[Document]:
    made = [Document(f"{n}.docx", DOCX, make_letter(number=n)) for n in range(LETTERS)]
    if at_fault:
        made[AT_FAULT] = Document(f"{AT_FAULT}.docx", DOCX, at_fault)
    return made


def convert(folder: Path, given: list[Document], accident: Callable[[], None] | None = None, **settings) -> Outcomes:
    """What became of the letters, with the accident some seconds after their beginning."""
    converter = Converter(ConverterSettings(processes=2, folder=str(folder), linger=0.2, **settings))
    converter.convert(make_letter())
    happening = threading.Timer(3.0, accident or (lambda: None))
    happening.start()
    try:
        return letters_to_pdf(converter, given)
    finally:
        happening.cancel()
        happening.join()
        converter.close()


def assert_right(outcomes: Outcomes, without: tuple[int, ...] = ()) -> None:
    """Each letter is there once, in its place, with its own reference on its own pages."""
    assert [one.name for one in outcomes] == [f"{n}.docx" for n in range(LETTERS)]
    for number, one in enumerate(outcomes):
        if number in without:
            assert isinstance(one, ConversionFailure)
            continue
        assert isinstance(one, PdfLetter), one
        shown = subprocess.run(["pdftotext", "-", "-"], input=one.content, capture_output=True, check=True).stdout
        assert re.findall(r"Our reference (REF-\d+)", shown.decode()) == [f"REF-{number:05d}"] * one.pages


def send(folder: Path, number: signal.Signals, times: int = 1) -> Callable[[], None]:
    """The accident that a signal comes to one LibreOffice, now and then."""

    def happen() -> None:
        for _ in range(times):
            for pid in offices_in(folder)[:1]:
                os.kill(pid, number)
            time.sleep(0.8)

    return happen


def test_libreoffice_is_killed_again_and_again(folder: Path) -> None:
    assert_right(convert(folder, documents(), send(folder, signal.SIGKILL, times=8)))


def test_libreoffice_crashes(folder: Path) -> None:
    assert_right(convert(folder, documents(), send(folder, signal.SIGSEGV, times=3)))


def test_libreoffice_freezes(folder: Path) -> None:
    assert_right(convert(folder, documents(), send(folder, signal.SIGSTOP), seconds=8.0))


def test_the_converter_is_killed(folder: Path) -> None:
    def happen() -> None:
        lock = runtime_folder(ConverterSettings(processes=2, folder=str(folder), linger=0.2)) / LOCK
        os.kill(int(lock.read_text()), signal.SIGKILL)

    assert_right(convert(folder, documents(), happen))


def test_one_letter_hangs_libreoffice(folder: Path) -> None:
    outcomes = convert(folder, documents(heavy_letter(number=AT_FAULT)), seconds=8.0)
    assert_right(outcomes, without=(AT_FAULT,))
    assert isinstance(outcomes[AT_FAULT], ConversionFailure)
    assert outcomes[AT_FAULT].problems[0].code == "took-too-long"


def test_one_letter_eats_the_memory(folder: Path) -> None:
    outcomes = convert(folder, documents(huge_picture_letter(26_000)), memory=700_000_000)
    assert_right(outcomes, without=(AT_FAULT,))
    assert isinstance(outcomes[AT_FAULT], ConversionFailure)
    assert outcomes[AT_FAULT].problems[0].code == "too-much-memory"


def test_libreoffice_is_removed(folder: Path, tmp_path: Path) -> None:
    program = tmp_path / "soffice"
    program.write_text('#!/bin/sh\nexec /usr/bin/soffice "$@"\n')
    program.chmod(0o700)

    def happen() -> None:
        program.unlink()
        for pid in offices_in(folder):
            os.kill(pid, signal.SIGKILL)

    outcomes = convert(folder, documents(), happen, soffice=str(program))
    lost = tuple(number for number, one in enumerate(outcomes) if isinstance(one, ConversionFailure))
    assert 0 < len(lost) < LETTERS
    assert_right(outcomes, without=lost)
    failures = [one for one in outcomes if isinstance(one, ConversionFailure)]
    assert all("apt-get install libreoffice-writer-nogui" in one.problems[0].detail for one in failures)


def test_the_program_that_asks_is_killed(folder: Path) -> None:
    code = (
        "import sys; from tests.printing.test_crash import *\n"
        "converter = Converter(ConverterSettings(processes=2, folder=sys.argv[1], linger=0.2))\n"
        "converter.convert(make_letter()); print('begun', flush=True); letters_to_pdf(converter, documents())"
    )
    command = [sys.executable, "-c", code, str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]) as program:
        assert program.stdout
        assert program.stdout.readline() == "begun\n"
        time.sleep(2)
        assert offices_in(folder)
        program.kill()
