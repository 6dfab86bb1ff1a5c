"""Templates set by the real Typst, and what can be seen and heard of the PDF."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Mapping

from service.printing.typeset.letter_call import CallWriter, LetterCall
from service.printing.typeset.translate.translate import Translation, translate
from service.printing.typeset.typesetter import Typesetter
from tests.word.letter_making import make_docx


def translated(typesetter: Typesetter, body: str, **others: object) -> Translation:
    """A template with this body, translated."""
    return translate(make_docx(body, **others), typesetter.faces)


def call_of(
    typesetter: Typesetter, body: str, fields: Mapping[str, object] | None = None, **others: object
) -> LetterCall:
    """A letter of a template with this body, which is wholly known."""
    translation = translated(typesetter, body, **others)
    assert translation.unknown == ()
    return CallWriter(translation).fill(fields or {})


def lines_of(pdf: bytes) -> list[str]:
    """The lines that one sees, from top to bottom."""
    shown = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True).stdout
    return [line.strip() for line in shown.decode().splitlines() if line.strip()]


def read_aloud(pdf: bytes, folder) -> list[str]:
    """The tags of a PDF with their text, one a line and indented, as a reader that is not ours finds them."""
    file = folder / "letter.pdf"
    file.write_bytes(pdf)
    shown = subprocess.run(["pdfinfo", "-struct-text", file], capture_output=True, check=True).stdout.decode()
    return [line for line in shown.splitlines() if not re.match(r"\s*/", line)]


def spoken(pdf: bytes, folder) -> str:
    """Everything that stands in a tag, in the order of the tags."""
    said = [re.match(r'\s*"(.*)"$', line) for line in read_aloud(pdf, folder)]
    return "".join(one[1] for one in said if one)
