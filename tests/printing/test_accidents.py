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
from service.printing.office.converter import TRIES
from service.printing.pdf_pages import PdfFile, PdfLetter
from service.printing.to_pdf import ConversionFailure, letters_to_pdf
from service.word.document import DOCX, Document
from tests.printing.converter_trouble import Fake, is_over, let_go, named_letter, processes_in, wait_for


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder for a converter; afterwards no process of it may be left."""
    with tempfile.TemporaryDirectory(prefix="letters-") as name:
        yield Path(name)
        assert wait_for(lambda: not processes_in(name)), processes_in(name)
        assert not list(Path(name).glob("*/office-*"))


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


@pytest.mark.parametrize(
    ("start", "accident", "sentence"),
    [
        ("ends", "crashes", "LibreOffice did not start."),
        ("has-no-filter", "crashes", "LibreOffice did not start."),
        ("goes-well", "is-removed", "is not installed."),
    ],
)
def test_a_libreoffice_that_no_longer_starts_is_given_up_and_not_tried_for_with_every_letter(
    folder: Path, start: str, accident: str, sentence: str
) -> None:
    letters = [Document(f"letter-{n}.docx", DOCX, named_letter(n)) for n in range(200)]
    with Fake(folder, {"start1": "goes-well", "starts": start, "n2": accident}) as fake:
        outcomes = letters_to_pdf(fake.converter, letters)
        made = {number: one for number, one in enumerate(outcomes) if isinstance(one, PdfLetter)}
        assert {number: shown_in(one) for number, one in made.items()} == {n: [f"REF-{n:05d}"] for n in made}
        assert len(made) == 25  # those of the first document
        (said,) = {one.problems for one in outcomes if isinstance(one, ConversionFailure)}  # however many letters
        assert said[0].detail.startswith("PDFs cannot be made here. LibreOffice")
        assert sentence in said[0].detail
        assert "apt-get install libreoffice-writer-nogui" in said[0].detail
        assert not fake.converter.available
        tried = len(fake.starts)
        assert 0 < tried < 50  # for 175 letters
        with pytest.raises(ConversionError, match=sentence):
            fake.convert(1)
    assert len(fake.starts) <= tried + 1  # one that was being prepared meanwhile
    assert fake.accidents == [accident]


def test_a_libreoffice_that_starts_at_the_second_try_loses_no_letter(folder: Path) -> None:
    with Fake(folder, {"start1": "ends", "start2": "ends"}) as fake:
        assert b"REF-00001" in fake.convert(1)
        assert fake.converter.available
    assert len(fake.starts) == 3


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
        assert wait_for(lambda: is_over(fake.starts[0]))
        assert fake.alive == fake.starts[1:]
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
