"""Everything in a body, a cell, a header or a footer as code: paragraphs, lists, frames and tables in turn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from service.printing.typeset.code import call, points
from service.printing.typeset.translate.draft import Draft
from service.printing.typeset.translate.list_code import list_key, write_list
from service.printing.typeset.translate.looks import SILENT, local, measure_of
from service.printing.typeset.translate.paragraph_code import write_paragraph
from service.printing.typeset.translate.table_code import TableWriter
from service.printing.typeset.translate.tree import Control, Node, as_nodes, leaves, shared
from service.word.parts import DOCUMENT, Element, w

FRAME_WORDS: Final = frozenset("w h hRule wrap vAnchor hAnchor x y hSpace vSpace".split())


class BlockWriter:
    """Writes the blocks of one part; `frames` are those that it has met: where they end on the page, in points."""

    def __init__(self, draft: Draft, part: str) -> None:
        self._draft = draft
        self._part = part
        self.frames: list[float] = []

    def write_all(self, container: Element) -> str:
        """Everything in a container."""
        return self.write(as_nodes(one for one in container if one.tag != w("sectPr")))

    def write(self, nodes: Sequence[Node], in_frame: bool = False) -> str:
        """Blocks in turn; paragraphs that share a frame or a list stand in it together."""
        out, at = [], 0
        while at < len(nodes):
            together, kind = self._together(nodes, at, in_frame)
            if kind == "frame":
                out.append(self._frame(nodes[at : at + together]))
            elif kind == "list":
                out.append(write_list(self._draft, nodes[at : at + together], self._part))
            else:
                out.append(self._block(nodes[at], in_frame))
            at += together
        return "".join(out)

    def _together(self, nodes: Sequence[Node], at: int, in_frame: bool) -> tuple[int, str]:
        """How many nodes from here on belong together, and in what."""
        kinds = (("frame", self._frame_key), ("list", lambda one: list_key(self._draft, one)))
        for kind, key_of in kinds[in_frame:]:
            key = shared(nodes[at], key_of)
            if key is not None:
                end = at + 1
                while end < len(nodes) and shared(nodes[end], key_of) == key:
                    end += 1
                return end - at, kind
        return 1, ""

    def _block(self, node: Node, in_frame: bool) -> str:
        if isinstance(node, Control):
            return f"#{self._draft.control(node, lambda inner: f'[{self.write(inner, in_frame)}]', 'none')}\n"
        if node.tag == w("p"):
            if not in_frame and self._frame_key(node) is not None:
                self._draft.unknowns.note("the frame beside text in a condition", node)
            return write_paragraph(self._draft, node, self._part)
        if node.tag == w("tbl"):
            return TableWriter(self._draft, self._part, self.write, self._part != DOCUMENT).write(node)
        if node.tag == w("sdt"):
            content = node.find(w("sdtContent"))
            return "" if content is None else self.write(as_nodes(content), in_frame)
        if node.tag not in SILENT:
            self._draft.unknowns.note(f'the "{local(node)}"', node)
        return ""

    def _frame_key(self, element: Element) -> tuple[tuple[str, str], ...] | None:
        if element.tag != w("p") or element.find(w("pPr")) is None:
            return None
        return self._draft.looks_of(element)[0].frame or None

    def _frame(self, nodes: Sequence[Node]) -> str:
        """Paragraphs at a place of the page."""
        first = next(leaves(nodes[0]))
        said = dict(self._frame_key(first) or ())
        page = self._draft.page
        placed = said.get("vAnchor") == "page" and said.get("hAnchor") in ("page", "margin")
        if not placed or set(said) - FRAME_WORDS or not {"w", "y"} <= set(said):
            self._draft.unknowns.note("the frame placed by the text", first)
        x = measure_of(said.get("x")) / 20 + (page.left if said.get("hAnchor") == "margin" else 0)
        y, height = measure_of(said.get("y")) / 20, measure_of(said.get("h")) / 20
        self.frames.append(y + height)
        width = points(measure_of(said.get("w")) / 20)
        block = call("block", f"width: {width}", "breakable: false", "b")
        if said.get("hRule") == "exact":
            block = call("FRAME", width, points(height), "b")
        code = self._draft.at(x, y, block)
        name = self._draft.definitions.define("f", "b", code)
        return f"#{name}[{self.write(nodes, in_frame=True)}]\n"
