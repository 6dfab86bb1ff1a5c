"""Pages of many PDFs put into one file, written as they come, so that memory stays flat however many there are."""

from __future__ import annotations

import hashlib
import io
import re
from array import array
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import BinaryIO, Final

from pypdf import PdfReader, PdfWriter

from service.printing.pdf_pages import PRODUCER, keep_outward_links

HEAD: Final = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
STRING: Final = rb"\((?:\\.|[^()\\]|\((?:\\.|[^()\\])*\))*\)"
REFERENCE: Final = re.compile(rb"(?s)" + STRING + rb"|\b(\d+) 0 R\b")
TOKEN: Final = re.compile(rb"(?s)<<|>>|\[|\]|" + STRING + rb"|<[0-9A-Fa-f\s]*>|/[^\s<>\[\]()/%{}]*|[^\s<>\[\]()/%{}]+")
STREAM: Final = re.compile(rb">>\s*stream\r?\n")
KEPT: Final = (b"/MediaBox", b"/CropBox", b"/Rotate", b"/Resources", b"/Contents", b"/Annots", b"/Group")
A4: Final = b"[0 0 595.28 841.89]"
KIDS: Final = 100  # pages below one node of the tree


class PlainFile:
    """A PDF whose objects stand one after another, as Typst and pypdf write it."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        start = int(content[content.rindex(b"startxref") + 9 :].split(None, 1)[0])
        head = re.match(rb"xref\s+0 (\d+)\s+", content[start : start + 40])
        if head is None:
            raise ValueError("no plain table of objects")
        table = start + head.end()
        rows = [content[table + 20 * n : table + 20 * n + 18] for n in range(int(head[1]))]
        places = {n: int(row[:10]) for n, row in enumerate(rows) if row[17:18] == b"n"}
        ends = dict(pairwise([*sorted(places.values()), start]))
        self._spans = {n: (place, ends[place]) for n, place in places.items()}
        self._trailer = content[table + 20 * len(rows) :]

    def object(self, number: int) -> bytes:
        """What an object holds, without its first and last words."""
        first, end = self._spans[number]
        begins = self.content.index(b"obj", first, end) + 3
        return self.content[begins : self.content.rindex(b"endobj", begins, end)].strip()

    def pages(self) -> Iterator[bytes]:
        """The dictionaries of the pages, in order."""
        root = split_dictionary(self.object(_number(split_dictionary(self._trailer[7:].strip())[b"/Root"])))
        yield from self._below(_number(root[b"/Pages"]))

    def _below(self, number: int) -> Iterator[bytes]:
        node = self.object(number)
        said = split_dictionary(node)
        if b"/Kids" not in said:
            yield node
            return
        for kid in re.findall(rb"(\d+) 0 R", said[b"/Kids"]):
            yield from self._below(int(kid))


def make_plain(content: bytes) -> bytes:
    """Any PDF's pages as a file whose objects stand one after another."""
    writer = PdfWriter()
    for page in PdfReader(io.BytesIO(content)).pages:
        keep_outward_links(page)
        writer.add_page(page)
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def split_dictionary(source: bytes) -> dict[bytes, bytes]:
    """A dictionary's own keys, and what stands behind each."""
    said: dict[bytes, bytes] = {}
    depth, key, begins = 0, b"", 0
    for token in TOKEN.finditer(source):
        word = token[0]
        if word in (b">>", b"]"):
            depth -= 1
        if depth <= 1 and key and (word.startswith(b"/") or depth == 0) and begins < token.start():
            said[key], key = source[begins : token.start()].strip(), b""
            if depth == 0:
                break
        if depth == 1 and word.startswith(b"/") and not key:
            key, begins = word, token.end()
        if word in (b"<<", b"["):
            depth += 1
    return said


def _number(reference: bytes) -> int:
    return int(reference.split()[0])


