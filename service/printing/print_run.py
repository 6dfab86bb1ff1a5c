"""Many letters in one file to print: in order, each on its own sheets, enclosures behind their letter."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import BinaryIO, Generic, Literal, TypeVar
from weakref import WeakKeyDictionary

from service.errors import ConversionError, Problem
from service.printing.merge import merge_letters
from service.printing.merge_parts import read_letter, take_apart
from service.printing.pdf_binder import PdfBinder, make_plain
from service.printing.pdf_pages import PdfFile, PdfLetter, open_pdf
from service.printing.print_index import IndexRow
from service.word.package import FASTEST, write_parts

Sides = Literal["one", "both"]
MakeIndex = Callable[[Sequence[IndexRow], Sequence[str]], Iterable[bytes]]
"""Makes the index, from its rows and the lines above them, as PDFs that follow each other."""


@dataclass(frozen=True, slots=True)
class BoundLetter:
    """A letter whose pages have been taken in: their numbers, and those of each thing enclosed."""

    reference: str
    kind: str
    pages: tuple[int, ...]
    enclosed: tuple[tuple[int, ...], ...] = ()

    @property
    def documents(self) -> tuple[tuple[int, ...], ...]:
        """The letter and what is enclosed, each on sheets of its own."""
        return (self.pages, *self.enclosed)


Content = TypeVar("Content", PdfLetter, BoundLetter, bytes)


@dataclass(frozen=True, slots=True)
class PrintLetter(Generic[Content]):
    """A letter to print (pages of a PDF, or a DOCX), what is enclosed with it (PDFs), and what the run is ordered by.

    `reference` and `kind` are printed in the index and say nothing about the child; the names are used for the order
    only.
    """

    letter: Content
    reference: str
    kind: str
    registration_group: str = ""
    last_name: str = ""
    first_name: str = ""
    postcode: str = ""
    enclosures: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class PrintRun:
    """A PDF to print: `pages` counts the blank backs too, `sheets` is what the printer needs."""

    content: bytes
    letters: int
    pages: int
    sheets: int


def order_by_group_and_name(letters: Iterable[PrintLetter[Content]]) -> list[PrintLetter[Content]]:
    """The letters as they are handed out in school: 7B before 10A, then by name."""
    return sorted(
        letters,
        key=lambda one: (_natural(one.registration_group), one.last_name.casefold(), one.first_name.casefold()),
    )


def order_by_postcode(letters: Iterable[PrintLetter[Content]]) -> list[PrintLetter[Content]]:
    """The letters as the post sorts them; those without a postcode last."""
    return sorted(letters, key=lambda one: (not one.postcode.strip(), _natural(one.postcode.replace(" ", ""))))


def bind_print_run(
    letters: Sequence[PrintLetter[PdfLetter]],
    sides: Sides = "both",
    index_by: MakeIndex | None = None,
    title: str = "Print run",
) -> PrintRun:
    """One PDF of the letters in the order given; printed on both sides, each letter and enclosure starts a new sheet.

    With `index_by`, which makes it, an index of references, kinds, pages and sheets comes first.
    Raises ConversionError when there is nothing to print or an enclosure is not a PDF.
    """
    target = io.BytesIO()
    binding = Binding(target, sides)
    bound = [
        BoundLetter(one.reference, one.kind, *binding.take(one.letter, one.enclosures, one.reference))
        for one in letters
    ]
    pages = binding.finish(bound, index_by, title)
    return PrintRun(target.getvalue(), len(bound), pages, binding.sheets_of(pages))


def bind_docx_run(letters: Sequence[bytes]) -> bytes:
    """One DOCX of the letters in the order given, each with its letterhead, its own "page x of y" and footer.

    Every letter begins at page 1, and neither Word nor LibreOffice puts a page 1 on the back of another odd page, so it
    can be printed on both sides. Raises ConversionError when they cannot stand in one document: their templates have
    different styles or lists, or use notes or fields that count through a whole document.
    """
    if not letters:
        raise ConversionError(Problem("nothing-to-print", "There is no letter in this print run."))
    parts = [take_apart(read_letter(one)) for one in letters]
    for number, one in enumerate(parts, 1):
        if one.shared is None or one.shared != parts[0].shared:
            why = "its template has other styles, lists or headers than that of the first"
            if one.shared is None:
                why = "it has notes, fields or a layout that belong to a whole document"
            detail = f"Letter {number} of {len(parts)} cannot go into one Word document with the others: {why}."
            raise ConversionError(Problem("cannot-be-merged", f"{detail} Print the run as a PDF."))
    return write_parts(merge_letters(parts), FASTEST)


class Binding:
    """A print run in the making: letters are taken in as they come, and put in order at the end."""

    def __init__(self, target: BinaryIO, sides: Sides) -> None:
        self.sides = sides
        self._binder = PdfBinder(target)
        self._files: WeakKeyDictionary[PdfFile, range] = WeakKeyDictionary()
        self._blank: int | None = None

    def take(
        self, letter: PdfLetter, enclosures: Sequence[bytes], reference: str
    ) -> tuple[tuple[int, ...], tuple[tuple[int, ...], ...]]:
        """The numbers of a letter's pages and of those enclosed. Raises ConversionError for what is not a PDF."""
        if letter.file not in self._files:
            self._files[letter.file] = self._add(letter.file.content)
        pages = tuple(self._files[letter.file][letter.first : letter.first + letter.pages])
        enclosed = (_open_enclosure(reference, number, one) for number, one in enumerate(enclosures, 1))
        return pages, tuple(tuple(self._add(file.content)) for file in enclosed)

    def finish(self, letters: Sequence[BoundLetter], index_by: MakeIndex | None, title: str) -> int:
        """Write the letters in this order, the index first; how many pages there are. Raises ConversionError."""
        if not letters:
            raise ConversionError(Problem("nothing-to-print", "There is no letter in this print run."))
        parts = index_by(*self._index_of(letters)) if index_by else ()
        index = tuple(page for part in parts for page in self._add(part))
        order: list[int] = []
        for document in (index, *(one for letter in letters for one in letter.documents)):
            if self.sides == "both" and len(order) % 2:
                order.append(self._blank_back())
            order += document
        self._binder.finish(order, title)
        return len(order)

    def sheets_of(self, pages: int) -> int:
        """How many sheets so many pages need."""
        return pages if self.sides == "one" else (pages + 1) // 2

    def _add(self, content: bytes) -> range:
        try:
            return self._binder.add(content)
        except (ValueError, KeyError):  # its objects are packed, or their table is
            return self._binder.add(make_plain(content))

    def _blank_back(self) -> int:
        if self._blank is None:
            self._blank = self._binder.add_blank()
        return self._blank

    def _index_of(self, letters: Sequence[BoundLetter]) -> tuple[list[IndexRow], list[str]]:
        rows = []
        for one in letters:
            counts = [len(pages) for pages in one.documents]
            rows.append(IndexRow(one.reference, one.kind, sum(counts), sum(map(self.sheets_of, counts))))
        kinds = Counter(one.kind for one in letters)
        how = "both sides of the paper" if self.sides == "both" else "one side of the paper"
        sheets = sum(row.sheets for row in rows)
        total = f"{len(rows):,} letters on {sheets:,} sheets, {how}; this index is not counted."
        return rows, [total, *(f"{kind}: {count:,}" for kind, count in sorted(kinds.items()))]


def _open_enclosure(reference: str, number: int, content: bytes) -> PdfFile:
    try:
        return open_pdf(content)
    except ConversionError as error:
        detail = f'Enclosure {number} of the letter "{reference}" cannot be printed: {error.detail}'
        raise ConversionError(Problem("enclosure-not-usable", detail)) from None


def _natural(words: str) -> tuple[tuple[int, int, str], ...]:
    """A key that sorts numbers inside words by their value: 7B before 10A."""
    pieces = re.findall(r"\d+|\D+", words.casefold())
    return tuple((0, int(piece), "") if piece.isdecimal() else (1, 0, piece) for piece in pieces)
