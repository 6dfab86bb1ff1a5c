"""Running text as code: what text(…) has to say, and the height of a line as LibreOffice lays it out."""

from __future__ import annotations

import re
from dataclasses import replace

from service.printing.typeset.code import call, colour, points, quote, twips
from service.printing.typeset.translate.draft import Draft
from service.printing.typeset.translate.looks import ParagraphLook, TextLook
from service.word.parts import Element, w


def edges(draft: Draft, text: TextLook, paragraph: ParagraphLook) -> tuple[str, str]:
    """How high a line stands above its base and how deep below; both are lengths, the depth without its sign.

    LibreOffice counts in whole twips, puts the font's gap above the line and a proportional line's extra below it.
    """
    if paragraph.rule == "exact":
        return twips(paragraph.line * 0.8), twips(paragraph.line * 0.2)
    up, down, gap = draft.faces.measures(text.font)
    whole = round((up + down + gap) * text.size * 20)
    above = round((up + gap) * text.size * 20)
    if paragraph.rule == "atLeast":
        return twips(max(above, paragraph.line - (whole - above))), twips(whole - above)
    share = int(paragraph.line * 100 / 240)
    total = whole * share // 100
    if share >= 100:
        return twips(above), twips(total - above)
    return twips(above - (whole - total)), twips(whole - above)


def text_settings(
    draft: Draft,
    text: TextLook,
    paragraph: ParagraphLook,
    below: tuple[TextLook, ParagraphLook] | None,
    place: Element = None,
) -> list[str]:
    """What text(…) says where it differs from the text and paragraph `below`; everything when there is none."""
    said = _said(draft, text, paragraph, place)
    before = _said(draft, *below, None) if below else {}
    return [f"{name}: {value}" for name, value in said.items() if before.get(name) != value]


def _said(draft: Draft, text: TextLook, paragraph: ParagraphLook, place: Element) -> dict[str, str]:
    if place is not None and not draft.faces.has(text.font):
        draft.unknowns.note(f'the font "{text.font}"', place)
    draft.fonts[text.font] = None
    above, below = edges(draft, text, paragraph)
    language, _, region = text.language.partition("-")
    chain = ", ".join(quote(family) for family in draft.faces.chain(text.font))
    return {
        "font": f"({chain},)",
        "size": points(text.size),
        "weight": '"bold"' if text.bold else '"regular"',
        "style": '"italic"' if text.italic else '"normal"',
        "fill": colour(text.colour),
        "tracking": twips(text.tracking),
        "kerning": "true" if text.is_kerned else "false",
        "lang": quote(language.lower() if re.fullmatch("[A-Za-z]{2,3}", language) else "en"),
        "region": quote(region.upper()) if re.fullmatch("[A-Za-z]{2}", region) else "none",
        "top-edge": above,
        "bottom-edge": f"-{below}",
    }


def run_function(draft: Draft, text: TextLook, around: TextLook, paragraph: ParagraphLook, place: Element) -> str:
    """The name of the function for text that looks other than its paragraph's, or nothing."""
    settings = text_settings(draft, text, paragraph, (around, paragraph), place)
    body = "upper(b)" if text.capitals else "b"
    if settings:
        body = call("text", *settings, body)
    if text.raised in ("superscript", "subscript"):
        body = call("super" if text.raised == "superscript" else "sub", "typographic: false", body)
    if text.underline:
        body = call("underline", body)
    if text.strike:
        body = call("strike", body)
    return "" if body == "b" else draft.definitions.define("r", "b", body)


def strut(draft: Draft, text: TextLook, paragraph: ParagraphLook, element: Element) -> str:
    """What an empty paragraph holds: nothing, as high as a line of its mark."""
    mark = element.find(f"{w('pPr')}/{w('rPr')}")
    if mark is not None:
        text = with_mark(draft, text, mark)
    above, below = edges(draft, text, paragraph)
    code = f"box(width: 0pt, height: {above} + {below}, baseline: {below})"
    return f"#{draft.definitions.define('s', '', code)}()"


def with_mark(draft: Draft, text: TextLook, properties: Element) -> TextLook:
    """A text look with the properties of a run or a paragraph's mark laid over it."""
    style = properties.find(w("rStyle"))
    given = {} if style is None else draft.styles.text(style.get(w("val"), ""))
    return replace(text, **given | draft.reader.text(properties))
