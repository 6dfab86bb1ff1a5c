"""Tables as code: a function for each, called with its rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from service.printing.typeset.code import call, colour, number, points, sides, twips
from service.printing.typeset.translate.draft import Draft
from service.printing.typeset.translate.inline import holds
from service.printing.typeset.translate.list_code import list_key
from service.printing.typeset.translate.looks import SILENT, is_on, local, measure_of
from service.printing.typeset.translate.merged_cells import find_spans
from service.printing.typeset.translate.paragraph_code import keep_fixed, paragraph_body, read_tokens, write_inside
from service.printing.typeset.translate.tree import Control, Node, as_nodes, leaves
from service.word.parts import Element, w

WriteBlocks = Callable[[list[Node]], str]
ENDS: Final = {"start": "left", "end": "right"}
NOT_KNOWN: Final = {
    "tblpPr": "the table that text flows round",
    "bidiVisual": "the table from right to left",
    "tblCellSpacing": "the table with space between its cells",
    "shd": "the shaded table",
}
ROW_KNOWN: Final = ("cantSplit", "tblHeader", "trHeight", "cnfStyle", "jc")
EDGES: Final = ("top", "bottom", "left", "right")
UNSAID_MARGINS: Final = (0.0, 0.0, 108.0, 108.0)  # what Word takes where neither the table nor its style says


@dataclass(slots=True)
class TableLook:
    """What a table's style and its own properties say; lengths in twips, lines as code."""

    margins: dict[str, float] = field(default_factory=lambda: dict(zip(EDGES, UNSAID_MARGINS, strict=True)))
    lines: dict[str, tuple[float, str]] = field(default_factory=dict)
    indent: float = 0.0
    align: str = ""

    def line(self, side: str) -> str:
        """A line as a stroke, or "none"."""
        width, ink = self.lines.get(side, (0.0, ""))
        return f"{points(width)} + {ink}" if width else "none"

    def width(self, side: str) -> float:
        """How thick a line is, in points."""
        return self.lines.get(side, (0.0, ""))[0]


