"""The process that sets letters: what it can reach, what ends it, and what it remembers."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from service.errors import ConversionError
from service.printing.typeset.letter_call import LetterCall
from service.printing.typeset.typesetter import TypesetSettings, Typesetter
from service.printing.typeset.typst_process import ProcessLost, TypstProcess
from tests.printing.converter_trouble import is_over, wait_for
from tests.printing.typeset.setting import call_of, lines_of, translated
from tests.word.letter_making import paragraph

FOREVER = "#{ for n in range(100000000) { let a = n } }"  # longer than any of these tests waits


def raw(typesetter: Typesetter, code: str) -> LetterCall:
    """Typst code in place of a letter, as no letter can hold it."""
    return LetterCall(translated(typesetter, paragraph("x")), code, '"Title"')


@pytest.fixture
def process(typesetter, tmp_path) -> TypstProcess:
    """A process that may read one folder."""
    made = TypstProcess(threads=1)
    yield made
    made.end()


def ask(process: TypstProcess, folder: Path, code: str, seconds: float = 20) -> tuple[dict, bytes]:
    (folder / "fonts").mkdir(exist_ok=True)
    (folder / "root").mkdir(exist_ok=True)
    request = {"do": "set", "folder": str(folder / "root"), "fonts": str(folder / "fonts"), "main": code}
    return process.ask(request | {"standards": [], "tags": False}, seconds)


@pytest.mark.parametrize("path", ["/etc/passwd", "../secret.txt", "../../../../../../etc/passwd", "/../secret.txt"])
def test_nothing_outside_its_folder_can_be_read(process, tmp_path, path) -> None:
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    answer, pdf = ask(process, tmp_path, f'#read("{path}")')
    assert answer["fault"]
    assert pdf == b""
    assert ask(process, tmp_path, "still working")[1].startswith(b"%PDF")


def test_no_package_is_fetched_from_the_network(process, tmp_path) -> None:
    answer, _ = ask(process, tmp_path, '#import "@preview/cetz:0.2.2": *')
    assert "failed to download package" in answer["fault"]


def test_it_knows_nothing_of_our_environment(process, monkeypatch, tmp_path) -> None:
    answer, _ = ask(process, tmp_path, '#if sys.inputs != (:) { panic("inputs") }')
    assert answer == {}


def test_what_takes_too_long_is_ended_and_the_next_letter_is_made() -> None:
    setter = Typesetter(TypesetSettings(processes=1, seconds=2))
    try:
        with pytest.raises(ConversionError, match="within 2 seconds"):
            setter.set_to_print([raw(setter, FOREVER)])
        pdf = setter.set_tagged([call_of(setter, paragraph("Dear {{ name }}"), {"name": "Robin"})])
        assert lines_of(pdf) == ["Dear Robin"]
    finally:
        setter.close()


def test_a_process_that_is_killed_is_said_and_another_one_takes_its_place(typesetter) -> None:
    outcome = []

    def set_forever() -> None:
        try:
            typesetter.set_to_print([raw(typesetter, FOREVER)])
        except ConversionError as error:
            outcome.append(error.problems[0].code)

    call_of(typesetter, paragraph("x"))
    working = threading.Thread(target=set_forever)
    children = children_of_this()
    working.start()
    time.sleep(0.3)
    for number in children:
        subprocess.run(["kill", "-9", str(number)], check=True)
    working.join(20)
    assert outcome == ["typesetting-ended"]
    assert typesetter.set_tagged([call_of(typesetter, paragraph("x"))]).startswith(b"%PDF")


def children_of_this() -> list[int]:
    found = subprocess.run(["pgrep", "-P", str(os.getpid()), "-f", "typst_child"], capture_output=True, text=True)
    return [int(line) for line in found.stdout.split()]


def test_a_fault_of_typsts_is_said_without_any_word_of_the_letter(typesetter) -> None:
    with pytest.raises(ConversionError, match="Ask for it as a Word document") as raised:
        typesetter.set_to_print([raw(typesetter, '#panic("Robin Ash")')])
    assert "Robin" not in str(raised.value)


def test_after_a_panic_the_same_process_works_on(process, tmp_path) -> None:
    marks = "e" + "\u0301" * 70_000
    ask(process, tmp_path, f'#"{marks}"')  # whatever becomes of it
    assert ask(process, tmp_path, "words")[1].startswith(b"%PDF")


def test_when_the_program_that_asks_is_gone_the_process_ends(tmp_path) -> None:
    code = (
        "from service.printing.typeset.typst_process import TypstProcess\n"
        "made = TypstProcess(threads=1)\nprint(made.number, flush=True)\nimport os; os._exit(1)"
    )
    root = Path(__file__).parents[3]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True)
    assert wait_for(lambda: is_over(int(done.stdout)))


def test_a_closed_process_cannot_be_asked() -> None:
    made = TypstProcess(threads=1)
    made.end()
    with pytest.raises(ProcessLost):
        made.ask({"do": "list fonts"}, 5)


def test_the_same_letter_is_the_same_file_each_time(typesetter) -> None:
    call = call_of(typesetter, paragraph("Dear {{ name }}"), {"name": "Robin"}, title="Letter")
    assert typesetter.set_tagged([call]) == typesetter.set_tagged([call])


def test_what_it_remembers_does_not_grow_with_the_letters(typesetter) -> None:
    def set_some(first: int) -> int:
        for start in range(first, first + 1000, 50):
            body = paragraph("{{ name }}") + paragraph("{{ words }}")
            calls = [
                call_of(typesetter, body, {"name": f"Robin {n}", "words": f"{n} words " * 50})
                for n in range(start, start + 50)
            ]
            typesetter.set_to_print(calls)
        return memory_of_children()

    before = set_some(0)
    assert set_some(1000) < before + 30_000
    assert before < 250_000


def memory_of_children() -> int:
    """Kilobytes in memory of the processes that set letters for this one."""
    total = 0
    for number in children_of_this():
        status = Path(f"/proc/{number}/status").read_text(encoding="ascii")
        total += next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS"))
    return total


def test_letters_that_are_set_at_the_same_time_are_each_their_own() -> None:
    setter = Typesetter(TypesetSettings(processes=2))
    shown: dict[int, list[str]] = {}

    def set_one(number: int) -> None:
        shown[number] = lines_of(setter.set_tagged([call_of(setter, paragraph("number {{ n }}"), {"n": number})]))

    threads = [threading.Thread(target=set_one, args=(number,)) for number in range(12)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    setter.close()
    assert shown == {number: [f"number {number}"] for number in range(12)}
