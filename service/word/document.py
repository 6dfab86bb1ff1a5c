"""A finished document."""

from __future__ import annotations

from dataclasses import dataclass

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF = "application/pdf"
ENDINGS = {DOCX: ".docx", PDF: ".pdf"}


@dataclass(frozen=True, slots=True)
class Document:
    """A file ready to save or send: its name without a child's name in it, its media type and its bytes."""

    name: str
    media_type: str
    content: bytes
