"""A letter on its way to PDF: as the Word document that it is, and as the template and words that it was made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Printable:
    """`name` is that of its Word document; `template` the document with its tags, laid out for the school."""

    name: str
    content: bytes
    template: bytes = b""
    fields: Mapping[str, object] = field(default_factory=dict)
    words: str = ""
    """All the words that were filled in, for looking at their characters."""
