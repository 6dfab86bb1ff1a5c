"""Looks for known faults in the pinned packages, in a list that is kept here with its date."""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path

from packaging.specifiers import SpecifierSet

from builders.dependencies.lock import LOCK, Pinned, read_lock

ADVISORIES = Path(__file__).with_name("advisories.toml")


def find_faults(packages: Sequence[Pinned]) -> Iterator[str]:
    """A line for each known fault of a pinned version."""
    known = read_advisories()
    for package in packages:
        for name, versions in known.get(package.name, {}).items():
            if SpecifierSet(versions, prereleases=True).contains(package.version):
                yield f"{package.name} {package.version} has {name} (versions {versions}): take a newer one."


def say_date() -> str:
    """Up to which day the list knows faults."""
    newest = tomllib.loads(ADVISORIES.read_text(encoding="utf-8"))["newest"]
    return f"The list of known faults goes up to {newest.isoformat()}; later ones are not in it."


def read_advisories() -> dict[str, dict[str, str]]:
    """The listed faults of each package, with the versions that have them."""
    listed = tomllib.loads(ADVISORIES.read_text(encoding="utf-8"))
    return {name: found for name, found in listed.items() if isinstance(found, dict)}


def main(path: Path) -> int:
    """Say what was found; the exit status is 1 when there is anything."""
    packages = read_lock(path)
    faults = list(find_faults(packages))
    sys.stdout.write("\n".join([*faults, f"{len(packages)} packages, {len(faults)} known faults. {say_date()}\n"]))
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else LOCK))
