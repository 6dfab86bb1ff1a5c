"""The Typst source of letters: what all of them share, and the calls of their functions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from service.printing.typeset.code import quote
from service.printing.typeset.translate.translate import Translation

SETTINGS: Final = """\
  set text(hyphenate: false, kerning: false, overhang: false, dir: ltr, fallback: true, cjk-latin-spacing: none)
  set par(leading: 0pt, spacing: 0pt, justify: false, linebreaks: "simple")
  show heading: it => it.body
"""
"""What Word does and Typst would do otherwise."""

TOOLS: Final = """\
#let EDGE = block(above: 0pt, below: 0pt, height: 0pt)
#let UP(y) = context v(y - page.margin.top)
#let AT(x, y, b) = context place(top + left, dx: x - page.margin.left, dy: y - page.margin.top, b)
#let UNDER(b) = context if page.margin != auto {
  place(top + left, dy: page.margin.top, box(width: 100%, height: 0pt, b))
}
#let FRAME(w, h, b) = block(width: w, height: h + 1.01pt, breakable: false, {
  block(above: 0pt, below: 0pt, b)
  block(height: 1fr, layout(left => if left.height == 0pt { panic("FRAME-TOO-SMALL") }))
})
#let ROOM(margin, edge, part, width) = {
  let letters = query(<L>)
  if letters.len() == 0 or part not in letters.first().value { return margin }
  calc.max(margin, edge + measure(block(width: width, (letters.first().value.at(part))("1", "1"))).height)
}
#let TABS(start, every, stops, ..pieces) = context {
  let x = start
  let out = ()
  for (i, piece) in pieces.pos().enumerate() {
    let w = measure(piece).width
    if i > 0 {
      let free = stops.sorted(key: s => s.at(0)).filter(s => s.at(0) > x + 0.01pt)
      let stop = if free.len() > 0 { free.first() } else { ((calc.floor(x / every + 0.001) + 1) * every, "left") }
      let to = stop.at(0) - (if stop.at(1) == "right" { w } else if stop.at(1) == "center" { w / 2 } else { 0pt })
      if to > x { out.push(h(to - x)); x = to }
    }
    out.push(piece)
    x += w
  }
  out.join()
}
"""
"""EDGE lets the space before a first paragraph count. A block as high as its FRAME would print what does not fit over
itself: it asks what height is left behind the words, which takes less time than to measure them, or to look on the
finished page where they end."""

TOGETHER: Final = """\
#let START(marks) = [#metadata(marks)<L>]
#let END(marks) = [#metadata(none)<E>]
#let WHICH() = {
  let starts = query(<L>)
  if starts.len() == 0 { return none }
  let p = here().page()
  let low = 0
  let high = starts.len()
  while low + 1 < high {
    let middle = calc.quo(low + high, 2)
    if starts.at(middle).location().page() <= p { low = middle } else { high = middle }
  }
  let first = starts.at(low).location().page()
  let last = query(<E>).at(low).location().page()
  if p > last { return none }
  (p - first + 1, last - first + 1, starts.at(low).value)
}
#let FOOTER = context { let w = WHICH(); if w != none { (w.at(2).foot)(str(w.at(0)), str(w.at(1))) } }
#let HEADER = context if here().page() > 1 {
  let w = WHICH()
  if w != none and w.at(0) > 1 and "head" in w.at(2) { (w.at(2).head)(str(w.at(0)), str(w.at(1))) }
}
#let PG = context { let w = WHICH(); if w == none { "1" } else { str(w.at(0)) } }
#let NP = context { let w = WHICH(); if w == none { "1" } else { str(w.at(1)) } }
"""
"""Each letter's head and foot are found by its mark <L>, because nothing that differs from letter to letter may be in a
rule: what Typst remembers depends on the rules in force. The first page of all has no HEADER, and asks nothing."""

ALONE: Final = """\
#let START(marks) = none
#let END(marks) = place(
  bottom + left, dy: marks.margin, pdf.artifact(kind: "footer", block(width: 100%, (marks.foot)("1", "1")))
)
#let FOOTER = none
#let PG = "1"
#let NP = "1"
"""
"""The same for a letter that is taken to have one page: its foot is in the text, and nothing asks for a page's number.
When something does, Typst lays out everything again, because the first time no page has a number yet."""

STARTS: Final = """\
#context {
  let starts = query(<L>).map(one => str(one.location().page()))
  set document(keywords: (..starts, str(query(<E>).last().location().page())))
  metadata(none)
}
"""
"""Tells in the PDF's keywords on which pages letters start, and on which the last one ends."""


ACROSS: Final = """\
#set page(foreground: pdf.artifact(rotate(-45deg, text(size: 160pt, weight: "bold", fill: luma(80%, 50%), WORDS))))
"""
"""An artifact is not read aloud: the words would stand after every page, in the middle of a sentence."""


def library(translations: Sequence[Translation], *, is_tagged: bool, is_alone: bool = False) -> str:
    """What all letters of these templates, which share page and base, stand on; `is_alone`: one letter of one page.

    Untagged text is set without paragraphs around it, which takes less time.
    """
    lines: dict[str, str] = {}
    for one in translations:
        lines |= one.definitions
    paragraph = f"#let PAR(b) = {'par(b)' if is_tagged else 'b'}\n"
    definitions = paragraph + "\n".join(lines.values())
    page = f"  set page({translations[0].page})\n  body\n"
    if translations[0].is_measured:
        page = f"  context {{ set page({translations[0].page}); body }}\n"
    base = f"  set text({translations[0].base})\n"
    return f"{TOOLS}{ALONE if is_alone else TOGETHER}{definitions}\n#let ALL(body) = {{\n{base}{SETTINGS}{page}}}\n"


def document(
    title: str, calls: Sequence[str], *, tells_starts: bool = False, new_sheets: bool = False, across: str = ""
) -> str:
    """The letters one after another; `title` is Typst code. With `new_sheets` none starts on another's back.

    Words `across` stand on each page, from corner to corner.
    """
    between = '#pagebreak(to: "odd")\n' if new_sheets else "#pagebreak()\n"
    starts = STARTS if tells_starts else ""
    named = f"#set document(title: {title})\n"
    marked = ACROSS.replace("WORDS", quote(across)) if across else ""
    return f"{named}{starts}{marked}#show: ALL\n{between.join(calls)}"
