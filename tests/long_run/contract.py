"""Requests made up from the service's own description, sent to a running service: its answers are what it says.

    python -m tests.long_run.contract [--cases 10000] [--seed 1]

Schemathesis sends right and wrong requests to every route, many of them about letters, pupils and batches that there
are, and checks all that it can of every answer. Prints its report and the number of cases; the exit status is 1 where
it found something.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from service.memory.school_files import write_settings
from service.sample.sample_school import SAMPLE_SCHOOL
from tests.long_run.found_rows import make_rows, write_choices
from tests.long_run.service import running_service
from tests.printing.converter_trouble import wait_for
from tests.web.test_served import ROOT, Server

ROUTES = 37
"""Routes among which cases are shared; what they hold more or less of them depends on the route."""
FEWEST_FOR_ALL = 5_000
"""Cases below which only random ones are sent: those that cover every word of the document are thousands."""


def send_cases(cases: int, seed: int, folder: Path) -> subprocess.CompletedProcess[str]:
    """Send about so many cases to a service of its own; reports go into the folder."""
    program = Path(sys.executable).with_name("schemathesis")
    phases = "examples,coverage,fuzzing,stateful" if cases >= FEWEST_FOR_ALL else "fuzzing"
    choices = {"--checks": "all", "--phases": phases, "--seed": seed, "--max-examples": max(1, cases // ROUTES)}
    key = _make_key(folder / "data")
    told = folder / "choices.toml"
    command = [program, "--config-file", told, "run", "--no-color", "--continue-on-failure"]
    command += ["--header", f"Authorization: Bearer {key}"]
    command += [str(word) for choice in choices.items() for word in choice]
    school = folder / "school.toml"  # the processes that work on batches read it
    school.write_text(write_settings(SAMPLE_SCHOOL), encoding="utf-8")
    own = {"DATA": f"{folder}/data", "SCHOOL": f"{school}", "REQUESTS_A_MINUTE": "1000000", "WEBHOOKS_TO": "localhost"}
    with running_service(**own) as (server, _):
        ask = asker(server, key)
        told.write_text(write_choices(make_rows(ask, lambda: wait_for(lambda: _is_idle(ask)))), encoding="utf-8")
        address = f"http://127.0.0.1:{server.port}/v1/openapi.json"
        hooks = {"SCHEMATHESIS_HOOKS": "tests.long_run.made_up", "PYTHONPATH": str(ROOT)}
        environment = {**os.environ, **hooks}
        return subprocess.run(
            [*command, address], cwd=folder, env=environment, capture_output=True, text=True, check=False
        )


def _make_key(data: Path) -> str:
    """A key of a school of its own."""
    words = [sys.executable, "-m", "service", "key", "add", "made-up requests"]
    environment = {**os.environ, "ATTENDANCE_LETTERS_DATA": f"{data}"}
    made = subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    return made.stdout.splitlines()[0]


def asker(server: Server, key: str) -> Callable[[str, str, Any], Any]:
    """Sends requests to a running service."""

    def ask(method: str, path: str, body: Any) -> Any:
        status, _, content = server.ask(method, path, body, Authorization=f"Bearer {key}", Accept="application/json")
        assert status < 300, (method, path, content)
        return json.loads(content)

    return ask


def _is_idle(ask: Callable[[str, str, Any], Any]) -> bool:
    """Whether no batch is at work."""
    working = ("uploaded", "understood", "released", "running")
    return all(item["state"] not in working for item in ask("GET", "/v1/batches", None)["items"])


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
