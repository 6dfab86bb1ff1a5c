"""Where in the XML a tag stands, followed from one stretch of literal text to the next.

Following every branch of a template shows, once and for all, that whatever is filled in gives well-formed XML.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from service.word.filling.values import BREAK, TAB

ELEMENT = re.compile(r"<(/?)([^\s/>]+)[^>]*?(/?)>")  # lxml writes > in attributes as &gt;
LITERAL_BREAKS = re.compile(r"(<w:t(?: [^>]*)?>)([^<]*)")


class CrossingError(ValueError):
    """An element is closed that is not the innermost open one."""


@dataclass(frozen=True, slots=True)
class Position:
    """The elements open at this point, outermost first, and the start tag it stands in, if any ("<wp:docPr ")."""

    open: tuple[str, ...] = ()
    inside: str = ""

    @property
    def kind(self) -> str:
        """Where a value here would land: "attribute", "text", "run" (between runs), "plain" or "nowhere"."""
        innermost = self.open[-1] if self.open else ""
        if self.inside:
            return "attribute"
        if innermost == "w:t":
            return "text"
        if innermost in ("w:p", "w:hyperlink", "w:ins", "w:smartTag"):
            return "run"
        return "plain" if not innermost.startswith("w:") and innermost else "nowhere"


@dataclass(frozen=True, slots=True)
class Step:
    """What one stretch of literal text does: the position after it, and the elements it opened at which depth."""

    after: Position
    opened: tuple[tuple[str, int], ...]


def step_over(position: Position, text: str) -> Step:
    """The position after this text; CrossingError when it closes what is not open."""
    text = position.inside + text
    last = text.rfind("<")
    inside = ""
    if last > text.rfind(">"):
        inside = re.match(r"<[^\s/>]*", text[last:])[0] + " "  # type: ignore[index]  # it starts with "<"
        text = text[:last]
    stack, opened = list(position.open), []
    for closing, name, empty in ELEMENT.findall(text):
        if closing:
            if not stack or stack.pop() != name:
                raise CrossingError(name)
            continue
        opened.append((name, len(stack)))
        if not empty:
            stack.append(name)
    return Step(Position(tuple(stack), inside), tuple(opened))


def break_lines(text: str, starts_in_text: bool) -> str:
    """Literal text with the line breaks and tabs of its running text as Word's own (docxtpl does the same)."""

    def broken(words: str) -> str:
        return words.replace("&#10;", BREAK).replace("\t", TAB)

    head, mark, rest = text.partition("<")
    head = broken(head) if starts_in_text else head
    return head + LITERAL_BREAKS.sub(lambda found: found[1] + broken(found[2]), mark + rest)
