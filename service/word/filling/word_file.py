"""A letter's Word document, which is filled when somebody first asks for it: a PDF is set without it."""

from __future__ import annotations

from collections.abc import Mapping

from service.word.filling.template import LetterTemplate


class WordFile:
    """One letter of a template, with its words."""

    def __init__(self, template: LetterTemplate, fields: Mapping[str, object]) -> None:
        self._template, self._fields = template, fields
        self._content = b""

    def fill(self) -> bytes:
        """The bytes of the DOCX, filled once. Raises FillError with every word that is missing or unusable."""
        self._content = self._content or self._template.fill(self._fields)
        return self._content
