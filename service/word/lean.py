"""A DOCX with nothing in it that does not show on paper, so that LibreOffice reads it sooner."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from service.word.parts import (
    CONTENT_TYPES,
    Parts,
    W,
    parse,
    read_content_types,
    read_relationships,
    relationships_part,
    serialise,
    write_content_types,
    write_relationships,
)

STYLES: Final = "word/styles.xml"
UNSEEN: Final = ("docProps/thumbnail", "docProps/app", "word/webSettings", "word/glossary/", "word/people")
BOUND: Final = "customXml/"  # seen only where a content control takes its words from there
_USED_STYLE: Final = re.compile(rb'<w:(?:p|r|tbl)Style\s+w:val="([^"]+)"')
_STYLE_BY_NAME: Final = re.compile(rb"STYLEREF|<w:(?:styleLink|numStyleLink|clickAndTypeStyle|defaultTableStyle)\s")
_STYLE_POINTERS: Final = (f"{W}basedOn", f"{W}next", f"{W}link")


def lean(parts: Parts) -> Parts:
    """The same document without thumbnails, custom XML and styles that nothing uses; it is laid out the same."""
    bound = any(b"dataBinding" in content for name, content in parts.items() if name.startswith("word/"))
    unseen = UNSEEN if bound else (*UNSEEN, BOUND)
    kept = {name: content for name, content in parts.items() if not name.startswith(unseen)}
    gone = frozenset(parts) - frozenset(kept)
    if gone:
        _forget(kept, gone)
    if STYLES in kept:
        used = _used_styles(kept)
        if used is not None:
            kept[STYLES] = _keep_styles(kept[STYLES], used)
    return kept


def _forget(parts: Parts, gone: frozenset[str]) -> None:
    """Take the lost parts out of the relationships and content types."""
    owners = {relationships_part(name): name for name in (*parts, "")}
    for name in [name for name in parts if name.endswith(".rels")]:
        if name not in owners:
            continue
        before = read_relationships(parts[name], owners[name].rpartition("/")[0])
        after = [one for one in before if one.target not in gone]
        if len(after) < len(before):
            parts[name] = write_relationships(after)
    endings, names = read_content_types(parts[CONTENT_TYPES])
    if gone & names.keys():
        parts[CONTENT_TYPES] = write_content_types(endings, {n: kind for n, kind in names.items() if n not in gone})


def _used_styles(parts: Parts) -> frozenset[bytes] | None:
    """The ids of the styles that the text names, or None where styles are found in another way."""
    used: set[bytes] = set()
    for name, content in parts.items():
        if name.startswith("word/") and name.endswith(".xml") and name != STYLES:
            if _STYLE_BY_NAME.search(content):
                return None
            used.update(_USED_STYLE.findall(content))
    return frozenset(used)


@lru_cache(maxsize=64)
def _keep_styles(content: bytes, used: frozenset[bytes]) -> bytes:
    """styles.xml with the used styles, the default ones and those that they build on."""
    root = parse(content)
    styles = {style.get(f"{W}styleId", ""): style for style in root.iter(f"{W}style")}
    wanted = [key for key, style in styles.items() if style.get(f"{W}default") in ("1", "true", "on")]
    wanted += [key.decode() for key in used]
    needed: set[str] = set()
    while wanted:
        key = wanted.pop()
        if key in needed or key not in styles:
            continue
        needed.add(key)
        wanted += [child.get(f"{W}val", "") for child in styles[key] if child.tag in _STYLE_POINTERS]
    for key, style in styles.items():
        if key not in needed:
            root.remove(style)
    for latent in root.findall(f"{W}latentStyles"):
        root.remove(latent)
    return serialise(root)
