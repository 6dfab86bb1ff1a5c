"""The folder of letters, when LibreOffice goes away while it is written."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.batches import folder as batches_folder
from service.batches.folder import LetterFiles
from service.batches.meeting_slots import Slots
from service.batches.run import CohortRun, run_cohort
from service.cohort.join import read_cohort
from service.desk import Desk
from service.printing.office.converter import Converter
from service.printing.press import Press
from service.printing.typeset.typesetter import Typesetter
from service.sample.export import ON, write_sample
from service.settings import read_settings
from tests.batches.written_index import read_index
from tests.printing.converter_trouble import Fake


@pytest.fixture
def passing() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="letters-") as name:
        yield Path(name)


def by_office(converter: Converter) -> Press:
    """A way to PDF that is LibreOffice's for every letter."""
    return Press(Typesetter(), converter, by_office=True)


def test_letters_made_before_libreoffice_was_removed_stay_and_the_others_are_held_back(
    passing: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches_folder, "_TOGETHER", 8)  # several times in this small school
    write_sample(tmp_path / "school", 120, seed=7)
    desk = Desk(read_settings({}), tmp_path / "school" / "school.toml")
    policy = desk.policy("bradford")
    run, cohort = CohortRun(desk, desk.school(), policy, ON), read_cohort(tmp_path / "school", policy.events, ON)
    out = tmp_path / "letters"
    with Fake(passing, {"n4": "is-removed"}) as fake, LetterFiles(out, True, by_office(fake.converter)) as files:
        for item in run_cohort(run, cohort, Slots()):
            files.write(item)
    assert fake.accidents == ["is-removed"]
    rows = read_index(out)
    made = [row["file"] for row in rows if row["file"]]
    held = [row for row in rows if "PDFs cannot be made here." in row["problems"]]
    assert made
    assert sorted(made) == sorted(path.name for path in out.glob("*.pdf"))
    assert len(held) > 2 * 8, "more than were waiting with the letter of the accident"
    assert not any(row["file"] for row in held)
    (said,) = (line for line in files.totals.say(out) if "apt-get install" in line)
    assert int(said.split()[0]) == len({row["upn"] for row in held})
