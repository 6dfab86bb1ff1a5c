"""What a Word document points at: other files of the package, and things outside it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from lxml import etree

from service.errors import Problem
from service.word.parts import Part

ACTIVE_RELATIONSHIPS: Final = {
    "vbaProject",
    "oleObject",
    "package",
    "control",
    "activeXControlBinary",
    "aFChunk",
    "subDocument",
    "frame",
    "attachedToolbars",
    "keyMapCustomizations",
}
SAFE_LINKS: Final = ("http://", "https://", "mailto:", "tel:", "#")
ADVICE: Final = {
    "attachedTemplate": "attach the Normal template instead (File, Options, Add-ins, Templates)",
    "image": "put the picture itself into the letter (Insert, Pictures)",
}
ONLY_LINKS: Final = "only links to web pages, e-mail addresses and telephone numbers are allowed"
_OUTSIDE: Final = re.compile(r"[a-z][a-z0-9+.-]*:|[\\/]{2}", re.IGNORECASE)  # file:, http:, \\server, //server
_LOCAL: Final = re.compile(r"(?:file|smb|ftp|javascript|vbscript|data|mhtml|vnd\.\S+?):|\\\\\w", re.IGNORECASE)
_FETCHED: Final = {"src"}  # attributes that load what they name


def relationship_problems(root: etree._Element) -> Iterator[Problem]:
    """Links to other files, and links whose kind brings something active into the letter."""
    for item in root.iter("{*}Relationship"):
        kind, target = item.get("Type", "").rpartition("/")[2], item.get("Target", "").strip()
        if kind in ACTIVE_RELATIONSHIPS:
            yield Problem(
                "holds-active-content",
                f"The file links to {target[:80]!r} as {kind}: macros, controls and embedded files are not allowed.",
            )
        elif _is_outside(item, target) and not is_safe_link(kind, target):
            advice = ADVICE.get(kind, ONLY_LINKS)
            yield Problem("links-outside", f"The file links to {target[:80]!r} as {kind}: {advice}.")


def attribute_problems(part: Part, root: etree._Element) -> Iterator[Problem]:
    """Addresses written into an element itself, as older drawings have them."""
    found: dict[str, None] = {}
    for element in root.iter(etree.Element):
        for name, value in element.attrib.items():
            text = str(value).strip()
            is_fetched = etree.QName(name).localname in _FETCHED and _OUTSIDE.match(text)
            if is_fetched or _LOCAL.match(text):
                found[text] = None
    for text in found:
        yield Problem("links-outside", f"In {part.label} stands a link to {text[:80]!r}: {ONLY_LINKS}.")


def _is_outside(item: etree._Element, target: str) -> bool:
    """Whether a target is no part of the package, whatever the relationship says of itself."""
    return item.get("TargetMode", "").strip().lower() == "external" or _OUTSIDE.match(target) is not None


def is_safe_link(kind: str, target: str) -> bool:
    """Whether a link of this kind may stand in a letter: a page, an address, a telephone, a place in the letter."""
    return kind == "hyperlink" and target.strip().lower().startswith(SAFE_LINKS) and "{" not in target
