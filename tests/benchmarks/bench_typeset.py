"""Letters as PDF by typesetting and by LibreOffice, side by side in one run on this machine.

    python -m tests.benchmarks.bench_typeset [--letters 1500] [--single 100] [--office 1500] [--tagged 200]
        [--many 10000]

The letters are those of every template that comes with the service, with names and tables of different lengths.
`--office` is how many LibreOffice puts into its print run, `--tagged` how many it tags. The last line is the memory of
the process that sets them, over `--many` letters.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from builders.letters.shelf import example_values, read_letters
from service.letters.profile import apply_profile
from service.printing.office.converter import Converter, ConverterSettings
from service.printing.office.time_and_memory import memory_of
from service.printing.press import MadeLetter, Press
from service.printing.print_run import PrintLetter, bind_print_run
from service.printing.printable import Printable
from service.printing.typeset.typesetter import TypesetSettings, Typesetter
from service.word.filling.template import LetterTemplate

NAMES = "Al Bo Fatima Krzysztof Wilhelmina Oluwaseun Siân Łukasz Zoë Ni".split()
TOGETHER = 250  # as the folder of letters hands them over


@dataclass(frozen=True, slots=True)
class Shelf:
    """A template as bytes, opened for Word letters, and the words of an example."""

    docx: bytes
    opened: LetterTemplate
    values: dict[str, Any]


def read_shelves() -> list[Shelf]:
    """Every template with its first wording."""
    shelves = []
    for name, letter in read_letters().items():
        docx = apply_profile(letter.template.read_bytes(), "dl")
        values = example_values(letter, letter.variants[0])
        shelves.append(Shelf(docx, LetterTemplate.open(docx, f"{name}.docx"), values))
    return shelves


def make_letters(shelves: list[Shelf], count: int, first: int = 0) -> list[Printable]:
    """So many letters, each with words of its own; those of one template one after another, as a cohort has them."""
    made = []
    for number in range(first, first + count):
        shelf = shelves[(number - first) * len(shelves) // count]
        given, last = NAMES[number % 10], "-".join(NAMES[number // 10 % 7 : number // 10 % 7 + 1 + number % 3])
        words = {"known_as": given, "pupil_name": f"{given} {last}", "salutation": f"Dear Ms {last}"}
        words["reference"] = f"REF-{number:05d}"
        values = shelf.values | words
        made.append(Printable(f"{number}.docx", shelf.opened.fill(values), shelf.docx, values))
    return made


def seconds(what: Callable[[], object]) -> float:
    """How long something takes."""
    began = time.perf_counter()
    what()
    return time.perf_counter() - began


def one_by_one(press: Press, letters: list[Printable]) -> list[float]:
    """Milliseconds of each letter as a file of its own, the shortest first."""
    return sorted(seconds(lambda one=one: press.make_one_file([one], "")) * 1000 for one in letters)


def in_chunks(letters: list[Printable]) -> Iterator[list[Printable]]:
    """The letters as many together as the folder hands over."""
    return (letters[at : at + TOGETHER] for at in range(0, len(letters), TOGETHER))


def made_by(press: Press, letters: list[Printable], *, own: bool) -> list[MadeLetter]:
    """The letters as files of their own, or as pages to print."""
    made = [one for some in in_chunks(letters) for one in press.make_letters(some, own=own, to_print=not own)]
    assert all(isinstance(one, MadeLetter) for one in made)
    return [one for one in made if isinstance(one, MadeLetter)]


def print_run(press: Press, letters: list[Printable]) -> int:
    """The letters put into one file to print, its index first; how many pages it has."""
    pages = [one.printed for one in made_by(press, letters, own=False) if one.printed]
    bound = [PrintLetter(one, one.name, "letter") for one in pages]
    return bind_print_run(bound, index_by=press.make_index).pages


def by_typst() -> Press:
    """The way that letters go by default."""
    return Press(Typesetter(), Converter(ConverterSettings()))


def by_office(**settings: bool) -> Press:
    """LibreOffice for every letter."""
    return Press(Typesetter(), Converter(ConverterSettings(**settings)), by_office=True)


def say(name: str, ours: float, theirs: float, unit: str) -> None:
    """A line with both figures, and how many times faster ours is."""
    print(f"{name:46}{ours:9.2f}{theirs:13.2f} {unit}{theirs / ours:9.1f}")


def compare(letters: list[Printable], single: int, office: int, tagged: int) -> None:
    """Every way for both."""
    print(f"{'':46}{'Typst':>9}{'LibreOffice':>13}{'times faster':>15}\n")
    chosen = letters[:: len(letters) // single or 1][:single]
    with closing(by_typst()) as ours, closing(by_office()) as theirs:
        for press in (ours, theirs):
            one_by_one(press, chosen)  # warm
        mine, other = one_by_one(ours, chosen), one_by_one(theirs, chosen)
        say("one letter (LibreOffice: not tagged)", statistics.median(mine), statistics.median(other), "ms")
        took = seconds(lambda: print_run(ours, letters))
        others = seconds(lambda: print_run(theirs, letters[:office])) * len(letters) / office
        say(f"{len(letters):,} letters as one PDF to print", took, others, "s ")
    some = letters[:: len(letters) // tagged or 1][:tagged]
    with closing(by_typst()) as ours, closing(by_office(tagged=True)) as theirs:
        for press in (ours, theirs):
            made_by(press, some[:10], own=True)  # warm
        took = seconds(lambda: made_by(ours, letters, own=True)) / len(letters) * 1000
        others = seconds(lambda: made_by(theirs, some, own=True)) / len(some) * 1000
        say("one of many files of their own, both tagged", took, others, "ms")


def memory_of_this() -> int:
    """Bytes of this program alone."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def memory_over(shelves: list[Shelf], count: int) -> None:
    """Megabytes of the process that sets, after each tenth of so many letters to print."""
    setter = Typesetter(TypesetSettings(processes=1))
    with closing(Press(setter, Converter(ConverterSettings()))) as press:
        seen = []
        for tenth in range(10):
            made_by(press, make_letters(shelves, count // 10, tenth * count // 10), own=False)
            seen.append(f"{(memory_of(os.getpid()) - memory_of_this()) / 1e6:.0f}")
    print(f"\nMemory of one process that sets, over {count:,} letters, MB: {' '.join(seen)}")


def main() -> None:
    """Print the table."""
    wanted = argparse.ArgumentParser(description=__doc__)
    for name, size in (("letters", 1500), ("single", 100), ("office", 1500), ("tagged", 200), ("many", 10000)):
        wanted.add_argument(f"--{name}", type=int, default=size)
    sizes = wanted.parse_args()
    shelves = read_shelves()
    compare(make_letters(shelves, sizes.letters), sizes.single, sizes.office, sizes.tagged)
    memory_over(shelves, sizes.many)


if __name__ == "__main__":
    sys.exit(main())
