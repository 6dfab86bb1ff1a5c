"""The pinned packages: what is known to be wrong with them, and the bill of what there is."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from builders.dependencies.audit import find_faults, read_advisories
from builders.dependencies.bill import write_bill
from builders.dependencies.lock import LOCK, read_lock

ROOT = Path(__file__).parent.parent


def audit(lock: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "builders.dependencies.audit", lock]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True)


def test_nothing_is_known_to_be_wrong_with_what_is_pinned() -> None:
    done = audit(LOCK)
    assert (done.returncode, done.stderr) == (0, "")
    assert " 0 known faults. The list of known faults goes up to 20" in done.stdout


def test_an_old_package_in_the_lock_is_found(tmp_path: Path) -> None:
    pinned = next(package.version for package in read_lock() if package.name == "pypdf")
    seeded = tmp_path / "requirements.lock"
    seeded.write_text(LOCK.read_text(encoding="utf-8").replace(f"pypdf=={pinned}", "pypdf==6.0.0"), encoding="utf-8")
    done = audit(seeded)
    assert done.returncode == 1
    assert "pypdf 6.0.0 has CVE-2025-62707 (versions <6.1.3): take a newer one." in done.stdout
    assert "CVE-2025-55197" not in done.stdout


def test_every_listed_package_is_one_that_is_used() -> None:
    assert set(read_advisories()) <= {package.name for package in read_lock()}


def test_every_listed_range_has_an_end() -> None:
    for name, listed in read_advisories().items():
        for advisory, versions in listed.items():
            ends = [Version(part.version) for part in SpecifierSet(versions) if part.operator == "<"]
            assert len(ends) == 1, (name, advisory)


def test_a_line_that_pins_nothing_is_refused(tmp_path: Path) -> None:
    lock = tmp_path / "requirements.lock"
    lock.write_text("pypdf>=6\n", encoding="utf-8")
    with pytest.raises(ValueError, match="pins no version"):
        read_lock(lock)


def test_the_bill_names_every_package_with_its_version_hashes_and_mostly_its_licence() -> None:
    packages = read_lock()
    bill = json.loads(write_bill(packages))
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    found = {(item["name"], item["version"]): item for item in bill["components"]}
    assert found.keys() == {(package.name, package.version) for package in packages}
    assert all(item["purl"].startswith("pkg:pypi/") and item["properties"] for item in bill["components"])
    assert sum("licenses" in item for item in bill["components"]) > len(packages) * 0.8
    assert not list(find_faults(packages))
