"""Many letters in one file to print: in order, each on its own sheets, enclosures behind their letter."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final, Generic, Literal, TypeVar

from pypdf import PageObject, PdfReader, PdfWriter

from service.errors import ConversionError, Problem
from service.printing.merge import merge_letters
from service.printing.merge_parts import read_letter, take_apart
from service.printing.office.converter import Converter
from service.printing.pdf_pages import PRODUCER, PdfFile, PdfLetter, keep_outward_links, open_pdf
from service.printing.print_index import IndexRow, index_docx
from service.word.package import FASTEST, write_parts

Sides = Literal["one", "both"]
A4: Final = (595.28, 841.89)  # points


Content = TypeVar("Content", PdfLetter, bytes)


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
    index_by: Converter | None = None,
    title: str = "Print run",
) -> PrintRun:
    """One PDF of the letters in the order given; printed on both sides, each letter and enclosure starts a new sheet.

    With `index_by`, the converter that makes it, an index of references, kinds, pages and sheets comes first.
    Raises ConversionError when there is nothing to print or an enclosure is not a PDF.
    """
    if not letters:
        raise ConversionError(Problem("nothing-to-print", "There is no letter in this print run."))
    binding = _Binding(sides)
    with ThreadPoolExecutor(1, "print run index") as meanwhile:
        index = meanwhile.submit(index_by.convert, index_docx(*_index_of(letters, sides))) if index_by else None
        for one in letters:
            binding.add(one.letter.file, one.letter.first, one.letter.pages)
            for number, enclosure in enumerate(one.enclosures, 1):
                binding.add(_open_enclosure(one, number, enclosure), 0, None)
        if index:
            binding.put_first(open_pdf(index.result()))
    return PrintRun(binding.finish(title), len(letters), binding.pages, binding.sheets)


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


class _Binding:
    """The file being bound: every file read once, a blank back added where a sheet would be shared."""

    def __init__(self, sides: Sides) -> None:
        self.sides = sides
        self.pages = 0
        self._writer = PdfWriter()
        self._readers: dict[PdfFile, PdfReader] = {}

    @property
    def sheets(self) -> int:
        return self.pages if self.sides == "one" else (self.pages + 1) // 2

    def add(self, file: PdfFile, first: int, pages: int | None) -> None:
        """Add some of the pages of a file, or all from the first on, as one document."""
        if self.sides == "both" and self.pages % 2:
            self._writer.add_page(PageObject.create_blank_page(None, *A4))
            self.pages += 1
        if file not in self._readers:
            self._readers[file] = PdfReader(io.BytesIO(file.content))
        chosen = self._readers[file].pages[first : None if pages is None else first + pages]
        for page in chosen:
            keep_outward_links(page)
            self._writer.add_page(page)
        self.pages += len(chosen)

    def put_first(self, file: PdfFile) -> None:
        """Put a file in front of all others, on sheets of its own."""
        pages = file.reader.pages
        for place, page in enumerate(pages):
            self._writer.insert_page(page, place)
        self.pages += len(pages)
        if self.sides == "both" and len(pages) % 2:
            self._writer.insert_page(PageObject.create_blank_page(None, *A4), len(pages))
            self.pages += 1

    def finish(self, title: str) -> bytes:
        self._writer.metadata = None
        self._writer.add_metadata({"/Title": title, "/Producer": PRODUCER})
        self._writer.compress_identical_objects(remove_duplicates=True, remove_unreferenced=False)
        target = io.BytesIO()
        self._writer.write(target)
        return target.getvalue()


def _index_of(letters: Sequence[PrintLetter[PdfLetter]], sides: Sides) -> tuple[list[IndexRow], list[str]]:
    rows = []
    for one in letters:
        counts = [one.letter.pages]
        counts += [len(_open_enclosure(one, n, pdf).reader.pages) for n, pdf in enumerate(one.enclosures, 1)]
        sheets = sum(counts) if sides == "one" else sum((count + 1) // 2 for count in counts)
        rows.append(IndexRow(one.reference, one.kind, sum(counts), sheets))
    kinds = Counter(one.kind for one in letters)
    how = "both sides of the paper" if sides == "both" else "one side of the paper"
    total = f"{len(rows):,} letters on {sum(row.sheets for row in rows):,} sheets, {how}; this index is not counted."
    return rows, [total, *(f"{kind}: {count:,}" for kind, count in sorted(kinds.items()))]


def _open_enclosure(letter: PrintLetter[PdfLetter], number: int, content: bytes) -> PdfFile:
    try:
        return open_pdf(content)
    except ConversionError as error:
        detail = f'Enclosure {number} of the letter "{letter.reference}" cannot be printed: {error.detail}'
        raise ConversionError(Problem("enclosure-not-usable", detail)) from None


def _natural(words: str) -> tuple[tuple[int, int, str], ...]:
    """A key that sorts numbers inside words by their value: 7B before 10A."""
    pieces = re.findall(r"\d+|\D+", words.casefold())
    return tuple((0, int(piece), "") if piece.isdecimal() else (1, 0, piece) for piece in pieces)
