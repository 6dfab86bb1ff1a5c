"""Fifty programs that send the same request at the same moment, again and again: it is done exactly once.

    python -m tests.long_run.at_once [--rounds 200] [--clients 50]

Each round is about another pupil. Without an Idempotency-Key one of the fifty gets the new letter with 201, and the
others are told that nothing is due; with one, all are told the same, or to wait. Prints in how many rounds exactly one
letter was issued; the exit status is 1 where it was not in all.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from werkzeug.test import TestResponse

from service.web.example import EXAMPLE
from tests.web.keyed import House, house_of

ANSWERS = (200, 201, 409)
WITHOUT, WITH = "without a key", "with a key"


def ask_at_once(house: House, key: str, pupil: str, clients: int, headers: Mapping[str, str]) -> list[TestResponse]:
    """The answers of many programs that ask for one pupil's letter at the same moment."""
    ready = threading.Barrier(clients)
    body = {**EXAMPLE, "pupil": {**EXAMPLE["pupil"], "pupil_reference": pupil}}

    def ask(_: int) -> TestResponse:
        client = house.client(key)
        ready.wait()
        return client.post("/v1/letters", json=body, headers={"Accept": "application/json", **headers})

    with ThreadPoolExecutor(clients) as threads:
        return list(threads.map(ask, range(clients)))


def find_faults(house: House, key: str, pupil: str, answers: list[TestResponse], has_key: bool) -> Iterator[str]:
    """What was not exactly once."""
    statuses = Counter(answer.status_code for answer in answers)
    yield from (f"status {status}" for status in statuses if status not in ANSWERS)
    made = [answer.data for answer in answers if answer.status_code == 201]
    if len(set(made)) != 1 or (len(made) > 1 and not has_key):
        yield f"{len(made)} answers say that a letter was issued, {len(set(made))} of them different"
    if has_key and set(statuses) - {201, 409}:
        yield "the same key was answered differently"
    history = house.client(key).get(f"/v1/pupils/{pupil}/history").get_json()
    if len(history["letters"]) != 1 or len(history["events"]) != 1:
        yield f"{len(history['letters'])} letters and {len(history['events'])} events are remembered"


def run_rounds(house: House, kind: str, rounds: int, clients: int) -> Counter[str]:
    """What went wrong in how many rounds."""
    key, faults = house.key(), Counter[str]()
    for number in range(rounds):
        pupil = f"{len(kind)}-{number}"
        headers = {"Idempotency-Key": f"round-{number}"} if kind == WITH else {}
        answers = ask_at_once(house, key, pupil, clients, headers)
        faults.update(set(find_faults(house, key, pupil, answers, kind == WITH)))
    return faults


def main() -> int:
    """Print how often it was exactly once."""
    ask = argparse.ArgumentParser(description="The same request many times at once")
    ask.add_argument("--rounds", type=int, default=200)
    ask.add_argument("--clients", type=int, default=50)
    told, wrong = ask.parse_args(), 0
    with tempfile.TemporaryDirectory() as folder, house_of(Path(folder), REQUESTS_A_MINUTE="10000000") as house:
        for kind in (WITHOUT, WITH):
            began = time.monotonic()
            faults = run_rounds(house, kind, told.rounds, told.clients)
            took = time.monotonic() - began
            say = "exactly once in each" if not faults else "NOT exactly once in each"
            print(f"{kind}: {told.rounds} rounds of {told.clients} at once, {say}, {took:.0f} s", flush=True)
            for fault, count in faults.items():
                print(f"{count:8,} {fault}")
            wrong |= bool(faults)
    return wrong


if __name__ == "__main__":
    sys.exit(main())
