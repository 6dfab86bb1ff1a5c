"""The pages of a finished PDF: counted, looked at, cut into letters."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, BooleanObject, DictionaryObject, NameObject, TextStringObject

from service.errors import ConversionError, Problem

EMBEDDED: Final = ("/FontFile", "/FontFile2", "/FontFile3")
DRAWS: Final = (b"Tj", b"TJ", b" Do")
PRODUCER: Final = "Attendance letters"
_opened = threading.local()


class PdfFile:
    """A PDF of one or of many letters."""

    __slots__ = ("__weakref__", "content")

    def __init__(self, content: bytes) -> None:
        self.content = content

    @property
    def reader(self) -> PdfReader:
        """The file opened; each thread keeps the one that it looked at last."""
        if getattr(_opened, "file", None) is not self:
            _opened.reader = PdfReader(io.BytesIO(self.content))
            _opened.file = self
        reader: PdfReader = _opened.reader
        return reader

    def bookmarks(self) -> dict[str, int]:
        """The page, from 0, of every bookmark that LibreOffice named in the file."""
        reader = self.reader
        pages = {name[1:]: reader.get_destination_page_number(to) for name, to in reader.named_destinations.items()}
        return {name: page for name, page in pages.items() if page is not None}

    def cut(self, first: int, pages: int, title: str, language: str) -> bytes:
        """Some of the pages as a file of their own, with its own title and language."""
        writer = PdfWriter()
        writer.pdf_header = self.reader.pdf_header
        for page in self.reader.pages[first : first + pages]:
            keep_outward_links(page)
            writer.add_page(page)
        writer.metadata = None
        writer.add_metadata({"/Title": title, "/Producer": PRODUCER})
        root = writer.root_object
        root[NameObject("/Lang")] = TextStringObject(language)
        root[NameObject("/ViewerPreferences")] = DictionaryObject({NameObject("/DisplayDocTitle"): BooleanObject(True)})
        target = io.BytesIO()
        writer.write(target)
        return target.getvalue()


@dataclass(frozen=True, slots=True)
class PdfLetter:
    """A finished letter: `pages` pages of `file`, from page `first` (from 0) on; `name` is that of its document."""

    name: str
    pages: int
    title: str
    language: str
    file: PdfFile
    first: int = 0
    whole: bool = True  # the file holds this letter only

    @property
    def content(self) -> bytes:
        """The letter as a PDF of its own."""
        if self.whole:
            return self.file.content
        return self.file.cut(self.first, self.pages, self.title, self.language)


def open_pdf(content: bytes) -> PdfFile:
    """The PDF, when it is one that can be printed. Raises ConversionError when it is not whole, is empty or a font
    is missing from it."""
    if not content.startswith(b"%PDF-") or b"%%EOF" not in content[-1024:]:
        raise _fault("not-a-pdf", "LibreOffice did not write a whole PDF.")
    file = PdfFile(content)
    try:
        pages = list(file.reader.pages)
        if not pages:
            raise _fault("empty-pdf", "The PDF has no pages.")
        missing = _fonts_outside(pages)
        if not any(draws_something(page) for page in pages):
            raise _fault("empty-pdf", "The PDF has pages but nothing on them.")
    except (PyPdfError, AttributeError, KeyError, TypeError, IndexError, ValueError, RecursionError) as error:
        raise _fault("not-a-pdf", "The PDF cannot be read.") from error
    if missing:
        names = ", ".join(missing)
        raise _fault("font-not-embedded", f"The PDF does not hold its fonts ({names}). Choose others in the template.")
    return file


def keep_outward_links(page: Any) -> None:
    """Take out the links to other pages: "of 2" in a footer is one, and it would pull those pages in."""
    links = [one for one in page.get("/Annots", ()) if "/Dest" not in one.get_object()]
    links = [one for one in links if one.get_object().get("/A", {}).get("/S") != "/GoTo"]
    if links:
        page[NameObject("/Annots")] = ArrayObject(links)
    elif "/Annots" in page:
        del page["/Annots"]


def draws_something(page: Any) -> bool:
    """Whether there is text or a picture on the page."""
    contents = page.get("/Contents")
    if contents is None:
        return False
    streams = contents.get_object()
    parts = streams if isinstance(streams, ArrayObject) else [streams]
    drawn = b"".join(part.get_object().get_data() for part in parts)
    return any(word in drawn for word in DRAWS)


def _fonts_outside(pages: Any) -> tuple[str, ...]:
    names: set[str] = set()
    seen: set[int] = set()
    for page in pages:
        for font in _fonts_of(_inside(page, "/Resources"), seen):
            descriptor = _inside(font, "/FontDescriptor")
            if font.get("/Subtype") != "/Type3" and not any(key in descriptor for key in EMBEDDED):
                names.add(str(font.get("/BaseFont", "/unnamed"))[1:])
    return tuple(sorted(names))


def _fonts_of(resources: Any, seen: set[int]) -> Iterator[Any]:
    """The fonts in the resources, those of forms drawn inside them too; each once."""
    for font in map(_resolved, _inside(resources, "/Font").values()):
        if id(font) not in seen:
            seen.add(id(font))
            yield from map(_resolved, font.get("/DescendantFonts", [font]))
    for form in map(_resolved, _inside(resources, "/XObject").values()):
        if id(form) not in seen:
            seen.add(id(form))
            yield from _fonts_of(_inside(form, "/Resources"), seen)


def _inside(thing: Any, key: str) -> Any:
    """What a dictionary of the PDF holds under the key, looked up where it only points; empty when there is nothing."""
    found = thing.get(key)
    return {} if found is None else found.get_object()


def _resolved(thing: Any) -> Any:
    return thing.get_object()


def _fault(code: str, detail: str) -> ConversionError:
    return ConversionError(Problem(code, detail))
