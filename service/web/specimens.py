"""What is made for a key that only tries says so on every page, and in its text."""

from __future__ import annotations

from dataclasses import replace

from service.printing.pdf_specimen import mark_pages
from service.web.callers import caller
from service.word.document import PDF, Document
from service.word.specimen import SENTENCE, mark_document


def mark_trial(document: Document, is_trial: bool = False) -> Document:
    """The document, with TEST across its pages when it is only tried."""
    if not (is_trial or caller().is_test):
        return document
    mark = mark_pages if document.media_type == PDF else mark_document
    return replace(document, content=mark(document.content))


def mark_trial_text(text: str) -> str:
    """A letter's text, which begins with a sentence that says so when it is only tried."""
    return f"{SENTENCE}\n\n{text}" if caller().is_test else text
