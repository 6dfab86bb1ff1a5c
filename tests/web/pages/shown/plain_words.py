"""Words that an attendance officer would not use, and what a page says to somebody who reads it."""

from __future__ import annotations

import re
from html import unescape

NOT_THEIRS = re.compile(
    r"""
    \b(?:JSON|API|URL|HTTPS?|HTML|SQL|XML|UTC|NUL|NaN|UTF-?\d*|Windows-\d+|tokens?|hash(?:es|ed)?|fingerprints?|null
      |payloads?|scopes?|instances?|exceptions?|cursors?|chunks?|commits?|booleans?|encod(?:ed|ing|ings)|schemas?
      |endpoints?|parse[drs]?|parsing|strings?|servers?|databases?|bytes?|debug|config\w*|parameters?|arguments?
      |regex\w*|caches?|cached|commands?|toml|True|False|undefined|webhooks?|callbacks?|timeouts?|tracebacks?
      |integers?|floats?|arrays?|directory|localhost|idempoten\w+|metadata|validation|invalid|query|purge)\b
    | \b[a-z\d]+_\w+           # a code word of ours: parent_contact
    | (?<!\w)--\w+             # an option of a command
    | (?<![\w/.])/[a-z]\w+     # a place in a request
    | \b00\d\b                 # a document by its number
    | \b(?:stage\ any|None\b(?!\ is\ due|:))
    """,
    re.VERBOSE,
)
_UNSEEN = re.compile(r"<(script|style|code)\b.*?</\1>", re.DOTALL)
"""What is no text of a page; `code` holds what is copied as it is: a key, a link."""
_ATTRIBUTES = re.compile(r'\b(?:aria-label|title|alt|placeholder|data-label)="([^"]*)"')


def text_of(html: str) -> str:
    """What a page says, to the eye or to a screen reader."""
    html = _UNSEEN.sub(" ", html)
    said = " ".join((re.sub(r"<[^>]+>", " ", html), *_ATTRIBUTES.findall(html)))
    return re.sub(r"\s+", " ", unescape(said))


def find_words(html: str) -> list[str]:
    """The words of a page that are not an officer's, each with what is around it."""
    text = text_of(html)
    return [text[max(0, found.start() - 40) : found.end() + 20] for found in NOT_THEIRS.finditer(text)]
