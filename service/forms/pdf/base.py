"""A fillable PDF prepared once: cleaned, its fonts embedded, its boxes drawn, ready for small updates.

The prepared file is what every filling begins with, byte for byte; a filling appends only what it changes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from typing import Any, cast

from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, PdfObject

from service.errors import Problem, TemplateError
from service.forms.pdf.boxes import FoundField, find_fields
from service.forms.pdf.palette import TextFont

MOST_PAGES = 50
_ACTIVE_KEYS = ("/OpenAction", "/AA", "/AF", "/Collection")
_HARMLESS_ACTIONS = ("/GoTo", "/URI")


@dataclass(frozen=True, slots=True)
class PageStart:
    """A page of the flat copy: its size, and the number of the drawing that a filling puts on top of it."""

    width: float
    height: float
    overlay: int


@dataclass(frozen=True, slots=True)
class Base:
    """The prepared bytes and what an update needs to know of them.

    `resources` is the object that names the fonts (`fonts`) and, in a flat copy, the drawings (`drawings`).
    """

    content: bytes
    size: int
    trailer: str
    resources: int
    fonts: str
    drawings: str
    pages_number: int
    pages_head: str
    pages_kids: str
    pages_count: int
    sheet: PageStart
    overlays: tuple[PageStart, ...] = ()

    def append(self, objects: Iterable[tuple[int, str]], size: int) -> bytes:
        """The prepared file with these objects (number, body) added or replaced."""
        place = len(self.content)
        parts: list[str] = []
        table: list[str] = ["xref\n0 1\n0000000000 65535 f \n"]
        for number, body in objects:
            piece = f"{number} 0 obj\n{body}\nendobj\n"
            table.append(f"{number} 1\n{place:010d} 00000 n \n")
            parts.append(piece)
            place += len(piece)
        table.append(f"trailer\n<</Size {size}{self.trailer}>>\nstartxref\n{place}\n%%EOF\n")
        return self.content + ("".join(parts) + "".join(table)).encode("latin-1")

    def resources_body(self, fonts: dict[str, int]) -> str:
        """The resources with fonts added for one filling."""
        return f"<</Font<<{self.fonts}{name_objects(fonts)}>>/XObject<<{self.drawings}>>>>"


class Body(PdfObject):
    """An object that is already written, for pypdf to place in its file."""

    def __init__(self, text: str) -> None:
        self.text = text

    def write_to_stream(self, stream: Any, encryption_key: Any = None) -> None:
        """Writes the body as it is."""
        stream.write(self.text.encode("latin-1"))


def read_form(content: bytes, name: str) -> tuple[PdfWriter, list[FoundField]]:
    """The file opened for preparing, and its fields. Raises TemplateError with every fault."""
    reader = _open_reader(content, name)
    problems = list(_look_at(reader, name))
    if problems:
        raise TemplateError(problems)
    try:
        writer = PdfWriter(clone_from=reader)
        fields, problems = find_fields(writer)
    except (PyPdfError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as fault:
        raise TemplateError(_damaged(name)) from fault
    if not fields and not problems:
        problems = [Problem("no-fields", "The PDF has no fields to fill in; it is not a fillable form.", file=name)]
    if problems:
        raise TemplateError([Problem(problem.code, problem.detail, file=name) for problem in problems])
    return writer, fields


def _open_reader(content: bytes, name: str) -> PdfReader:
    if b"%PDF-" not in content[:1024]:
        raise TemplateError(Problem("not-a-pdf", "This is not a PDF file; save the form as PDF.", file=name))
    try:
        reader = PdfReader(BytesIO(content))
        if reader.is_encrypted:
            raise TemplateError(
                Problem("encrypted-form", "The PDF is protected by a password; save it without protection.", file=name)
            )
        len(reader.pages)
    except (PyPdfError, ValueError, TypeError, KeyError, AttributeError, RecursionError, OSError) as fault:
        raise TemplateError(_damaged(name)) from fault
    return reader


def _look_at(reader: PdfReader, name: str) -> Iterable[Problem]:
    if (pages := len(reader.pages)) > MOST_PAGES:
        yield Problem("too-many-pages", f"The form has {pages} pages; at most {MOST_PAGES} are filled.", file=name)
    form = reader.root_object.get("/AcroForm", DictionaryObject()).get_object()
    if not isinstance(form, DictionaryObject) or not form.get("/Fields"):
        yield Problem("no-fields", "The PDF has no fields to fill in; it is not a fillable form.", file=name)
    elif "/XFA" in form:
        detail = "The form is an XFA form, whose fields most programs do not show; save it as an ordinary PDF form."
        yield Problem("xfa-form", detail, file=name)


def _damaged(name: str) -> Problem:
    return Problem("damaged-pdf", "The PDF is damaged and cannot be read; save it again from its program.", file=name)


def strip_active_content(writer: PdfWriter) -> None:
    """Takes out scripts, attachments and actions that run by themselves."""
    root = writer.root_object
    for key in _ACTIVE_KEYS:
        root.pop(key, None)
    names = root.get("/Names", DictionaryObject()).get_object()
    for key in ("/JavaScript", "/EmbeddedFiles"):
        names.pop(key, None)
    for page in writer.pages:
        page.pop("/AA", None)
        for note in page.get("/Annots", ArrayObject()).get_object():
            strip_actions(note.get_object())


def strip_actions(dictionary: DictionaryObject) -> None:
    """Takes out what an annotation or field would do when clicked or changed."""
    dictionary.pop("/AA", None)
    action = dictionary.get("/A")
    if action is not None and action.get_object().get("/S") not in _HARMLESS_ACTIONS:
        dictionary.pop("/A")


def add_body(writer: PdfWriter, text: str) -> int:
    """Adds a written object; its number."""
    return writer._add_object(Body(text)).idnum


def finish_base(
    writer: PdfWriter, font: TextFont, resources: int, drawings: dict[str, int], overlays: tuple[PageStart, ...] = ()
) -> Base:
    """Writes the prepared file and notes what updates need. `resources` is the number of a reserved object."""
    bodies, names = font.objects(len(writer._objects) + 1)
    for body in bodies:
        add_body(writer, body)
    fonts, drawn = name_objects(names), name_objects(drawings)
    writer._objects[resources - 1] = Body(f"<</Font<<{fonts}>>/XObject<<{drawn}>>>>")
    content = written(writer)
    pages = cast("DictionaryObject", writer.root_object["/Pages"].get_object())
    first = writer.pages[0].mediabox
    return Base(
        content=content.encode("latin-1"),
        size=len(writer._objects) + 1,
        trailer=_trailer(writer, content),
        resources=resources,
        fonts=fonts,
        drawings=drawn,
        pages_number=number_of(pages),
        pages_head=open_body(pages, "/Kids", "/Count"),
        pages_kids=" ".join(f"{kid.idnum} 0 R" for kid in cast("ArrayObject", pages["/Kids"])),
        pages_count=len(writer.pages),
        sheet=PageStart(float(first.width), float(first.height), 0),
        overlays=overlays,
    )


def _trailer(writer: PdfWriter, content: str) -> str:
    info = f"/Info {number_of(writer._info)} 0 R" if writer._info is not None else ""
    identity = f"/ID {written(writer._ID)}" if writer._ID is not None else ""
    start = re.findall(r"startxref\s+(\d+)", content[-64:])[-1]
    return f"/Root {number_of(writer.root_object)} 0 R{info}{identity}/Prev {start}"


def name_objects(numbers: dict[str, int]) -> str:
    """The entries of a dictionary that gives objects names."""
    return "".join(f"/{name} {number} 0 R" for name, number in numbers.items())


def written(found: PdfObject | PdfWriter) -> str:
    """An object, or the whole file, as it is written, as Latin-1 text."""
    stream = BytesIO()
    if isinstance(found, PdfWriter):
        found.write(stream)
    else:
        found.write_to_stream(stream)
    return stream.getvalue().decode("latin-1")


def open_body(dictionary: DictionaryObject, *without: str) -> str:
    """A dictionary as it is written, without these keys and left open for others."""
    kept = DictionaryObject({key: value for key, value in dictionary.items() if key not in without})
    return written(kept)[:-2].rstrip()


def number_of(found: PdfObject) -> int:
    """The number of an indirect object."""
    reference = found.indirect_reference
    assert reference is not None  # noqa: S101 - every object asked for was read from the file
    return reference.idnum


def reserve_resources(writer: PdfWriter) -> int:
    """The number that the resources will have, so that drawings can name it before the fonts are added."""
    return add_body(writer, "null")
