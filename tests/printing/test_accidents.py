"""Accidents of LibreOffice, acted by a fake at the letter that brings them: what is lost, what is tried again."""

from __future__ import annotations

import os
import re
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.errors import ConversionError
from service.printing.office.converter import TRIES, Converter, ConverterSettings
from service.printing.pdf_pages import PdfFile, PdfLetter
from service.printing.to_pdf import ConversionFailure, letters_to_pdf
from service.word.document import DOCX, Document
from tests.printing.converter_trouble import (
    accidents_of,
    let_go,
    named_letter,
    notes_of,
    plan_accidents,
    processes_in,
    starts_of,
    wait_for,
)

LONG = 600.0  # seconds that no test waits for


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder for a converter; afterwards no process of it may be left."""
    with tempfile.TemporaryDirectory(prefix="letters-") as name:
        yield Path(name)
        assert wait_for(lambda: not processes_in(name)), processes_in(name)
        assert not list(Path(name).glob("*/office-*"))


class Fake:
    """A converter whose LibreOffices are fakes with a plan."""

    def __init__(self, folder: Path, plan: dict[str, str], **changes: object) -> None:
        self.plan = plan_accidents(folder, **plan)
        chosen = {"processes": 1, "folder": str(folder), "linger": 0.2, "seconds": LONG, **self.plan, **changes}
        self.converter = Converter(ConverterSettings(**chosen))  # type: ignore[arg-type]

    def __enter__(self) -> Fake:
        return self

    def __exit__(self, *_: object) -> None:
        self.converter.close()

    def convert(self, number: int) -> bytes:
        return self.converter.convert(named_letter(number))

    @property
    def accidents(self) -> list[str]:
        return accidents_of(self.plan)

    @property
    def starts(self) -> list[int]:
        return starts_of(self.plan)

    @property
    def alive(self) -> list[int]:
        """The fakes that live, in the order of their starts."""
        running = processes_in(self.converter.settings.folder)
        return [pid for pid in self.starts if pid in running]

    @property
    def processes(self) -> list[str]:
        """The fake that had each document, in the order of the documents."""
        return [note.split()[0] for note in notes_of(self.plan)]


@pytest.mark.parametrize(
    ("accident", "changes"),
    [
        ("crashes", {}),
        ("is-killed-while-loading", {}),
        ("talks-rubbish", {}),
        ("hangs", {"seconds": 2.0}),
        ("freezes", {"seconds": 2.0}),
    ],
)
def test_a_letter_whose_libreoffice_was_lost_is_made_by_another(
    folder: Path, accident: str, changes: dict[str, float]
) -> None:
    with Fake(folder, {"n2": accident}, **changes) as fake:
        assert b"REF-00001" in fake.convert(1)
        assert b"REF-00002" in fake.convert(2)
    assert fake.accidents == [accident]
    first, second, third = fake.processes
    assert first == second != third


@pytest.mark.parametrize(
    ("accident", "code", "tries", "changes"),
    [
        ("hangs", "took-too-long", 2, {"seconds": 2.0}),
        ("crashes", "crashed", 3, {}),
        ("eats", "too-much-memory", 1, {"memory": 200_000_000}),
        ("says-it-cannot", "unreadable-docx", 1, {}),
    ],
)
def test_a_letter_that_costs_every_libreoffice_is_given_up_and_the_next_is_made(
    folder: Path, accident: str, code: str, tries: int, changes: dict[str, float]
) -> None:
    with Fake(folder, {"ref5": accident}, **changes) as fake:
        with pytest.raises(ConversionError) as caught:
            fake.convert(5)
        assert caught.value.problems[0].code == code
        assert b"REF-00002" in fake.convert(2)
    assert fake.accidents == [accident] * tries
    assert len(set(fake.processes)) == (1 if accident == "says-it-cannot" else tries + 1)


@pytest.mark.parametrize(
    ("accident", "code", "changes"),
    [
        ("hangs", "took-too-long", {"seconds": 2.0}),
        ("crashes", "crashed", {}),
    ],
)
def test_one_letter_that_costs_every_libreoffice_does_not_cost_the_others(
    folder: Path, accident: str, code: str, changes: dict[str, float]
) -> None:
    letters = [Document(f"letter-{n}.docx", DOCX, named_letter(n)) for n in range(8)]
    with Fake(folder, {"ref5": accident}, processes=2, **changes) as fake:
        outcomes = letters_to_pdf(fake.converter, letters)
        failed = outcomes.pop(5)
        assert isinstance(failed, ConversionFailure)
        assert failed.problems[0].code == code
        assert [shown_in(one) for one in outcomes] == [[f"REF-{n:05d}"] for n in (0, 1, 2, 3, 4, 6, 7)]
    assert len(fake.accidents) == 1 + TRIES[code]  # once with the others, then by itself


def test_libreoffices_lost_again_and_again_lose_no_letter_and_make_none_twice(folder: Path) -> None:
    letters = [Document(f"letter-{n}.docx", DOCX, named_letter(n)) for n in range(150)]
    plan = {"n1": "is-killed-while-loading", "n4": "crashes", "n7": "talks-rubbish", "n30": "crashes"}
    with Fake(folder, plan, processes=2) as fake:
        outcomes = letters_to_pdf(fake.converter, letters)
        assert [shown_in(one) for one in outcomes] == [[f"REF-{n:05d}"] for n in range(150)]
    assert fake.accidents == list(plan.values())


def test_a_worn_libreoffice_works_until_the_next_one_is_ready(folder: Path) -> None:
    with Fake(folder, {"start2": "waits"}, conversions=3) as fake:
        for number in range(8):
            assert f"REF-{number:05d}".encode() in fake.convert(number)
        assert len(set(fake.processes)) == 1
        let_go(fake.plan)
        assert wait_for(lambda: fake.alive == fake.starts[1:])
        fake.convert(8)
        assert fake.processes[8:] == [str(fake.starts[1])]


def test_a_worn_libreoffice_that_is_killed_is_replaced_once(folder: Path) -> None:
    with Fake(folder, {"start2": "waits"}, conversions=2) as fake:  # the warm-up is its first document
        fake.convert(1)
        assert wait_for(lambda: len(fake.starts) == 2)
        os.kill(fake.starts[0], signal.SIGKILL)
        assert wait_for(lambda: fake.alive == fake.starts[1:])
        assert b"REF-00002" in fake.convert(2)
        let_go(fake.plan)
        assert wait_for(lambda: fake.alive == fake.starts[1:2])
    assert len(fake.starts) == 3


def shown_in(outcome: PdfLetter | ConversionFailure) -> list[str]:
    assert isinstance(outcome, PdfLetter), outcome
    return [
        found
        for page in PdfFile(outcome.content).reader.pages
        for found in re.findall(r"REF-\d+", page["/Contents"].get_object().get_data().decode())
    ]