class TableWriter:
    """Writes one table; `write` sets the blocks of a cell, `is_layout` tables only place things."""

    def __init__(self, draft: Draft, part: str, write: WriteBlocks, is_layout: bool) -> None:
        self._draft = draft
        self._part = part
        self._blocks = write
        self._kind = "grid" if is_layout else "table"
        self._is_layout = is_layout

    def write(self, table: Element) -> str:
        """The table as markup."""
        self._look = self._read_look(table)
        styles = self._draft.styles
        named = table.find(f"{w('tblPr')}/{w('tblStyle')}")
        with styles.inside_table("" if named is None else named.get(w("val"), "")):
            return self._write(table)

    def _write(self, table: Element) -> str:
        rows = as_nodes(one for one in table if one.tag not in (w("tblPr"), w("tblGrid")))
        every = [one for node in rows for one in leaves(node) if one.tag == w("tr")]
        self._has_heights = any(_height(one) for one in every)
        self._ends = rows[:1], rows[-1:]
        self._spans = find_spans(rows)
        name = self._draft.definitions.define("t", "..rows", self._frame(table, rows, every))
        return f"#{name}({self._rows(rows)})\n"

    def _note(self, what: str, element: Element) -> None:
        self._draft.unknowns.note(what, element)

    # -- what it looks like

    def _read_look(self, table: Element) -> TableLook:
        own = table.find(w("tblPr"))
        named = None if own is None else own.find(w("tblStyle"))
        look = TableLook()
        for style in self._draft.styles.table("" if named is None else named.get(w("val"), "")):
            if style.find(w("tblStylePr")) is not None:
                self._note("the table style that formats some rows", table)
            self._lay_over(look, style.find(w("tblPr")), table)
        self._lay_over(look, own, table)
        if not self._draft.is_new_word:
            look.indent -= look.margins["left"]
        return look

    def _lay_over(self, look: TableLook, properties: Element, table: Element) -> None:
        for one in properties if properties is not None else ():
            name = local(one)
            if name in NOT_KNOWN:
                self._note(NOT_KNOWN[name], table)
            elif name == "tblCellMar":
                look.margins |= {_side(side): measure_of(side.get(w("w"))) for side in one}
            elif name == "tblBorders":
                look.lines |= {_side(side): self._line(side) for side in one}
            elif name == "tblInd":
                look.indent = measure_of(one.get(w("w")))
            elif name == "jc":
                look.align = {"center": "center", "right": "right", "end": "right"}.get(one.get(w("val")), "")

    def _line(self, side: Element) -> tuple[float, str]:
        kind = side.get(w("val"))
        if kind in ("nil", "none", None):
            return 0.0, ""
        if kind not in ("single", "thick"):
            self._note(f"the {kind} line of a table", side)
        return measure_of(side.get(w("sz"))) / 8, colour(side.get(w("color"), "auto"))

    def _columns(self, table: Element) -> list[float]:
        """The widths of the columns in points."""
        given = table.find(w("tblGrid"))
        if given is None or not len(given):
            self._note("the table without widths of columns", table)
            return [self._draft.page.text_width]
        grid = [measure_of(one.get(w("w"))) / 20 for one in given]
        width = table.find(f"{w('tblPr')}/{w('tblW')}")
        if width is None or width.get(w("type")) != "pct":
            return grid
        said = width.get(w("w"), "5000")
        share = measure_of(said.rstrip("%")) / (100 if said.endswith("%") else 5000)
        return [one * self._draft.page.text_width * share / (sum(grid) or 1) for one in grid]

    def _frame(self, table: Element, rows: Sequence[Node], every: Sequence[Element]) -> str:
        """The code of the table's function.

        LibreOffice draws a line inside the table's height: the first and the last row are higher by theirs.
        """
        look, kind = self._look, self._kind
        columns = [points(one) for one in self._columns(table)]
        widths = ", ".join([*columns, "0pt"] if self._has_heights else columns)
        stroke = f"stroke: {self._inner_lines(len(columns) - 1)}"
        code = call(kind, f"columns: ({widths},)", stroke, f"inset: {self._insets()}", self._body(_heads(rows)))
        if look.align:
            code = call("align", look.align, code)
        if not self._is_layout and all(one.find(f"{w('trPr')}/{w('cantSplit')}") is not None for one in every):
            code = f"{{ set {kind}.cell(breakable: false); {code} }}"
        return self._outer(code)

    @property
    def _above(self) -> float:
        """How much higher than others the first row is by the line above it, in points."""
        return max(self._look.width("top") - self._look.width("insideH"), 0)

    def _outer(self, code: str) -> str:
        look = self._look
        indent = 0.0 if look.align else look.indent
        lines = {side: look.line(side) for side in EDGES if look.width(side)}
        inset = f"inset: {sides(top=points(self._above), bottom=points(look.width('bottom')))}"
        code = call("block", "above: 0pt", "below: 0pt", inset, f"stroke: {sides(**lines) or 'none'}", code)
        return f"block(above: 0pt, below: 0pt, inset: (left: {twips(indent)}), {code})" if indent else code

    def _insets(self) -> str:
        return sides(**{side: points(value) for side, value in self._padding().items()})

    def _padding(self) -> dict[str, float]:
        """The space inside each cell, in points."""
        inner = {side: value / 20 for side, value in self._look.margins.items() if side in EDGES}
        return inner | {"top": inner["top"] + self._look.width("insideH")}

    def _inner_lines(self, last: int) -> str:
        across, down = self._look.line("insideH"), self._look.line("insideV")
        said = [f"top: if y == 0 {{ none }} else {{ {across} }}"] if across != "none" else []
        said += [f"left: if x == 0 {{ none }} else {{ {down} }}"] if down != "none" else []
        return f"(x, y) => if x > {last} {{ none }} else {{ ({', '.join(said)}) }}" if said else "none"

    def _body(self, heads: int) -> str:
        if not heads:
            return "..rows.pos().flatten()"
        head = f"..rows.pos().slice(0, {heads}).flatten()"
        return f"{self._kind}.header(repeat: true, {head}), ..rows.pos().slice({heads}).flatten()"

    # -- rows and cells

    def _rows(self, rows: Sequence[Node]) -> str:
        return "".join(self._row_or_control(one) for one in rows)

    def _row_or_control(self, node: Node) -> str:
        if isinstance(node, Control):
            return f"..{self._draft.control(node, lambda inner: f'({self._rows(inner)})', '()')},"
        if node.tag == w("tr"):
            return self._row(node)
        if node.tag not in SILENT:
            self._note(f'the "{local(node)}" in a table', node)
        return ""

    def _row(self, row: Element) -> str:
        properties = row.find(w("trPr"))
        for one in properties if properties is not None else ():
            if local(one) not in ROW_KNOWN and one.tag not in SILENT:
                self._note(f'the table row with "{local(one)}"', row)
        if row.find(w("tblPrEx")) is not None:
            self._note("the table row with lines of its own", row)
        cells = as_nodes(one for one in row if one.tag not in (w("trPr"), w("tblPrEx")))
        if any(isinstance(one, Control) for one in cells):
            self._note("the condition or loop around the cells of a row", row)
        own = [one for one in cells if not isinstance(one, Control) and one.tag == w("tc")]
        written = [self._cell(one) for one in own if self._spans.get(one, 1)]
        if self._has_heights:
            height = self._height(row)
            written.append(f"{self._kind}.cell(inset: 0pt, block(width: 0pt, height: {twips(height)}))")
        return f"({', '.join(written)},),"

    def _height(self, row: Element) -> float:
        height = row.find(f"{w('trPr')}/{w('trHeight')}")
        if height is not None and height.get(w("hRule")) == "exact":
            self._note("the table row of an exact height", row)
        first, last = (any(one is row for one in end) for end in self._ends)
        drawn = self._above * first + self._look.width("bottom") * last
        return max(_height(row) - drawn * 20, 0.0)

    def _cell(self, cell: Element) -> str:
        options = self._cell_options(cell)
        blocks = as_nodes(one for one in cell if one.tag != w("tcPr"))
        if len(blocks) == 1 and not isinstance(blocks[0], Control):
            alone = self._plain_cell(blocks[0], options)
            if alone:
                return alone
        code = call(f"{self._kind}.cell", *options, "EDGE + b + EDGE")
        return f"{self._draft.definitions.define('c', 'b', code)}[{self._blocks(blocks)}]"

    def _plain_cell(self, paragraph: Element, options: list[str]) -> str:
        """A cell of one paragraph, set without a block of its own, which takes half the time; "" for another."""
        if paragraph.tag != w("p") or list_key(self._draft, paragraph) is not None:
            return ""
        look, text = self._draft.looks_of(paragraph)
        if look.borders or look.shade or look.frame or look.new_page:
            return ""
        tokens = read_tokens(self._draft, paragraph, self._part)
        if holds(tokens, "tab") or holds(tokens, "page"):
            return ""
        inside = self._padding()
        more = {
            "left": look.left + min(look.first_indent, 0),
            "right": look.right,
            "top": look.before,
            "bottom": look.after,
        }
        inset = sides(**{side: points(inside[side] + more[side] / 20) for side in EDGES})
        body = paragraph_body(self._draft, look, text, paragraph, bare=True)
        code = call(f"{self._kind}.cell", *options, f"inset: {inset}", body)
        written = write_inside(self._draft, tokens, look, text, paragraph)
        return keep_fixed(self._draft, tokens, f"{self._draft.definitions.define('c', 'b', code)}[{written}]")

    def _cell_options(self, cell: Element) -> list[str]:
        options = []
        properties = cell.find(w("tcPr"))
        for one in properties if properties is not None else ():
            options.append(self._cell_option(one, cell))
        if self._spans.get(cell, 1) > 1:
            options.append(f"rowspan: {self._spans[cell]}")
        return [one for one in options if one]

    def _cell_option(self, one: Element, cell: Element) -> str:
        name, value = local(one), one.get(w("val"), "")
        if name == "gridSpan":
            return f"colspan: {number(int(measure_of(value, 1)))}"
        if name == "shd":
            fill = one.get(w("fill"), "auto")
            return f"fill: {colour(fill)}" if fill != "auto" else ""
        if name == "vAlign":
            return {"center": "align: horizon", "bottom": "align: bottom"}.get(value, "")
        if name == "tcBorders":
            lines = {_side(side): self._line(side) for side in one}
            drawn = {key: f"{points(line[0])} + {line[1]}" if line[0] else "none" for key, line in lines.items()}
            said = sides(**{key: drawn[key] for key in EDGES if key in drawn})
            return f"stroke: {said}" if said else ""
        if name == "vMerge" and cell not in self._spans:
            self._note("the cells merged downwards beside a condition or loop", cell)
        elif name not in ("tcW", "vMerge") and one.tag not in SILENT:
            self._note(f'the table cell with "{name}"', cell)
        return ""


def _side(element: Element) -> str:
    name = local(element)
    return ENDS.get(name, name)


def _height(row: Element) -> float:
    height = row.find(f"{w('trPr')}/{w('trHeight')}")
    return 0.0 if height is None else measure_of(height.get(w("val")))


def _heads(rows: Sequence[Node]) -> int:
    """How many rows at the top stand again on every page."""
    heads = 0
    for one in rows:
        flag = None if isinstance(one, Control) else one.find(f"{w('trPr')}/{w('tblHeader')}")
        if flag is None or not is_on(flag):
            break
        heads += 1
    return heads
