"""The parts of a Word document: out of its ZIP, and back into one."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from xml.dom import minidom

from service.errors import Problem, TemplateError

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
MAIN_PART = "word/document.xml"
FIRST_DATE = (1980, 1, 1, 0, 0, 0)  # the earliest a ZIP can say; a fixed date makes equal parts equal bytes
NOT_WORD = Problem("not-a-word-document", "This file is not a Word document. Save it in Word as a .docx file.")


def read_parts(docx: bytes) -> dict[str, bytes]:
    """Every part of a DOCX by its name, in the order of the file; raises TemplateError for anything else."""
    try:
        with zipfile.ZipFile(io.BytesIO(docx)) as package:
            parts = {name: package.read(name) for name in package.namelist() if not name.endswith("/")}
    except zipfile.BadZipFile as error:
        raise TemplateError(NOT_WORD) from error
    if MAIN_PART not in parts:
        raise TemplateError(NOT_WORD)
    return parts


def write_parts(parts: Mapping[str, bytes]) -> bytes:
    """A DOCX with these parts; equal parts in equal order give equal bytes."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as package:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, FIRST_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # Unix, wherever it is built
            entry.external_attr = 0o644 << 16
            package.writestr(entry, content)
    return file.getvalue()


def parse_part(content: bytes) -> minidom.Document:
    """One XML part, with every prefix kept as it was written."""
    return minidom.parseString(content)  # noqa: S318 - the gate has refused document types and entities


def serialise_part(document: minidom.Document) -> bytes:
    """The bytes of one XML part."""
    return document.toxml(encoding="UTF-8", standalone=True)


def set_word(element: minidom.Element, **values: str | int) -> None:
    """Sets attributes of an element in Word's own namespace."""
    for name, value in values.items():
        element.setAttributeNS(WORD, f"w:{name}", str(value))
