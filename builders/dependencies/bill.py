"""The software bill of materials: every pinned package with its version, hashes and licence, as CycloneDX 1.6."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from typing import Any

from builders.dependencies.lock import Pinned, read_lock


def write_bill(packages: Sequence[Pinned]) -> str:
    """The bill as JSON; the same packages give the same bytes."""
    bill = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": {"type": "application", "name": "attendance-letters"}},
        "components": [_component(package) for package in packages],
    }
    return json.dumps(bill, indent=1) + "\n"


def _component(package: Pinned) -> dict[str, Any]:
    address = f"pkg:pypi/{package.name}@{package.version}"
    component: dict[str, Any] = {
        "type": "library",
        "bom-ref": address,
        "name": package.name,
        "version": package.version,
        "purl": address,
        # A pin names every file of a release, and a component only has hashes of one: they stand as properties.
        "properties": [{"name": "sha256", "value": value} for value in package.hashes],
    }
    if licence := _licence(package.name):
        component["licenses"] = [{"license": {"name": licence}}]
    return component


def _licence(name: str) -> str:
    """The licence that the installed package names, "" where it is not installed or names none in a line."""
    try:
        about = metadata(name)
    except PackageNotFoundError:
        return ""
    named = about["License-Expression"] or about["License"] or ""
    kinds = [line.rpartition(" :: ")[2] for line in about.get_all("Classifier", []) if line.startswith("License")]
    return named if named and "\n" not in named else ", ".join(kinds)


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(write_bill(read_lock()), encoding="utf-8")
    sys.stdout.write(f"{target}: {len(read_lock())} packages\n")
