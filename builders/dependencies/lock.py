"""requirements.lock -> the packages that it pins."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

LOCK = Path(__file__).parents[2] / "requirements.lock"
_PIN = re.compile(r"([A-Za-z0-9._-]+)==([^\s;\\]+)")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Pinned:
    """A package as it is pinned: its name as registries write it, its version, and the SHA-256 of its files."""

    name: str
    version: str
    hashes: tuple[str, ...]


def read_lock(path: Path = LOCK) -> list[Pinned]:
    """The packages of a lock file, in its order. Raises ValueError for a line that pins nothing it can check."""
    return list(_read_blocks(path.read_text(encoding="utf-8")))


def _read_blocks(text: str) -> Iterator[Pinned]:
    lines = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
    for block in lines.replace("\\\n", " ").splitlines():
        if not block.strip():
            continue
        pin, hashes = _PIN.match(block), tuple(_HASH.findall(block))
        if pin is None or not hashes:
            raise ValueError(f"This line pins no version with its hashes: {block[:60]}")
        yield Pinned(re.sub(r"[-_.]+", "-", pin[1]).lower(), pin[2], hashes)
