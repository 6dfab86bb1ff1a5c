"""A thousand letters, and in the middle of them an accident: every other letter is right, none is made twice.

Run by `make test-crash`.
"""

from __future__ import annotations

import itertools
import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import Any

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


class Watched(Converter):
    """The converter, with an accident each time it has finished one of these documents, counted from 1."""

    def __init__(self, settings: ConverterSettings, accident: Callable[[], None], at: Collection[int]) -> None:
        super().__init__(settings)
        self.happened = 0
        self._accident, self._at = accident, at
        self._finished = itertools.count(1)

    def convert_once(self, docx: bytes, *, merged: bool = False) -> bytes:
        made = super().convert_once(docx, merged=merged)
        if next(self._finished) in self._at:
            self._accident()
            self.happened += 1
        return made


def convert(
    folder: Path,
    given: list[Document],
    accident: Callable[[], None] = lambda: None,
    at: Collection[int] = (),
    **settings: Any,
) -> Outcomes:
    """What became of the letters, with the accident after these of their documents (40 of 25 letters each)."""
    converter = Watched(
        ConverterSettings(processes=2, folder=str(folder), linger=0.2, **settings), accident, {one + 1 for one in at}
    )
    converter.convert(make_letter())
    try:
        return letters_to_pdf(converter, given)
    finally:
        converter.close()
        assert converter.happened == len(at)


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


def send(folder: Path, number: signal.Signals) -> Callable[[], None]:
    """The accident that a signal comes to one LibreOffice."""

    def happen() -> None:
        assert wait_for(lambda: offices_in(folder))
        os.kill(offices_in(folder)[0], number)

    return happen


def test_libreoffice_is_killed_again_and_again(folder: Path) -> None:
    assert_right(convert(folder, documents(), send(folder, signal.SIGKILL), at=range(4, 36, 4)))


def test_libreoffice_crashes(folder: Path) -> None:
    assert_right(convert(folder, documents(), send(folder, signal.SIGSEGV), at=(5, 15, 25)))


def test_libreoffice_freezes(folder: Path) -> None:
    assert_right(convert(folder, documents(), send(folder, signal.SIGSTOP), at=(10,), seconds=8.0))


def test_the_converter_is_killed(folder: Path) -> None:
    def happen() -> None:
        lock = runtime_folder(ConverterSettings(processes=2, folder=str(folder), linger=0.2)) / LOCK
        os.kill(int(lock.read_text()), signal.SIGKILL)

    assert_right(convert(folder, documents(), happen, at=(10,)))


def test_a_letter_that_would_hang_libreoffice_never_reaches_it(folder: Path) -> None:
    outcomes = convert(folder, documents(heavy_letter(number=AT_FAULT)), seconds=8.0)
    assert_right(outcomes, without=(AT_FAULT,))
    assert isinstance(outcomes[AT_FAULT], ConversionFailure)
    assert outcomes[AT_FAULT].problems[0].code == "document-too-large"


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

    outcomes = convert(folder, documents(), happen, at=(34,), soffice=str(program))
    lost = tuple(number for number, one in enumerate(outcomes) if isinstance(one, ConversionFailure))
    assert 0 < len(lost) < LETTERS
    assert_right(outcomes, without=lost)
    failures = [one for one in outcomes if isinstance(one, ConversionFailure)]
    assert all("apt-get install libreoffice-writer-nogui" in one.problems[0].detail for one in failures)


def test_the_program_that_asks_is_killed(folder: Path) -> None:
    code = (
        "import sys; from tests.printing.test_crash import *\n"
        "tell = lambda: print('begun', flush=True)\n"
        "converter = Watched(ConverterSettings(processes=2, folder=sys.argv[1], linger=0.2), tell, {5})\n"
        "letters_to_pdf(converter, documents())"
    )
    command = [sys.executable, "-c", code, str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]) as program:
        assert program.stdout
        assert program.stdout.readline() == "begun\n"
        assert offices_in(folder)
        program.kill()
