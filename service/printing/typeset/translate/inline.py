"""The inside of a paragraph: its runs, words, tabs, breaks, links and page numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from service.printing.typeset.code import quote
from service.printing.typeset.translate.draft import Draft
from service.printing.typeset.translate.looks import SILENT, ParagraphLook, TextLook, local
from service.printing.typeset.translate.pictures import Pictures
from service.printing.typeset.translate.plan import Hole
from service.printing.typeset.translate.text_code import run_function, with_mark
from service.printing.typeset.translate.tree import Control, is_tag, is_value, keyword
from service.word.parts import Element, R, w

COUNTS: Final = {"PAGE": "PG", "NUMPAGES": "NP"}
PRESERVE: Final = "{http://www.w3.org/XML/1998/namespace}space"
CHARACTERS: Final = {w("noBreakHyphen"): "\N{NON-BREAKING HYPHEN}", w("softHyphen"): "\N{SOFT HYPHEN}"}
INSIDE: Final = (w("smartTag"), w("sdtContent"), w("customXml"), w("sdt"))
CHANGES: Final = (w("ins"), w("del"), w("moveFrom"), w("moveTo"))


@dataclass(frozen=True, slots=True)
class Words:
    """Text of one look: its words and holes in turn, and the function that it is written by ("" for none)."""

    pieces: tuple[str | Hole, ...]
    function: str = ""


@dataclass(frozen=True, slots=True)
class Code:
    """Finished markup; `shows` when there is something to see of it."""

    text: str
    shows: bool = True


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag of a condition or loop."""

    tag: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A tab or a break, which is no text."""

    kind: Literal["tab", "line", "page"]


Token = Words | Code | Tag | Mark | Control


class InlineReader:
    """Reads the runs of one paragraph into tokens."""

    def __init__(self, draft: Draft, part: str, paragraph: ParagraphLook, text: TextLook) -> None:
        self._draft = draft
        self._part = part
        self._paragraph = paragraph
        self._text = text
        self._fields: list[list[str]] = []  # open fields: what each says, and "shown" once its result begins
        self.tokens: list[Token] = []

    def read(self, container: Element) -> list[Token]:
        """The tokens of everything in a paragraph, its conditions and loops as trees."""
        self._walk(container)
        return nest(self.tokens)

    def _walk(self, container: Element) -> None:
        for one in container:
            if is_tag(one):
                self._add_tag(one.text, "")
            elif one.tag == w("r"):
                self._run(one)
            elif one.tag == w("fldSimple"):
                self._simple_field(one)
            elif one.tag == w("hyperlink"):
                self._link(one)
            elif one.tag in INSIDE:
                self._walk(one)
            elif one.tag in CHANGES:
                self._draft.unknowns.note("the tracked change", one)
            elif one.tag != w("pPr") and one.tag not in SILENT:
                self._draft.unknowns.note(f'the "{local(one)}"', one)

    def _add_tag(self, tag: str, function: str) -> None:
        self.tokens.append(Words((Hole(tag),), function) if is_value(tag) else Tag(tag))

    def _link(self, element: Element) -> None:
        to = self._draft.relationship(self._part, element.get(f"{R}id", ""))
        if to is None or not to.external or "{{" in to.target:
            self._walk(element)
            return
        self.tokens.append(Code(f"#link({quote(to.target)})[", shows=False))
        self._walk(element)
        self.tokens.append(Code("]", shows=False))

    def _run(self, run: Element) -> None:
        properties = run.find(w("rPr"))
        text = self._text if properties is None else with_mark(self._draft, self._text, properties)
        if text.hidden:
            return
        function = run_function(self._draft, text, self._text, self._paragraph, run)
        self._check_drawn(run, text)
        for one in run:
            if is_tag(one):
                self._add_tag(one.text, function)
            elif one.tag == w("t"):
                self._add_text(one, function)
            elif one.tag != w("rPr") and one.tag not in SILENT:
                self._add_mark(one, function)

    def _add_text(self, element: Element, function: str) -> None:
        if self._fields and self._fields[-1][1]:
            return  # the result of a field that is written anew
        pieces: list[str | Hole] = []
        for one in _text_and_tags(self._draft, element):
            if isinstance(one, Tag):
                self._close(pieces, function)
                self.tokens.append(one)
            elif isinstance(one, Hole):
                pieces.append(one)
            else:
                self._add_lines(one, pieces, function)
        self._close(pieces, function)

    def _add_lines(self, text: str, pieces: list[str | Hole], function: str) -> None:
        """Words, and the lines that an office has broken inside a tag's run."""
        for place, line in enumerate(text.split("\n")):
            if place:
                self._close(pieces, function)
                self.tokens.append(Mark("line"))
            for column, words in enumerate(line.split("\t")):
                if column:
                    self._close(pieces, function)
                    self.tokens.append(Mark("tab"))
                if words:
                    pieces.append(words)

    def _check_drawn(self, element: Element, text: TextLook) -> None:
        for one in self._draft.faces.undrawable("".join(element.itertext(w("t"))), [text.font]):
            self._draft.unknowns.note(f"the character {one}", element)

    def _close(self, pieces: list[str | Hole], function: str) -> None:
        if pieces:
            self.tokens.append(Words(tuple(pieces), function))
            pieces.clear()

    def _add_mark(self, one: Element, function: str) -> None:
        if one.tag == w("tab"):
            self.tokens.append(Mark("tab"))
        elif one.tag in (w("br"), w("cr")):
            self._add_break(one)
        elif one.tag in CHARACTERS:
            self.tokens.append(Words((CHARACTERS[one.tag],), function))
        elif one.tag == w("fldChar"):
            self._field_character(one, function)
        elif one.tag == w("instrText"):
            if self._fields:
                self._fields[-1][0] += one.text or ""
        elif one.tag == w("drawing"):
            self._draw(one)
        elif local(one) == "AlternateContent":
            self._draft.unknowns.note("the text box or shape", one)
        else:
            self._draft.unknowns.note(f'the "{local(one)}"', one)

    def _add_break(self, one: Element) -> None:
        kind = one.get(w("type"), "textWrapping")
        if kind not in ("page", "textWrapping"):
            self._draft.unknowns.note(f"the {kind} break", one)
        self.tokens.append(Mark("page" if kind == "page" else "line"))

    def _draw(self, drawing: Element) -> None:
        code = Pictures(self._draft, self._part).draw(drawing)
        if code:
            self.tokens.append(Code(code))

    def _simple_field(self, element: Element) -> None:
        first = next(element.iter(w("r")), None)
        properties = None if first is None else first.find(w("rPr"))
        text = self._text if properties is None else with_mark(self._draft, self._text, properties)
        function = run_function(self._draft, text, self._text, self._paragraph, element)
        if self._add_field(element.get(w("instr"), ""), function, element):
            self._walk(element)

    def _field_character(self, element: Element, function: str) -> None:
        kind = element.get(w("fldCharType"))
        if kind == "begin":
            self._fields.append(["", ""])
        elif kind == "separate" and self._fields:
            self._fields[-1][1] = "shown" if _word_of(self._fields[-1][0]) in COUNTS else ""
        elif kind == "end" and self._fields:
            self._add_field(self._fields.pop()[0], function, element)

    def _add_field(self, instruction: str, function: str, place: Element) -> bool:
        """Whether the field only wraps the text that Word shows."""
        word = _word_of(instruction)
        if word in COUNTS:
            self.tokens.append(Code(f"#{function}[#{COUNTS[word]}]" if function else f"#{COUNTS[word]}"))
        elif word != "HYPERLINK":
            self._draft.unknowns.note(f'the field "{word}"', place)
        return word == "HYPERLINK"


