"""Requests at a steady pace, and what became of each."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import NamedTuple

from service.word.document import DOCX, PDF
from tests.benchmarks.bench_post import percentile, pupil_number

JSON = "application/json"
WAITING = 64  # requests that can be under way at the same time


class Asked(NamedTuple):
    """One request: path, body, the format that is wanted, and the status that is right."""

    path: str
    body: bytes
    accept: str
    status: int = 200


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of a request: when it was due, in seconds from the start, its milliseconds, and what was wrong."""

    due: float
    took: float
    fault: str


def ordinary(number: int) -> Asked:
    """A request of a mixture: of fifty thirty Word letters, nine letters as text, nine lists, a form and a PDF."""
    place = number % 50
    if place == 0:
        return Asked("/v1/letters", pupil_number(number), PDF)
    if place == 25:
        return Asked("/v1/forms/sickness_return", pupil_number(number), PDF)
    if place % 5 == 1 and place != 1:
        return Asked("/v1/decisions", pupils_number(number), JSON)
    if place % 5 == 3 and place != 3:
        return Asked("/v1/letters", pupil_number(number), JSON)
    return Asked("/v1/letters", pupil_number(number), DOCX)


def pupils_number(number: int, count: int = 10) -> bytes:
    """A request to decide about ten pupils."""
    asked = json.loads(pupil_number(number))
    pupil = asked.pop("pupil")
    pupils = [pupil | {"pupil_reference": f"{number}-{place}"} for place in range(count)]
    return json.dumps(asked | {"pupils": pupils}).encode()


def send(port: int, asked: Asked) -> str:
    """What is wrong with the answer, "" when nothing is."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("POST", asked.path, asked.body, {"Content-Type": JSON, "Accept": asked.accept})
        answer = connection.getresponse()
        return find_fault(asked, answer.status, answer.getheader("Content-Type", ""), answer.read())
    except (OSError, http.client.HTTPException) as error:
        return type(error).__name__
    finally:
        connection.close()


def find_fault(asked: Asked, status: int, kind: str, content: bytes) -> str:
    """What is wrong with an answer to what was asked, "" when nothing is."""
    if status != asked.status:
        return f"status {status}"
    if status != 200:
        return ""
    if asked.accept not in kind:
        return f"came as {kind}"
    starts = {DOCX: b"PK\x03\x04", PDF: b"%PDF-", JSON: b"{"}
    return "" if content.startswith(starts[asked.accept]) else "is not what its type says"


def ask_steadily(
    port: int, pace: float, seconds: float, ask: Callable[[int], Asked], each: Callable[[Answered], None]
) -> None:
    """Send `pace` requests a second; a request's time runs from when it was due, whether or not others are late."""
    lock, began = threading.Lock(), time.perf_counter()

    def send_one(number: int) -> None:
        due = number / pace
        fault = send(port, ask(number))
        took = (time.perf_counter() - began - due) * 1000
        with lock:
            each(Answered(due, took, fault))

    with ThreadPoolExecutor(WAITING) as requests:
        for number in range(int(pace * seconds)):
            time.sleep(max(0.0, number / pace - (time.perf_counter() - began)))
            requests.submit(send_one, number).add_done_callback(lambda done: done.result())


def say_times(answers: Sequence[Answered]) -> tuple[float, float, float]:
    """The median, the 99th percentile and the longest of the answers' milliseconds."""
    times = sorted(answer.took for answer in answers)
    return percentile(times, 0.5), percentile(times, 0.99), times[-1]