class PdfBinder:
    """A PDF in the making. What many pages share, such as a font, is in it once."""

    def __init__(self, target: BinaryIO) -> None:
        self._target = target
        self._places = array("Q", [0, 0])  # where each object begins, by its number; 1 is the root of the tree
        self._known: dict[bytes, int] = {}
        self._pages: list[bytes] = []
        self._at = 0
        self._write(HEAD)

    def add(self, content: bytes) -> range:
        """Take in all pages of a PDF that stands plainly; what comes back are their numbers, for `finish`."""
        file = PlainFile(content)
        copied: dict[int, int] = {}
        first = len(self._pages)
        for page in file.pages():
            said = split_dictionary(page)
            kept = b"".join(key + b" " + said[key] for key in KEPT if key in said)
            self._pages.append(self._renumber(kept, file, copied))
        return range(first, len(self._pages))

    def add_blank(self) -> int:
        """Take in an empty page."""
        self._pages.append(b"/MediaBox " + A4 + b"/Resources<<>>")
        return len(self._pages) - 1

    def finish(self, order: Sequence[int], title: str) -> None:
        """Write the tree of pages, in this order, and end the file."""
        nodes = [self._write_node(order[at : at + KIDS]) for at in range(0, len(order), KIDS)]
        kids = b" ".join(b"%d 0 R" % node for node in nodes)
        self._write_object(1, b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(order), kids))
        root = self._new(b"<</Type/Catalog/Pages 1 0 R>>")
        information = self._new(b"<</Title %s/Producer(%s)>>" % (_text(title), PRODUCER.encode()))
        table = self._at
        rows = (b"%010d 00000 n \n" % place for place in self._places[1:])
        self._write(b"xref\n0 %d\n0000000000 65535 f \n" % len(self._places))
        for row in rows:
            self._write(row)
        ends = b"trailer\n<</Size %d/Root %d 0 R/Info %d 0 R>>\nstartxref\n%d\n%%%%EOF\n"
        self._write(ends % (len(self._places), root, information, table))

    def _write_node(self, pages: Sequence[int]) -> int:
        node = self._reserve()
        kids = [self._new(b"<</Type/Page/Parent %d 0 R%s>>" % (node, self._pages[page])) for page in pages]
        said = b" ".join(b"%d 0 R" % kid for kid in kids)
        self._write_object(node, b"<</Type/Pages/Parent 1 0 R/Count %d/Kids[%s]>>" % (len(kids), said))
        return node

    def _renumber(self, source: bytes, file: PlainFile, copied: dict[int, int]) -> bytes:
        """The same words, pointing at copies of what they pointed at."""

        def replace(found: re.Match[bytes]) -> bytes:
            if found[1] is None:
                return found[0]
            return b"%d 0 R" % self._copy(int(found[1]), file, copied)

        return REFERENCE.sub(replace, source)

    def _copy(self, number: int, file: PlainFile, copied: dict[int, int]) -> int:
        if number not in copied:
            copied[number] = 0  # something that points back at it points at nothing
            source = file.object(number)
            stream = STREAM.search(source)
            words = source[: stream.start()] if stream else source
            new = self._renumber(words, file, copied) + (source[stream.start() :] if stream else b"")
            key = hashlib.blake2b(new, digest_size=12).digest()
            if key not in self._known:
                self._known[key] = self._new(new)
            copied[number] = self._known[key]
        return copied[number]

    def _reserve(self) -> int:
        self._places.append(0)
        return len(self._places) - 1

    def _new(self, content: bytes) -> int:
        number = self._reserve()
        self._write_object(number, content)
        return number

    def _write_object(self, number: int, content: bytes) -> None:
        self._places[number] = self._at
        self._write(b"%d 0 obj\n%s\nendobj\n" % (number, content))

    def _write(self, content: bytes) -> None:
        self._target.write(content)
        self._at += len(content)


def _text(words: str) -> bytes:
    """A text as PDF writes it down: UTF-16 in hexadecimal, which nothing in it can end."""
    return b"<FEFF" + words.encode("utf-16-be", "replace").hex().encode() + b">"
