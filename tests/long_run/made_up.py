"""Requests made up from the service's own description, right and wrong ones, sent to it within this process.

    python -m tests.long_run.made_up [--cases 10000] [--seeds 1,2,3]

Without a socket and a second process ten thousand cost minutes, so all checks of Schemathesis are made of each.
Prints what was sent; the exit status is 1 where an answer is not what the document says.
`python -m tests.long_run.contract` sends fewer over a socket, and follows the links between routes.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.long_run.contract import CHOICES
from tests.web.keyed import house_of

PATH = "/v1/openapi.json"
ONCE = {"GET /health", "GET /ready"}
"""Routes of which there is one request each: nothing can be chosen."""
ORDINARY = settings(database=None, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))


def send_all(app: Flask, key: str, cases: int, number: int) -> Counter[tuple[str, int]]:
    """How often each route answered with which status; at least so many requests. Raises where an answer is wrong."""
    config = schemathesis.config.SchemathesisConfig.from_path(CHOICES)
    schema = schemathesis.openapi.from_wsgi(PATH, app, config=config)
    operations = [found.ok() for found in schema.get_all_operations()]
    each = -(-cases // (len(operations) - len(ONCE)))
    found = Counter[tuple[str, int]]()
    for operation in operations:
        send_some(operation, key, each, number, found)
    return found


def send_some(operation: Any, key: str, each: int, number: int, found: Counter[tuple[str, int]]) -> None:
    """So many requests to one route."""

    @seed(number)
    @settings(ORDINARY, max_examples=each)
    @given(case=operation.as_strategy())
    def ask(case: Any) -> None:
        answer = case.call_and_validate(headers={"Authorization": f"Bearer {key}"})
        found[operation.label, answer.status_code] += 1

    ask()


def main() -> int:
    """Print what was sent, with each seed."""
    ask = argparse.ArgumentParser(description="Requests made up from the service's description, without a socket")
    ask.add_argument("--cases", type=int, default=10_000)
    ask.add_argument("--seeds", default="1,2,3")
    told = ask.parse_args()
    seeds, every, wrong = told.seeds.split(","), Counter[tuple[str, int]](), 0
    for number in map(int, seeds):
        with tempfile.TemporaryDirectory() as folder, house_of(Path(folder), REQUESTS_A_MINUTE="1000000") as house:
            began = time.process_time()
            try:
                found = send_all(house.app, house.key(), -(-told.cases // len(seeds)), number)
            except Exception as error:  # whatever the checks or the service say
                print(f"seed {number}: {error}")
                wrong = 1
                continue
        every += found
        print(f"seed {number}: {found.total():,} requests, {time.process_time() - began:.0f} s of work", flush=True)
    for (label, status), count in sorted(every.items()):
        print(f"{count:8,}  {status}  {label}")
    return wrong


if __name__ == "__main__":
    sys.exit(main())
