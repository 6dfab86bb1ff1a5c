"""What a policy or a letter's template was, to the byte, when something was made from it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from pathlib import Path

from service.decisions.policy import Policy
from service.decisions.reading.policies import RETURNS_FILE, STEPS_FILE
from service.desk import Desk


def fingerprint_of(desk: Desk, policy: Policy) -> str:
    """The hash of a policy's file and of the files that all policies share."""
    folder = desk.settings.rules
    return _hash(folder / name for name in (f"{policy.name}.toml", STEPS_FILE, RETURNS_FILE))


def template_of(desk: Desk, policy: Policy, letter: str) -> str:
    """The hash of a letter's template."""
    path = desk.catalogue.find(letter, policy.name)
    return _hash([path]) if path else ""


class Fingerprints:
    """Those of one moment: each file is read once."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self._known = dict[tuple[str, str], str]()

    def of_policy(self, policy: Policy) -> str:
        """The hash of a policy's file and of the files that all policies share."""
        return self._find(policy.name, "", lambda: fingerprint_of(self.desk, policy))

    def of_template(self, policy: Policy, letter: str) -> str:
        """The hash of a letter's template."""
        return self._find(policy.name, letter, lambda: template_of(self.desk, policy, letter))

    def _find(self, policy: str, letter: str, read: Callable[[], str]) -> str:
        if (policy, letter) not in self._known:
            self._known[policy, letter] = read()
        return self._known[policy, letter]


def _hash(paths: Iterable[Path]) -> str:
    found = (hashlib.sha256(path.read_bytes()).digest() for path in paths)
    return hashlib.sha256(b"".join(found)).hexdigest()
