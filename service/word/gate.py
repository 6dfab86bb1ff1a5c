"""What a letter template must not hold: macros, embedded files, links to outside, field codes that fetch things."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from lxml import etree

from service.errors import Problem
from service.word.package import Package
from service.word.parts import STRICT, Part, parse_xml, w

ACTIVE_NAMES = re.compile(r"vbaProject|vbaData|/activeX/|/embeddings/|oleObject|/afchunk", re.IGNORECASE)
ACTIVE_RELATIONSHIPS = {
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
SAFE_LINKS = ("http://", "https://", "mailto:", "tel:", "#")
SAFE_FIELDS = {
    *("PAGE", "NUMPAGES", "SECTION", "SECTIONPAGES", "DATE", "TIME", "CREATEDATE", "SAVEDATE", "PRINTDATE"),
    *("TOC", "REF", "PAGEREF", "NOTEREF", "STYLEREF", "HYPERLINK", "SEQ", "SYMBOL", "TITLE", "SUBJECT", "AUTHOR"),
    *("DOCPROPERTY", "FORMTEXT", "FORMCHECKBOX", "FORMDROPDOWN"),
}


def find_unsafe_content(package: Package, parts: Sequence[Part]) -> list[Problem]:
    """Every thing in the file that could run, fetch or carry something besides the letter itself."""
    problems = [
        Problem("holds-active-content", f"The file holds {name}: macros, controls and embedded files are not allowed.")
        for name in package.names
        if ACTIVE_NAMES.search("/" + name)
    ]
    for part in parts:
        root = parse_xml(part.content)
        if part.name == "[Content_Types].xml" and re.search(rb"macroEnabled|vbaProject", part.content):
            problems.append(Problem("holds-macros", "The file holds macros: save it as a Word Document without them."))
        if part.name.lower().endswith(".rels"):
            problems += _relationship_problems(root)
        elif STRICT in part.content:
            problems.append(
                Problem(
                    "strict-open-xml", "This is a Strict Open XML Document: save it as a plain Word Document (.docx)."
                )
            )
        else:
            problems += _field_problems(part, root)
    return problems


def _relationship_problems(root: etree._Element) -> Iterator[Problem]:
    """Links to other files, and links whose kind brings something active into the letter."""
    for item in root.iter("{*}Relationship"):
        kind, target = item.get("Type", "").rpartition("/")[2], item.get("Target", "")
        if kind in ACTIVE_RELATIONSHIPS:
            yield Problem(
                "holds-active-content",
                f"The file links to {target[:80]!r} as {kind}: macros, controls and embedded files are not allowed.",
            )
        elif item.get("TargetMode", "").lower() == "external" and not _is_safe_link(kind, target):
            advice = {
                "attachedTemplate": "attach the Normal template instead (File, Options, Add-ins, Templates)",
                "image": "put the picture itself into the letter (Insert, Pictures)",
            }.get(kind, "only links to web pages, e-mail addresses and telephone numbers are allowed")
            yield Problem("links-outside", f"The file links to {target[:80]!r} as {kind}: {advice}.")


def _is_safe_link(kind: str, target: str) -> bool:
    return kind == "hyperlink" and target.lower().startswith(SAFE_LINKS) and "{" not in target


def _field_problems(part: Part, root: etree._Element) -> Iterator[Problem]:
    """Field codes outside a short list, however Word has split them over runs."""
    for code in sorted(set(_field_codes(root))):
        word = (code.split() or ["an empty code"])[0].upper()
        if word in ("MERGEFIELD", "ADDRESSBLOCK", "GREETINGLINE"):
            detail = f'Write {{{{ the_word }}}} instead of the mail-merge field "{code.strip()[:60]}" in {part.label}.'
            yield Problem("mail-merge-field", detail)
        elif word not in SAFE_FIELDS:
            detail = f'Remove the field code "{code.strip()[:60]}" from {part.label}: a letter may not use it.'
            yield Problem("field-code-not-allowed", detail)


def _field_codes(root: etree._Element) -> Iterator[str]:
    """Each field's instruction with its pieces joined; nested fields each by themselves."""
    open_codes: list[list[str]] = []
    for element in root.iter(w("fldSimple"), w("fldChar"), w("instrText")):
        kind = element.get(w("fldCharType"))
        if element.tag == w("fldSimple"):
            yield element.get(w("instr"), "")
        elif element.tag == w("instrText"):
            if open_codes:
                open_codes[-1].append(element.text or "")
            else:
                yield element.text or ""
        elif kind == "begin":
            open_codes.append([])
        elif kind == "separate" and open_codes:
            yield "".join(open_codes[-1])
            open_codes[-1] = ["\0"]  # what follows is the result, not the code
        elif kind == "end" and open_codes:
            code = "".join(open_codes.pop())
            if code != "\0":
                yield code.lstrip("\0")
    for pieces in open_codes:
        yield "".join(pieces).lstrip("\0")
