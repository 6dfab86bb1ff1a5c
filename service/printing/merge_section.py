"""One letter as a section of a document of many: its marks, its page numbers, its bookmarks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from service.word.parts import Element, W, parse, serialise

NUMPAGES: Final = re.compile(r"\bNUMPAGES\b")
XML_SPACE: Final = "{http://www.w3.org/XML/1998/namespace}space"
BEFORE_TYPE: Final = ("headerReference", "footerReference", "footnotePr", "endnotePr")
BEFORE_NUMBERS: Final = (*BEFORE_TYPE, "type", "pgSz", "pgMar", "paperSrc", "pgBorders", "lnNumType")


def start_of(number: int) -> str:
    """The bookmark where the letter with this number, from 0, starts."""
    return f"letterStart{number}"


def end_of(number: int) -> str:
    """The bookmark at the last paragraph of the letter with this number, from 0."""
    return f"letterEnd{number}"


def start_at_page_one(section: Element) -> None:
    """Make the section begin on a new page that is page 1 (not on an "odd page": LibreOffice 7.4 would then print the
    letterhead on the second page too)."""
    _child(section, "pgNumType", BEFORE_NUMBERS).set(f"{W}start", "1")
    _child(section, "type", BEFORE_TYPE).set(f"{W}val", "nextPage")


def _child(section: Element, name: str, before: tuple[str, ...]) -> Element:
    """The section's child of that name, put in its place in the schema's order where it is missing."""
    child = section.find(f"{W}{name}")
    if child is None:
        child = section.makeelement(f"{W}{name}")
        section.insert(sum(str(one.tag).rpartition("}")[2] in before for one in section), child)
    return child


def mark_ends(body: Element, number: int) -> None:
    """Put the letter's two bookmarks before its first words (outside frames and tables) and behind its last.

    LibreOffice moves a mark at the very end of a section one character forward, and words that are broken there shift
    by a hair. A hidden character before the mark is what it moves over.
    """
    plain = (one for one in body.iterchildren(f"{W}p") if one.find(f"{W}pPr/{W}framePr") is None)
    first, last = next(plain), body[-2]
    last.extend([_hidden_character(last), *_bookmark(last, end_of(number), number * 2 + 1)])
    at = _after_properties(first)
    first[at:at] = _bookmark(first, start_of(number), number * 2)


def _hidden_character(near: Element) -> Element:
    run = near.makeelement(f"{W}r")
    properties = run.makeelement(f"{W}rPr")
    properties.append(run.makeelement(f"{W}vanish"))
    words = run.makeelement(f"{W}t")
    words.text = "."
    run.extend([properties, words])
    return run


def _after_properties(paragraph: Element) -> int:
    return 0 if paragraph.find(f"{W}pPr") is None else 1


def _bookmark(near: Element, name: str, key: int) -> list[Element]:
    start = near.makeelement(f"{W}bookmarkStart", {f"{W}id": str(key), f"{W}name": name})
    return [start, near.makeelement(f"{W}bookmarkEnd", {f"{W}id": str(key)})]


def rename_bookmarks(body: Element, number: int) -> None:
    """Give the letter's own bookmarks names and ids that no other letter has."""
    names, ids = {}, dict[str, int]()
    for mark in body.iter(f"{W}bookmarkStart", f"{W}bookmarkEnd"):
        mark.set(f"{W}id", str(1_000_000 + number * 1000 + ids.setdefault(mark.get(f"{W}id", ""), len(ids)) % 1000))
        if mark.get(f"{W}name"):
            names[mark.get(f"{W}name")] = f"l{number}_{mark.get(f'{W}name')}"[:40]
            mark.set(f"{W}name", names[mark.get(f"{W}name")])
    if not names:
        return
    pattern = re.compile(r"(?<!\w)(" + "|".join(map(re.escape, sorted(names, key=len, reverse=True))) + r")(?!\w)")
    for element, attribute in _instructions(body):
        _set_instruction(element, attribute, pattern.sub(lambda found: names[found[0]], _get(element, attribute)))
    for link in body.iter(f"{W}hyperlink"):
        anchor = link.get(f"{W}anchor")
        if anchor in names:
            link.set(f"{W}anchor", names[anchor])


def count_own_pages(content: bytes, number: int) -> bytes:
    """A header or footer in which "of y" means the pages of this letter."""
    if b"NUMPAGES" not in content:
        return content
    root = parse(content)
    point_to_own_pages(root, number)
    return serialise(root)


def point_to_own_pages(root: Element, number: int) -> None:
    """Let every count of pages mean those of this letter, not of the whole run."""
    for element, attribute in _instructions(root):
        instruction = _get(element, attribute)
        if NUMPAGES.search(instruction):
            _set_instruction(element, attribute, NUMPAGES.sub(f"PAGEREF {end_of(number)}", instruction))
            for beginning in _beginning_of(element):
                beginning.set(f"{W}dirty", "true")  # Word is to count, not to show what stands there now


def _instructions(root: Element) -> Iterator[tuple[Element, str]]:
    """Every field's instruction: the element, and the attribute that holds it or "" for its text."""
    yield from ((element, f"{W}instr") for element in root.iter(f"{W}fldSimple"))
    yield from ((element, "") for element in root.iter(f"{W}instrText"))


def _beginning_of(instruction: Element) -> list[Element]:
    """The element that begins the field of an instruction; none where the field is broken."""
    if instruction.tag == f"{W}fldSimple":
        return [instruction]
    return list(instruction.xpath("preceding::w:fldChar[@w:fldCharType='begin'][1]", namespaces={"w": W[1:-1]}))


def _get(element: Element, attribute: str) -> str:
    return str(element.get(attribute, "") if attribute else element.text or "")


def _set_instruction(element: Element, attribute: str, instruction: str) -> None:
    if attribute:
        element.set(attribute, instruction)
    else:
        element.text = instruction
        element.set(XML_SPACE, "preserve")


def properties_of(paragraph: Element) -> Element:
    """A paragraph's properties, made first where it has none."""
    properties = paragraph.find(f"{W}pPr")
    if properties is None:
        properties = paragraph.makeelement(f"{W}pPr")
        paragraph.insert(0, properties)
    return properties
