"""The shared texts of a workbook, read as a stream: none longer than a cell may be, and only so many."""

from __future__ import annotations

from typing import IO
from xml.parsers import expat

from service.cohort.text_file import LONGEST_CELL
from service.cohort.workbook.xml_stream import feed

MOST_TEXTS = 2_000_000
LONGEST_TEXT = 1_000_000
MOST_CHARACTERS = 40_000_000


class _Texts:
    """Takes the events of the parser and keeps the texts, without the sounds of East Asian writing."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.pieces: list[str] = []
        self.length = self.total = self.sounds = 0
        self.is_taken = False

    def start(self, tag: str, _attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if name == "si":
            self.pieces, self.length = [], 0
        elif name == "rPh":
            self.sounds += 1
        self.is_taken = name == "t" and not self.sounds

    def text(self, text: str) -> None:
        if not self.is_taken:
            return
        self.length += len(text)
        self.total += len(text)
        if self.length > LONGEST_TEXT or self.total > MOST_CHARACTERS:
            raise ValueError
        if self.length <= LONGEST_CELL + len(text):  # one too long stays too long, and is told where it is used
            self.pieces.append(text)

    def end(self, tag: str) -> None:
        name = tag.rpartition(":")[2]
        self.is_taken = False
        if name == "rPh":
            self.sounds -= 1
        elif name == "si":
            self.texts.append("".join(self.pieces)[: LONGEST_CELL + 1])
        if len(self.texts) > MOST_TEXTS:
            raise ValueError


def read_shared_texts(part: IO[bytes]) -> list[str]:
    """The texts in order; one that is longer than a cell may be is cut behind that length.

    Raises ValueError where there is more text than a school's workbook has, or where the XML is broken.
    """
    texts, parser = _Texts(), expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = texts.start, texts.end
    parser.CharacterDataHandler = texts.text
    try:
        for _ in feed(parser, part):
            pass
    except expat.ExpatError as error:
        raise ValueError from error
    return texts.texts
