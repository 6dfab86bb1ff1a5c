"""Requests made up from the service's own description, sent to a running service: its answers are what it says.

    python -m tests.long_run.contract [--cases 10000] [--seed 1]

Schemathesis sends right and wrong requests to every route and checks all that it can of every answer. Prints its
report and the number of cases; the exit status is 1 where it found something.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.long_run.service import running_service

CHOICES = Path(__file__).with_name("schemathesis.toml")
ROUTES = 5
"""Routes among which cases are shared; what they hold more or less of them depends on the route."""
FEWEST_FOR_ALL = 5_000
"""Cases below which only random ones are sent: those that cover every word of the document are thousands."""


def send_cases(cases: int, seed: int, folder: Path) -> subprocess.CompletedProcess[str]:
    """Send about so many cases to a service of its own; reports go into the folder."""
    program = Path(sys.executable).with_name("schemathesis")
    phases = "examples,coverage,fuzzing,stateful" if cases >= FEWEST_FOR_ALL else "fuzzing"
    choices = {"--checks": "all", "--phases": phases, "--seed": seed, "--max-examples": max(1, cases // ROUTES)}
    command = [program, "--config-file", CHOICES, "run", "--no-color", "--continue-on-failure"]
    command += [str(word) for choice in choices.items() for word in choice]
    with running_service() as (server, _):
        address = f"http://127.0.0.1:{server.port}/v1/openapi.json"
        return subprocess.run([*command, address], cwd=folder, capture_output=True, text=True, check=False)


def main() -> int:
    """Print what was found."""
    ask = argparse.ArgumentParser(description="Requests made up from the service's description")
    ask.add_argument("--cases", type=int, default=10_000)
    ask.add_argument("--seed", type=int, default=1)
    told = ask.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        done = send_cases(told.cases, told.seed, Path(folder))
        print(done.stdout, done.stderr, sep="\n")
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
