"""Columns that nobody understood and that may matter to a letter: part of an address, or a word of warning."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from service.attendance.holding.holds import is_held
from service.attendance.holding.warning_texts import why_warned
from service.attendance.reading.records import ADDRESS_WORDS
from service.cohort.columns.columns_not_used import find_idle
from service.cohort.columns.headings import contact_column, show
from service.cohort.contacts.address_parts import PARTS_OF_AN_ADDRESS
from service.cohort.holds.warning_words import why_not_here
from service.cohort.sheet import Sheet
from service.errors import Problem

_ADDRESS = re.compile(
    r"\b(address|addr|flat|apartment|apt|street|road|post ?code|postal|town|city|county|country|village|locality|"
    r"building|premises|dwelling|po box|house (no|number|name)|zip|care of|c o|paon|saon|bfpo|suburb|hamlet|"
    r"thoroughfare|add \d)\b"
)
_PERHAPS = re.compile(
    r"((contact|parent|carer|home|mother|father)( \d)? )?(region|province|state|unit|block|floor|estate|room|site|"
    r"property|number|no|parish|borough|farm|caravan|residence|line \d|local area)( name| number| no)?"
)
"""Columns that are of an address where other columns of the table are."""
_NO_ADDRESS = re.compile(r"\b(e ?mail|web|url|ip|phone|tel|type|date|country of|birth|school|nationality)\b")
_OF_AN_ADDRESS = {*PARTS_OF_AN_ADDRESS, *ADDRESS_WORDS, "postcode"}
_PARTS = (
    (r"post ?code|postal", "postcode"),
    (r"flat|apartment|apt", "flat"),
    (r"house (no|number)", "house_number"),
    (r"building|house name|dwelling|premises", "house_name"),
    (r"street|road", "street"),
    (r"town|city", "town"),
    (r"county", "county"),
    (r"country", "country"),
    (r"(address|addr)$", "address"),
)
"""What a column is probably for, by what its heading says."""
_WARNING = re.compile(
    r"\b(court|injunctions?|restrain\w*|restrict\w*|prohibit\w*|molestation|refuge|barred|estranged|withheld|dnc|cao|"
    r"deceased|do not|don t|must not|should not|not to be|legal (order|status|notice|issue|concern)s?|"
    r"(no|never|cannot|can t|denied|refused|without) (to )?(contact\w*|correspondence|letters?|access|post|mail\w*)|"
    r"(contact|access|letters?|post) (is |are )?(not|denied|refused|stopped|forbidden)|"
    r"(occupation|arrangements?|residence|protect\w*|specific issue|contact|legal|care|supervision) orders?)\b"
)
# A heading is cut into words also where it has no spaces: CourtOrder.
_PIECES = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")


_SENT = re.compile(r"\b(letters?|warnings?|notices?|stage|panel|fpn|pn|contract)\b")
_NOT_SENT = re.compile(r"\b(key stage|language|home|template|head|code|due)\b")
_WHAT_WAS_SENT = (
    "This may say what was sent before, and it was not counted. Put it into a history: a table with UPN, on and event."
)


class HeldColumns:
    """The columns of a table that hold letters back: wherever something stands in them, or by what stands there."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        headings = sheet.headings
        unknown = {*headings.unknown, *(item.heading for item in headings.probable if not item.near.is_sure)}
        unread = unknown | set(find_idle(headings, sheet.kind))
        cells = [(place, cell.strip()) for place, cell in enumerate(headings.cells)]
        has_address = any((found := contact_column(word)) and found[1] in _OF_AN_ADDRESS for word in headings.places)
        self.columns = [(place, why) for place, cell in cells if cell in unread and (why := _why(cell, has_address))]
        held = {place for place, _ in self.columns}
        self.remarks = [(place, _words(cell)) for place, cell in cells if cell in unread and place not in held]

    def holds(self, number: int, row: Sequence[str]) -> Iterator[Problem]:
        """What in a row holds letters back."""
        width, cells = len(row), self.sheet.headings.cells
        for place, sentence in self.columns:
            if place < width and is_held(row[place]):
                yield self.sheet.problem("unread-column", sentence, number, cells[place].strip())
        for place, heading in self.remarks:
            text = row[place] if place < width else ""
            if text and (sentence := why_not_here(heading, text) or why_warned(text)):
                yield self.sheet.problem("unread-remark", sentence, number, cells[place].strip())

    def notices(self) -> Iterator[str]:
        """What a person should know about these columns, once for the table."""
        for place, _ in self.columns:
            heading = show(self.sheet.headings.cells[place].strip())
            yield f"{self.sheet.name}: letters are held back wherever column {heading} has something in it."


def _words(heading: str) -> str:
    return " ".join(_PIECES.findall(heading)).casefold()


def _why(heading: str, has_address: bool) -> str:
    words = _words(heading)
    if _SENT.search(words) and not _NOT_SENT.search(words):
        return _WHAT_WAS_SENT
    if _WARNING.search(words):
        return "Read this first: it may say that somebody must not be written to."
    is_part = _ADDRESS.search(words) and not _NO_ADDRESS.search(words)
    if is_part or (has_address and _PERHAPS.fullmatch(words)):
        part = next((part for pattern, part in _PARTS if re.search(rf"\b({pattern})\b", words)), "district")
        return (
            "This looks like part of an address, and we do not know which part. Say so in headings.toml, for example "
            f'contact_1_{part} = ["{show(heading)}"], or delete the column.'
        )
    return ""
