"""A whole template: its parts read, its function written, its plan and what is not known of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from service.printing.typeset.code import points, quote
from service.printing.typeset.translate.block_code import BlockWriter
from service.printing.typeset.translate.draft import Draft
from service.printing.typeset.translate.looks import measure_of
from service.printing.typeset.translate.page_code import (
    HeadFootWriter,
    HeadsAndFeet,
    check_section,
    find_heads_and_feet,
    page_code,
    read_page,
)
from service.printing.typeset.translate.plan import Entry, Plan
from service.printing.typeset.translate.text_code import text_settings
from service.printing.typeset.translate.tree import Found, read_part, split_words
from service.printing.typeset.typefaces import Typefaces
from service.word.package import Package
from service.word.parts import DOCUMENT, Element, list_parts, parse, w

CORE: Final = "docProps/core.xml"
DUBLIN: Final = "{http://purl.org/dc/elements/1.1/}"
READ: Final = ("letter", "header", "footer")
MOST_PARAGRAPHS: Final = 5_000  # a letter has a hundred; each is looked at more than once
NOTES: Final = {"footnotes": "the footnotes", "endnotes": "the endnotes"}


@dataclass(frozen=True, slots=True)
class Translation:
    """A template as Typst code.

    `definitions` are functions by name, shared by all that look alike; `function` is the letter's own, called with what
    `entries` says; `title` is code that is handed what `title_entries` says. Letters of one `page` and `base` can stand
    in one document. With something `unknown` the rest is not to be used.
    """

    definitions: dict[str, str]
    page: str
    base: str
    function: str
    entries: tuple[Entry, ...]
    title: str
    title_entries: tuple[Entry, ...]
    pictures: dict[str, bytes]
    fonts: tuple[str, ...]
    unknown: tuple[str, ...]
    is_filled: bool = False
    """Whether it holds one letter's own words, and no tags."""

    @property
    def key(self) -> str:
        """What is equal for translations that have the same code."""
        return f"{self.function} {self.page} {self.base}"

    @property
    def is_measured(self) -> bool:
        """Whether its margins are known only once a letter's head and foot have been measured."""
        return "ROOM(" in self.page

    @property
    def together(self) -> str:
        """What is equal for letters that are best set together; filled ones have nothing else in common."""
        return f"{self.page} {self.base}" if self.is_filled else self.key


def translate(docx: bytes, faces: Typefaces, *, is_filled: bool = False) -> Translation:
    """The template in the bytes of a DOCX that has been opened as a letter template already, or a letter made of one.

    Braces in a letter are its words: nothing in it is read as a tag.
    """
    package = Package.open(docx)
    parts = list_parts(package)
    content = {part.name: part.content for part in parts}
    content |= {name: package.read(name) for name in package.names if name.startswith("word/media/")}
    trees = {part.name: read_part(part, is_filled=is_filled) for part in parts if part.kind in READ}
    draft = Draft(content, faces, is_filled)
    for part in parts:
        if part.kind in NOTES and any(True for _ in parse(part.content).iter(w("t"))):
            draft.unknowns.note(NOTES[part.kind])
    if reason := _why_not_looked_at(trees[DOCUMENT]):
        return Translation({}, "", "", "", (), '""', (), {}, (), (reason,), is_filled)
    return _Letter(draft, trees).translate()


def _why_not_looked_at(document: Element) -> str:
    """What of a document makes it no letter that is worth looking at further; LibreOffice may still print it."""
    if document.find(w("body")) is None:
        return "the text outside the document's body"
    paragraphs = sum(1 for _ in document.iter(w("p")))
    return f"the text of more than {MOST_PARAGRAPHS:,} paragraphs" if paragraphs > MOST_PARAGRAPHS else ""


class _Letter:
    def __init__(self, draft: Draft, trees: dict[str, Element]) -> None:
        self._draft = draft
        self._trees = trees
        self._margins = HeadFootWriter(draft, trees)

    def translate(self) -> Translation:
        draft = self._draft
        body = self._trees[DOCUMENT].find(w("body"))
        section: Any = body.find(w("sectPr"))
        if section is None:
            section = body.makeelement(w("sectPr"))
        draft.page = read_page(section)
        check_section(draft, section)
        heads = find_heads_and_feet(draft, section, self._trees)
        foot = max(self._margins.height_of(one) for one in (heads.first_foot, heads.foot))
        is_high = foot > draft.page.bottom - draft.page.footer
        draft.is_measured = bool(heads.head) or is_high
        function = draft.definitions.define("F", "d", f"[{self._write(body, heads)}]")
        entries = tuple(draft.plan.entries)
        title, title_entries = self._title()
        return Translation(
            definitions=draft.definitions.lines,
            page=page_code(draft.page, bool(heads.head), is_high),
            base=", ".join(text_settings(draft, draft.styles.base.text, draft.base, None)),
            function=function,
            entries=entries,
            title=title,
            title_entries=title_entries,
            pictures=draft.pictures,
            fonts=tuple(draft.fonts),
            unknown=draft.unknowns.sentences,
            is_filled=draft.is_filled,
        )

    def _write(self, body: Element, heads: HeadsAndFeet) -> str:
        """The letter: what its pages show at head and foot, what stands at a place, and its text."""
        first_head = self._margins.first_head(heads.first_head)
        writer = BlockWriter(self._draft, DOCUMENT)
        text = writer.write_all(body)
        self._check_frames(writer.frames, heads.first_head)
        head, foot = self._margins.head(heads.head), self._margins.foot(heads)
        says = f"margin: {points(self._draft.page.bottom)}, foot: {foot}" + (f", head: {head}" if head else "")
        placed = "".join(self._draft.placed)
        below = self._draft.is_measured and not heads.first_head
        start = f"#{self._draft.down_to(self._draft.page.top)}\n" if below else ""
        return f"#let marks = ({says})\n#START(marks){placed}{start}{first_head}{text}#END(marks)"

    def _check_frames(self, frames: list[float], head: str) -> None:
        """Text would have to flow round a frame that stands lower than the text begins."""
        begins = self._draft.page.top
        if head:
            rows = self._trees[head].iter(w("trHeight"))
            begins = max(begins, self._draft.page.header + sum(measure_of(one.get(w("val"))) / 20 for one in rows))
        if any(end > begins + 1 for end in frames):
            self._draft.unknowns.note("the frame beside the text")

    def _title(self) -> tuple[str, tuple[Entry, ...]]:
        """The title as code, and the words in it."""
        core = self._draft.parts.get(CORE)
        said = "" if core is None else parse(core).findtext(f"{DUBLIN}title") or ""
        plan = Plan()
        pieces = []
        for piece in [said] if self._draft.is_filled else split_words(said):
            if isinstance(piece, str):
                pieces.append(quote(self._draft.plain(piece)))
            else:
                pieces.append(self._title_hole(piece, plan))
        return " + ".join(pieces) or '""', tuple(plan.entries)

    def _title_hole(self, hole: Found, plan: Plan) -> str:
        if not hole.is_value:
            self._draft.unknowns.note("the condition in the title")
        return plan.word(hole.tag)
