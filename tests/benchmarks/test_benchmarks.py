"""Every benchmark runs and prints what the README shows of it; how fast is not asked here."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.benchmarks.__main__ import FULL, QUICK

ROOT = Path(__file__).parents[2]
PRINTED = {
    "bench_deciding": "µs a pupil",
    "bench_command": "letters: reading, deciding, filling, writing",
    "bench_filling": "the disk alone, no filling",
    "bench_typeset": "letters as one PDF to print",
    "bench_pdf": "one more in a cohort",
    "bench_post": "99th",
    "bench_forms": "this service, flat",
    "bench_memory": "KB a pupil",
    "bench_batches": "times the letters take",
    "bench_machines": "without their file",
    "bench_pages": "uploaded and understood",
    "bench_servers": "waitress, our limits",
}


@pytest.mark.slow
@pytest.mark.parametrize("name", QUICK)
def test_a_benchmark_runs_to_its_end_and_prints_its_table(name) -> None:
    command = [sys.executable, "-m", f"tests.benchmarks.{name}", *QUICK[name]]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert PRINTED[name] in done.stdout


def test_the_readme_shows_every_benchmark() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert FULL.keys() == QUICK.keys() == PRINTED.keys()
    assert [name for name, words in PRINTED.items() if words not in readme] == []
