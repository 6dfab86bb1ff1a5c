"""Requests made up from the service's own description, right and wrong ones, sent to it within this process.

    python -m tests.long_run.made_up [--cases 10000] [--seeds 1,2,3]

Without a socket and a second process ten thousand cost minutes, so all checks of Schemathesis are made of each.
Many ask about what there is: letters, pupils, batches and webhooks that were made before. Prints what was sent; the
exit status is 1 where an answer is not what the document says.
`python -m tests.long_run.contract` sends fewer over a socket, and follows the links between routes.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import GenerationMode

from service.web.api.template_check import FORM
from service.web.once import HEADER
from service.web.shaped import BY, NOTHING_SENT, PARAMETERS
from tests.batches.stored.working_batches import work
from tests.long_run.found_rows import make_rows, write_choices
from tests.web.keyed import House, house_of

PATH = "/v1/openapi.json"
ONCE = {"GET /health", "GET /ready"}
"""Routes of which there is one request each: nothing can be chosen."""
SETTINGS = {"REQUESTS_A_MINUTE": "1000000", "WEBHOOKS_TO": "localhost"}
_SHAPED = frozenset(word["name"] for word in (*PARAMETERS, NOTHING_SENT, BY))
LONE = {f"POST /v1/{name}": _SHAPED for name in ("batches", "decisions", "letters")}
"""The words of an address that mean nothing without a shape, by the route."""
ENDS = ("DELETE", "cancel", "reversal")
"""What is asked last: it ends what the others are about."""
ORDINARY = settings(database=None, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))


@schemathesis.hook
def filter_case(_context: Any, case: Any) -> bool:
    """Leave out forms with an empty list: it has no part, so that one word too many is none on the wire."""
    return case.media_type != FORM or not isinstance(case.body, dict) or [] not in case.body.values()


def send_all(house: House, cases: int, number: int) -> Counter[tuple[str, int]]:
    """How often each route answered with which status; at least so many requests. Raises where an answer is wrong.

    Batches that come of them are worked on as well, which must end.
    """
    house.app.wsgi_app = _whole(house.app.wsgi_app)  # type: ignore[method-assign]
    key = house.key()
    choices = tomllib.loads(write_choices(make_rows(asker(house, key), lambda: _work(house))))
    config = schemathesis.config.SchemathesisConfig.from_dict(choices)
    schema = schemathesis.openapi.from_wsgi(PATH, house.app, config=config)
    operations = sorted((found.ok() for found in schema.get_all_operations()), key=_ends)
    each = -(-cases // (len(operations) - len(ONCE)))
    found = Counter[tuple[str, int]]()
    for operation in operations:
        send_some(operation, key, each, number, found)
        _work(house)
    return found


def asker(house: House, key: str) -> Callable[[str, str, Any], Any]:
    """Sends requests to an application within this process."""
    client = house.client(key)

    def ask(method: str, path: str, body: Any) -> Any:
        answer = client.open(path, method=method, json=body, headers={"Accept": "application/json"})
        assert answer.status_code < 300, (method, path, answer.get_data(as_text=True))
        return answer.get_json()

    return ask


def _work(house: House) -> None:
    """Let the batches be worked on until nothing is left."""
    work(house.memory)


def _whole(app: Callable[..., Iterable[bytes]]) -> Callable[..., list[bytes]]:
    """An application whose answers are read to their end: Schemathesis leaves those that are files open."""

    def answer(environ: Any, start: Any) -> list[bytes]:
        parts = app(environ, start)
        try:
            return [b"".join(parts)]
        finally:
            getattr(parts, "close", lambda: None)()

    return answer


def _ends(operation: Any) -> bool:
    return operation.label.startswith(ENDS[0]) or operation.label.endswith(ENDS[1:])


def send_some(operation: Any, key: str, each: int, number: int, found: Counter[tuple[str, int]]) -> None:
    """So many requests to one route."""

    @seed(number)
    @settings(ORDINARY, max_examples=each)
    @given(case=operation.as_strategy())
    def ask(case: Any) -> None:
        _name_anew(case, found.total())
        _leave_out_lone_words(case, found.total())
        answer = case.call_and_validate(headers={"Authorization": f"Bearer {key}"})
        found[operation.label, answer.status_code] += 1

    ask()


def _name_anew(case: Any, number: int) -> None:
    """Let three of four keys that a request is to be done once under be new ones: of one key, one request is done."""
    given = (case.headers or {}).get(HEADER)
    if isinstance(given, str) and 0 < len(given) < 200 and number % 4:
        case.headers[HEADER] = f"{given}-{number}"


def _leave_out_lone_words(case: Any, number: int) -> None:
    """Let one of two right requests without a shape have none of the words that belong to one: no document says so."""
    is_right = case.meta is None or case.meta.generation.mode == GenerationMode.POSITIVE
    if number % 2 and is_right and case.query and "shape" not in case.query:
        lone = LONE.get(case.operation.label, ())
        case.query = {word: value for word, value in case.query.items() if word not in lone}


def main() -> int:
    """Print what was sent, with each seed."""
    ask = argparse.ArgumentParser(description="Requests made up from the service's description, without a socket")
    ask.add_argument("--cases", type=int, default=10_000)
    ask.add_argument("--seeds", default="1,2,3")
    told = ask.parse_args()
    seeds, every, wrong = told.seeds.split(","), Counter[tuple[str, int]](), 0
    for number in map(int, seeds):
        with tempfile.TemporaryDirectory() as folder, house_of(Path(folder), **SETTINGS) as house:
            began = time.process_time()
            try:
                found = send_all(house, -(-told.cases // len(seeds)), number)
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
