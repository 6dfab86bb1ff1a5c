"""Letters as PDF by typesetting and by LibreOffice, side by side in one run on this machine.

    python -m tests.benchmarks.bench_typeset [--letters 1500] [--single 100] [--office 1500] [--tagged 200]
        [--many 10000]

The letters are those of every template that comes with the service, with names and tables of different lengths.
`--office` is how many LibreOffice puts into its print run, `--tagged` how many it tags. Both ways take turns; the
quicker of two rounds counts for each. Before that comes the memory over a print run of `--many` letters: of the process
that sets them, and of the program that binds their pages.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from builders.letters.shelf import example_values, read_letters
from service.letters.profile import apply_profile
from service.printing.office.converter import Converter, ConverterSettings
from service.printing.press import MadeLetter, Press
from service.printing.print_run import Binding, BoundLetter, PrintLetter, bind_print_run
from service.printing.printable import Printable
from service.printing.typeset.typesetter import TypesetSettings, Typesetter
from service.word.filling.template import LetterTemplate
from tests.benchmarks.at_work import Spent, least, megabytes, spent

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


def one_by_one(press: Press, letters: list[Printable]) -> Spent:
    """The letters, each as a file of its own by itself."""
    return spent(lambda: [press.make_one_file([one], "") for one in letters])


def made_by(press: Press, letters: list[Printable], *, own: bool) -> Iterator[MadeLetter]:
    """The letters as files of their own, or as pages to print; as many together as the folder hands over."""
    for at in range(0, len(letters), TOGETHER):
        for one in press.make_letters(letters[at : at + TOGETHER], own=own, to_print=not own):
            assert isinstance(one, MadeLetter), one
            yield one


def print_run(press: Press, letters: list[Printable]) -> int:
    """The letters put into one file to print, its index first; how many pages it has."""
    pages = (one.printed for one in made_by(press, letters, own=False))
    bound = [PrintLetter(one, one.name, "letter") for one in pages if one]
    return bind_print_run(bound, index_by=press.make_index).pages


def by_typst() -> Press:
    """The way that letters go by default."""
    return Press(Typesetter(), Converter(ConverterSettings()))


def by_office(folder: Path, **settings: bool) -> Press:
    """LibreOffice for every letter, with a converter that nobody else uses."""
    own = ConverterSettings(folder=str(folder), linger=0.2, **settings)
    return Press(Typesetter(), Converter(own), by_office=True)


def in_turn(rounds: int, ours: Callable[[], Spent], theirs: Callable[[], Spent]) -> tuple[Spent, Spent]:
    """What both need, one after the other, the least of some rounds."""
    mine, others = zip(*((ours(), theirs()) for _ in range(rounds)), strict=True)
    return least(mine), least(others)


def say(name: str, both: tuple[Spent, Spent], unit: str, factor: float, others: float | None = None) -> None:
    """A line with both figures, and how many times faster ours is: by the clock, and of the processor."""
    ours, theirs = both
    mine, other = ours.clock * factor, theirs.clock * (others or factor)
    work = theirs.processor * (others or factor) / (ours.processor * factor or 0.01)
    print(f"{name:44}{mine:9.2f}{other:13.2f} {unit}{other / mine:10.1f}{work:12.1f}")


def compare(letters: list[Printable], single: int, office: int, tagged: int, folder: Path) -> None:
    """Every way for both."""
    heads = f"{'':44}{'Typst':>9}{'LibreOffice':>13}    times faster, by processor"
    print(f"{heads}\n")
    chosen = letters[:: len(letters) // single or 1][:single]
    with closing(by_typst()) as ours, closing(by_office(folder)) as theirs:
        one_by_one(ours, chosen), one_by_one(theirs, chosen)  # warm
        both = in_turn(3, lambda: one_by_one(ours, chosen), lambda: one_by_one(theirs, chosen))
        say("one letter (LibreOffice: not tagged)", both, "ms", 1000 / len(chosen))
        fewer = letters[:: len(letters) // office or 1][:office]
        both = in_turn(
            2, lambda: spent(lambda: print_run(ours, letters)), lambda: spent(lambda: print_run(theirs, fewer))
        )
        say(f"{len(letters):,} letters as one PDF to print", both, "s ", 1, len(letters) / len(fewer))
    some = letters[:: len(letters) // tagged or 1][:tagged]
    with closing(by_typst()) as ours, closing(by_office(folder, tagged=True)) as theirs:
        for press in (ours, theirs):
            list(made_by(press, some[:10], own=True))  # warm
        both = in_turn(
            2,
            lambda: spent(lambda: list(made_by(ours, letters, own=True))),
            lambda: spent(lambda: list(made_by(theirs, some, own=True))),
        )
        say("one of many files of their own, both tagged", both, "ms", 1000 / len(letters), 1000 / len(some))


def memory_over(shelves: list[Shelf], count: int) -> None:
    """Megabytes after each tenth of so many letters to print, all of them with two pages or a blank back."""
    press = Press(Typesetter(TypesetSettings(processes=1)), Converter(ConverterSettings()))
    setting, binding_them, pages = [], [], 0
    with closing(press), tempfile.TemporaryFile() as target:
        binding, bound = Binding(target, "both"), []
        for tenth in range(10):
            for one in made_by(press, make_letters(shelves, count // 10, tenth * count // 10), own=False):
                if one.printed:
                    bound.append(BoundLetter(one.printed.name, "letter", *binding.take(one.printed, (), "")))
            setting.append(f"{megabytes(of_children=True):.0f}")
            binding_them.append(f"{megabytes(of_children=False):.0f}")
        pages = binding.finish(bound, press.make_index, "Print run")
    print(f"Memory in MB over a print run of {count:,} letters on {pages:,} pages, after each tenth of them")
    print(f"{'the process that sets':34}{' '.join(setting)}")
    print(f"{'the program that binds':34}{' '.join(binding_them)}\n", flush=True)


def main() -> None:
    """Print both tables."""
    wanted = argparse.ArgumentParser(description=__doc__)
    for name, size in (("letters", 1500), ("single", 100), ("office", 1500), ("tagged", 200), ("many", 10000)):
        wanted.add_argument(f"--{name}", type=int, default=size)
    sizes = wanted.parse_args()
    shelves = read_shelves()
    memory_over(shelves, sizes.many)
    letters = make_letters(shelves, sizes.letters)
    with tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as folder:  # LibreOffice ends late
        compare(letters, sizes.single, sizes.office, sizes.tagged, Path(folder))


if __name__ == "__main__":
    sys.exit(main())