def _word_of(instruction: str) -> str:
    return (instruction.split() or [""])[0].upper()


def _text_and_tags(draft: Draft, element: Element) -> list[str | Hole | Tag]:
    """What stands in w:t, in turn."""
    text = draft.plain(element.text or "")
    if not len(element) and element.get(PRESERVE) != "preserve":
        text = text.strip(" \t\r\n")
    row: list[str | Hole | Tag] = [text]
    for one in element:
        row.append(Hole(one.text) if is_value(one.text) else Tag(one.text))
        row.append(draft.plain(one.tail or ""))
    return [one for one in row if one != ""]


def nest(tokens: Sequence[Token]) -> list[Token]:
    """Tokens with the tags of conditions and loops as trees."""
    top: list[Token] = []
    rows, opened = [top], list[Control]()
    for one in tokens:
        word = keyword(one.tag) if isinstance(one, Tag) else ""
        if isinstance(one, Tag) and word in ("if", "for"):
            opened.append(Control([(one.tag, [])]))
            rows[-1].append(opened[-1])
            rows.append(opened[-1].branches[-1][1])
        elif isinstance(one, Tag) and word in ("elif", "else"):
            opened[-1].branches.append((one.tag, []))
            rows[-1] = opened[-1].branches[-1][1]
        elif isinstance(one, Tag):
            rows.pop()
            opened.pop()
        else:
            rows[-1].append(one)
    return top


def holds(tokens: Sequence[Token], kind: str) -> bool:
    """Whether there is a tab or a break of this kind, inside a condition too."""
    for one in tokens:
        if isinstance(one, Mark) and one.kind == kind:
            return True
        if isinstance(one, Control) and any(holds(inner, kind) for _, inner in one.branches):
            return True
    return False


def always_shows(tokens: Sequence[Token]) -> bool:
    """Whether there is something to see however the words come out."""
    return any(
        (isinstance(one, Code) and one.shows)
        or (isinstance(one, Mark) and one.kind == "line")
        or (isinstance(one, Words) and any(isinstance(piece, str) for piece in one.pieces))
        for one in tokens
    )


def is_fixed(tokens: Sequence[Token]) -> bool:
    """Whether these are the same words in every letter."""
    return bool(tokens) and all(
        isinstance(one, Words) and all(isinstance(piece, str) for piece in one.pieces) for one in tokens
    )


def write_inline(draft: Draft, tokens: Sequence[Token]) -> str:
    """The tokens as markup, without any space between them."""
    return "".join(_write(draft, one) for one in tokens)


def _write(draft: Draft, one: Token) -> str:
    if isinstance(one, Code):
        return one.text
    if isinstance(one, Control):
        return "#" + draft.control(one, lambda inner: f"[{write_inline(draft, inner)}]", "none")
    if isinstance(one, Words):
        pieces = [quote(piece) if isinstance(piece, str) else draft.plan.word(piece.tag) for piece in one.pieces]
        return f"#{one.function}({' + '.join(pieces)})"
    return "#linebreak()" if isinstance(one, Mark) and one.kind == "line" else ""


def write_held(draft: Draft, words: Words) -> str:
    """A word that is all of its paragraph."""
    (hole,) = words.pieces
    return f"#{words.function}({draft.plan.word(hole.tag, held=True) if isinstance(hole, Hole) else quote(hole)})"
