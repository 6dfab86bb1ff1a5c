"""What fields.toml says of every field: its kind, its limits and what it means."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Any

from service.did_you_mean import did_you_mean
from service.errors import Problem


@dataclass(frozen=True, slots=True)
class Field:
    """One field: `width` in twelfths of the page's width, `lines` of text it has room for."""

    name: str
    label: str
    type: str = "text"
    meaning: str = ""
    max_length: int = 0
    choices: dict[str, str] = field(default_factory=dict)
    width: int = 12
    lines: int = 1
    tooltip: str = ""
    stacked: bool = False


class Vocabulary:
    """What fields.toml says, by the name of a field or by a name with N or another word in capitals."""

    def __init__(self, content: dict[str, Any]) -> None:
        self.words = content["words"]
        self.entries = {name: entry for name, entry in content.items() if name != "words"}
        self.patterns = [(self._pattern(name), name) for name in self.entries if name.lower() != name]
        self.problems: list[Problem] = []

    def find(self, place: dict[str, Any]) -> Field:
        """The field that a place in a form names, with the place's own label, width and lines."""
        name = place["name"]
        key = name if name in self.entries else next((key for pattern, key in self.patterns if pattern(name)), "")
        if not key:
            known = did_you_mean(name, self.entries)
            self.problems.append(Problem("unknown-field", f'fields.toml has no field "{name}".{known}'))
        entry = self.entries.get(key, {"label": name, "meaning": ""})
        found = Field(name=name, **(entry | {key: value for key, value in place.items() if key != "name"}))
        if found.lines > 1 and found.type == "text":
            found = replace(found, type="multiline")
        return found if found.tooltip else replace(found, tooltip=found.label)

    def _pattern(self, name: str) -> Any:
        parts = []
        for word in name.split("_"):
            if word == "N":
                parts.append(r"\d+")
            elif word in self.words:
                parts.append(f"(?:{'|'.join(self.words[word])})")
            else:
                parts.append(word)
        return re.compile("_".join(parts)).fullmatch
