"""The field codes of a Word document, and which of them a letter may use."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from lxml import etree

from service.errors import Problem
from service.word.links import is_safe_link
from service.word.parts import Part, w

SAFE_FIELDS: Final = {
    *("PAGE", "NUMPAGES", "SECTION", "SECTIONPAGES", "DATE", "TIME", "CREATEDATE", "SAVEDATE", "PRINTDATE"),
    *("TOC", "REF", "PAGEREF", "NOTEREF", "STYLEREF", "HYPERLINK", "SEQ", "SYMBOL", "TITLE", "SUBJECT", "AUTHOR"),
    *("DOCPROPERTY", "FORMTEXT", "FORMCHECKBOX", "FORMDROPDOWN"),
}
MAIL_MERGE: Final = ("MERGEFIELD", "ADDRESSBLOCK", "GREETINGLINE")
_ARGUMENT: Final = re.compile(r'(\\\w+)\s*|"([^"]*)"\s*|(\S+)\s*')


def field_problems(part: Part, root: etree._Element) -> Iterator[Problem]:
    """Field codes outside a short list, however Word has split them over runs."""
    for code in sorted(set(_field_codes(root))):
        word = (code.split() or ["an empty code"])[0].upper()
        shown = code.strip()[:60]
        if word in MAIL_MERGE:
            detail = f'Write {{{{ the_word }}}} instead of the mail-merge field "{shown}" in {part.label}.'
            yield Problem("mail-merge-field", detail)
        elif word not in SAFE_FIELDS or (word == "HYPERLINK" and not _is_safe_hyperlink(code)):
            detail = f'Remove the field code "{shown}" from {part.label}: a letter may not use it.'
            yield Problem("field-code-not-allowed", detail)


def _is_safe_hyperlink(code: str) -> bool:
    """Whether everything that a HYPERLINK names is a place in the letter, a page, an address or a telephone."""
    words = [(option, quoted or plain) for option, quoted, plain in _ARGUMENT.findall(code.strip())[1:]]
    targets, before = [], ""
    for option, word in words:
        if word and before.lower() not in ("\\l", "\\o", "\\t"):  # a bookmark, a tip and a window's name fetch nothing
            targets.append(word)
        before = option
    return all(is_safe_link("hyperlink", target) for target in targets)


def _field_codes(root: etree._Element) -> Iterator[str]:
    """Each field's instruction with its pieces joined; nested fields each by themselves."""
    open_codes: list[list[str]] = []
    for element in root.iter(w("fldSimple"), w("fldChar"), w("instrText"), w("delInstrText")):
        kind = element.get(w("fldCharType"))
        if element.tag == w("fldSimple"):
            yield element.get(w("instr"), "")
        elif element.tag in (w("instrText"), w("delInstrText")):
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
