"""What a letter template must not hold: macros, embedded files, links to outside, pictures that are programs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from service.errors import Problem
from service.word.field_codes import field_problems
from service.word.links import attribute_problems, relationship_problems
from service.word.package import Package
from service.word.parts import PACKAGE, STRICT, Part, read_part_types
from service.word.picture import JPEG_SIGNATURE, PNG_SIGNATURE, read_part_picture
from service.word.plain_xml import parse_xml

ACTIVE_NAMES: Final = re.compile(r"vbaProject|vbaData|/activeX/|/embeddings/|oleObject|/afchunk", re.IGNORECASE)
PICTURE_ROOTS: Final = ("{http://www.w3.org/2000/svg}svg", "svg")
PAGE_ROOTS: Final = ("{http://www.w3.org/1999/xhtml}html", "html")
KINDS_OF_BYTES: Final = (
    (b"\x01\0\0\0", "an EMF drawing"),
    (b"\xd7\xcd\xc6\x9a", "a WMF drawing"),
    (b"\x01\0\x09\0", "a WMF drawing"),
    (b"\x02\0\x09\0", "a WMF drawing"),
    (b"%!PS", "an EPS drawing"),
    (b"\xc5\xd0\xd3\xc6", "an EPS drawing"),
    (b"%PDF", "a PDF"),
    (b"GIF8", "a GIF picture"),
    (b"BM", "a BMP picture"),
    (b"II*\0", "a TIFF picture"),
    (b"MM\0*", "a TIFF picture"),
    (b"\x1f\x8b", "a packed file"),
    (b"PK", "another packed file"),
    (b"\xd0\xcf\x11\xe0", "an older Office file"),
    (b"{\\rtf", "an RTF document"),
    (b"MZ", "a program"),
    (b"\x7fELF", "a program"),
)
NO_PICTURE: Final = "no picture"
SAVE_AS_PNG: Final = "right-click it in Word, save it as a PNG picture and insert that instead."


def find_unsafe_content(package: Package, parts: Sequence[Part]) -> list[Problem]:
    """Every thing in the file that could run, fetch or carry something besides the letter itself."""
    problems = [
        Problem("holds-active-content", f"The file holds {name}: macros, controls and embedded files are not allowed.")
        for name in package.names
        if ACTIVE_NAMES.search("/" + name)
    ]
    for part in parts:
        problems += _part_problems(part)
    read = {part.name for part in parts}
    types = read_part_types(package)
    for name in package.names:
        if name not in read and not ACTIVE_NAMES.search("/" + name):
            problems += _other_problems(package, name, types[name])
    return problems


def _part_problems(part: Part) -> Iterator[Problem]:
    """What an XML part must not hold, by what it is and not by what it is called."""
    root = parse_xml(part.content)
    if part.name == "[Content_Types].xml" and re.search(rb"macroEnabled|vbaProject", part.content):
        yield Problem("holds-macros", "The file holds macros: save it as a Word Document without them.")
    if root.tag in PICTURE_ROOTS:
        yield Problem("picture-not-allowed", f"The part {part.name} is an SVG drawing: {SAVE_AS_PNG}")
    elif root.tag in PAGE_ROOTS:
        yield Problem("holds-active-content", f"The part {part.name} is a web page: take it out.")
    elif root.tag == f"{PACKAGE}Relationships" or part.name.lower().endswith(".rels"):
        yield from relationship_problems(root)
    elif STRICT in part.content:
        yield Problem(
            "strict-open-xml", "This is a Strict Open XML Document: save it as a plain Word Document (.docx)."
        )
    else:
        yield from field_problems(part, root)
        yield from attribute_problems(part, root)


def _other_problems(package: Package, name: str, declared: str) -> Iterator[Problem]:
    """What is no XML has to be a PNG or JPEG by its own first bytes, whatever it is called."""
    start = package.peek(name)
    if start.startswith((PNG_SIGNATURE, JPEG_SIGNATURE)):
        problem = read_part_picture(name, package.read(name))
        if problem:
            yield problem
    elif "font" in declared or name.lower().endswith((".odttf", ".ttf", ".otf")):
        sentence = 'The file carries fonts: in Word, under File, Options, Save, take the tick off "Embed fonts".'
        yield Problem("holds-fonts", sentence)
    else:
        yield _not_a_picture(name, declared, start)


def _not_a_picture(name: str, declared: str, start: bytes) -> Problem:
    kind = next((kind for first, kind in KINDS_OF_BYTES if start.startswith(first)), NO_PICTURE)
    is_drawn = kind != NO_PICTURE and kind.endswith(("drawing", "picture"))
    if is_drawn or declared.startswith("image/") or "/media/" in f"/{name}":
        return Problem(
            "picture-not-allowed",
            f"The part {name} is {kind}; only PNG and JPEG pictures are allowed: {SAVE_AS_PNG}",
        )
    sentence = f"The part {name} is {kind}, which a letter does not need: take it out, or copy the text into a new one."
    return Problem("part-not-allowed", sentence)
