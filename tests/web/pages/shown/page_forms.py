"""The forms of a page, read from its HTML, and what somebody sends who fills in nothing, or nonsense."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from io import BytesIO
from typing import Any

VARIANTS = ("nothing", "nonsense")
_NO_TEXT = ("hidden", "submit", "button", "image", "reset")


@dataclass(frozen=True, slots=True)
class Field:
    """A field: its name, what kind of field it is, and what it holds."""

    name: str
    kind: str
    value: str


@dataclass(slots=True)
class Form:
    """A form that is posted: its address, its fields, and its buttons with the addresses that they post to."""

    action: str
    fields: list[Field] = field(default_factory=list)
    buttons: list[tuple[Field, str]] = field(default_factory=list)

    @property
    def asks(self) -> bool:
        """Whether a person fills something in, so that it can be wrong."""
        return any(item.kind != "hidden" for item in self.fields)

    def posts(self) -> list[tuple[str, dict[str, list[str]]]]:
        """The address that each button posts to, with what is sent beside the fields."""
        own = [(action or self.action, {item.name: [item.value]} if item.name else {}) for item, action in self.buttons]
        return own or [(self.action, {})]

    def fill(self, variant: str) -> dict[str, list[Any]]:
        """What is sent: the hidden fields as they are, and nothing or nonsense in the others."""
        sent: dict[str, list[Any]] = {}
        for item in self.fields:
            if item.kind == "hidden":
                sent.setdefault(item.name, []).append(item.value)
            elif variant == "nonsense":
                file = (BytesIO(b"\x00?!"), "nonsense.csv")
                sent.setdefault(item.name, []).append(file if item.kind == "file" else "?!")
            elif item.kind not in ("checkbox", "radio", "file"):
                sent.setdefault(item.name, []).append("")
        return sent


class _Reader(HTMLParser):
    """Collects the forms that post."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._open: Form | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        words = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._open = Form(words.get("action", "")) if words.get("method", "").lower() == "post" else None
            self.forms += [self._open] if self._open else []
        elif self._open is not None:
            self._note(self._open, tag, words)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None

    @staticmethod
    def _note(form: Form, tag: str, words: dict[str, str]) -> None:
        name, value = words.get("name", ""), words.get("value", "")
        if tag == "button":
            form.buttons.append((Field(name, "submit", value), words.get("formaction", "")))
        elif tag in ("select", "textarea") and name:
            form.fields.append(Field(name, tag, ""))
        elif tag == "input" and name and (kind := words.get("type", "text")) not in _NO_TEXT[1:]:
            form.fields.append(Field(name, kind, value))


def forms_in(html: str) -> list[Form]:
    """The forms of a page that post."""
    reader = _Reader()
    reader.feed(html)
    return reader.forms
