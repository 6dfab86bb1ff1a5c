"""A letter on its way to PDF: as the Word document that it is, and as the template and words that it was made of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from service.word.text import read_text


@dataclass(frozen=True, slots=True)
class Printable:
    """`name` is that of its Word document; `template` the document with its tags, laid out for the school.

    A letter without a template is one of which only its Word document is kept. `word` is that document, or gives it.
    """

    name: str
    word: bytes | Callable[[], bytes]
    template: bytes = b""
    fields: Mapping[str, object] = field(default_factory=dict)

    @property
    def content(self) -> bytes:
        """The Word document. Raises FillError where it has not been filled and cannot be."""
        return self.word if isinstance(self.word, bytes) else self.word()

    @property
    def words(self) -> str:
        """All the words that were filled in, or that it holds, for looking at their characters."""
        return " ".join(_all_words(self.fields.values())) if self.template else read_text(self.content)


def _all_words(values: Iterable[object]) -> Iterator[str]:
    for value in values:
        if isinstance(value, str):
            yield value
        elif isinstance(value, list):
            for item in value:
                yield from _all_words(item.values() if isinstance(item, dict) else (item,))
