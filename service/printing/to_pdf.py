"""DOCX letters to PDF: many in one conversion where they share a template, each checked, in their own order."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from math import ceil
from typing import Any, Final

from service.errors import ConversionError, Problem
from service.printing.merge import merge_letters
from service.printing.merge_parts import LetterParts, read_letter, take_apart
from service.printing.merge_section import end_of, start_of
from service.printing.office.converter import Converter
from service.printing.pdf_pages import PdfFile, PdfLetter, draws_something, open_pdf
from service.word.document import PDF, Document
from service.word.lean import lean
from service.word.package import FASTEST, write_parts
from service.word.parts import Parts, parse

LETTERS_A_FILE: Final = 25  # LibreOffice needs more for each page the more pages there are
CORE: Final = "docProps/core.xml"
DUBLIN: Final = "{http://purl.org/dc/elements/1.1/}"


@dataclass(frozen=True, slots=True)
class ConversionFailure:
    """A letter that could not be turned into a PDF, and why."""

    name: str
    problems: tuple[Problem, ...]


Outcome = PdfLetter | ConversionFailure


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A letter on its way: where it stands in the order, its document's name, and its parts."""

    place: int
    name: str
    letter: LetterParts


def letter_to_pdf(converter: Converter, letter: Document) -> Document:
    """One letter as a PDF. Raises ConversionError."""
    made = _convert_alone(converter, letter.name, read_letter(letter.content))
    return Document(letter.name.removesuffix(".docx") + ".pdf", PDF, made.content)


def letters_to_pdf(converter: Converter, letters: Sequence[Document]) -> list[Outcome]:
    """What became of each letter, in the same order: a PdfLetter or why there is none.

    Raises ConversionError only when this machine can make no PDF at all.
    """
    if reason := converter.why_not():
        raise ConversionError(Problem("no-converter", f"PDFs cannot be made here. {reason}"))
    outcomes: dict[int, Outcome] = {}
    settings = converter.settings
    most = min(LETTERS_A_FILE, ceil(len(letters) / settings.processes)) if letters else 1
    if settings.tagged or settings.pdf_a:  # cutting a file into letters would lose the tags
        most = 1
    with ThreadPoolExecutor(settings.processes + 1, "letters to pdf") as workers:
        jobs = (partial(_convert_group, converter, group) for group in _groups(letters, most, outcomes))
        for done in _run_few_at_a_time(workers, jobs, 2 * settings.processes):
            outcomes.update(done)
    return [outcomes[place] for place in range(len(letters))]


def _groups(letters: Sequence[Document], most: int, outcomes: dict[int, Outcome]) -> Iterator[list[_Waiting]]:
    """Letters that can stand in one document, at most so many together; a letter that is no DOCX gets its outcome."""
    gathering: dict[Hashable, list[_Waiting]] = {}
    for place, document in enumerate(letters):
        try:
            letter = take_apart(read_letter(document.content))
        except ConversionError as error:
            outcomes[place] = ConversionFailure(document.name, error.problems)
            continue
        waiting = _Waiting(place, document.name, letter)
        if letter.shared is None or most == 1:
            yield [waiting]
            continue
        group = gathering.setdefault(letter.shared, [])
        group.append(waiting)
        if len(group) == most:
            yield gathering.pop(letter.shared)
    yield from gathering.values()


def _run_few_at_a_time(
    workers: ThreadPoolExecutor, jobs: Iterator[Callable[[], dict[int, Outcome]]], most: int
) -> Iterator[dict[int, Outcome]]:
    """What each job gives; only a few are prepared ahead, so that memory stays flat however many letters there are."""
    running: set[Future[dict[int, Outcome]]] = set()
    for job in jobs:
        running.add(workers.submit(job))
        while len(running) >= most:
            done, running = wait(running, return_when=FIRST_COMPLETED)
            yield from (one.result() for one in done)
    yield from (one.result() for one in running)


def _convert_group(converter: Converter, group: list[_Waiting]) -> dict[int, Outcome]:
    """The letters converted together or, when that fails, each by itself, so that only the one at fault is lost."""
    if len(group) > 1:
        try:
            return _convert_together(converter, group)
        except ConversionError:
            pass  # each letter's own conversion tells which it is, and why
    outcomes: dict[int, Outcome] = {}
    for one in group:
        try:
            outcomes[one.place] = _convert_alone(converter, one.name, one.letter.parts)
        except ConversionError as error:
            outcomes[one.place] = ConversionFailure(one.name, error.problems)
    return outcomes


def _convert_together(converter: Converter, group: list[_Waiting]) -> dict[int, Outcome]:
    merged = write_parts(lean(merge_letters([one.letter for one in group])), FASTEST)
    file = open_pdf(converter.convert_once(merged, merged=True))
    starts = _find_starts(file, len(group))
    outcomes: dict[int, Outcome] = {}
    for one, (first, after) in zip(group, pairwise(starts), strict=True):
        title, language = _title_and_language(one.letter.parts)
        outcomes[one.place] = PdfLetter(one.name, after - first, title, language, file, first, whole=False)
    return outcomes


def _find_starts(file: PdfFile, letters: int) -> list[int]:
    """The page on which each letter starts and, last, how many pages there are. Raises ConversionError where the
    pages do not add up."""
    marks, pages = file.bookmarks(), file.reader.pages
    starts = [marks.get(start_of(number), -1) for number in range(letters)]
    ends = [marks.get(end_of(number), -1) for number in range(letters)]
    after = [*starts[1:], len(pages)]
    whole = starts[0] == 0 and all(start <= end for start, end in zip(starts, ends, strict=True))
    if not whole or [end + 1 for end in ends] != after or not all(draws_something(pages[start]) for start in starts):
        raise ConversionError(
            Problem("pages-do-not-add-up", "It could not be seen where each of these letters begins.")
        )
    return [*starts, len(pages)]


def _convert_alone(converter: Converter, name: str, parts: Parts) -> PdfLetter:
    file = open_pdf(converter.convert(write_parts(lean(parts), FASTEST)))
    title, language = _title_and_language(parts)
    return PdfLetter(name, len(file.reader.pages), title, language, file)


def _title_and_language(parts: Parts) -> tuple[str, str]:
    core: Any = parse(parts[CORE]) if CORE in parts else None
    if core is None:
        return "", "en-GB"
    return core.findtext(f"{DUBLIN}title") or "", core.findtext(f"{DUBLIN}language") or "en-GB"
