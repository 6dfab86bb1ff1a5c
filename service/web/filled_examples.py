"""A letter's template filled with invented words, to look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from service.desk import Desk
from service.errors import Problem, RequestError
from service.letters.catalogue import OpenLetter
from service.word.filling.template import LetterTemplate

REFERENCE = "preview"


@dataclass(frozen=True, slots=True)
class ExampleLetter:
    """A letter that is about nobody."""

    label: str
    content: bytes
    template: bytes
    fields: Mapping[str, object]
    reference: str = REFERENCE
    numbered_recipient: str = ""


def fill_example(desk: Desk, opened: OpenLetter, given: Mapping[str, str]) -> ExampleLetter:
    """The letter with the examples of fields.toml, but for the words that are given.

    Raises RequestError for a text message, which has no pages.
    """
    template = opened.template
    if not isinstance(template, LetterTemplate):
        sentence = "This is a short message without pages. Its fields say what stands in it."
        raise RequestError("only-text", "There is only text", Problem("only-text", sentence))
    examples = {word: about["example"] for word, about in desk.catalogue.fields.items()}
    fields = {**examples, **given}
    return ExampleLetter(opened.kind.title, template.fill(fields), opened.docx, fields)
