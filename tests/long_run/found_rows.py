"""What a service holds, so that some of the requests that are made up ask about it: letters, pupils, batches, webhooks.

Everything is made by the routes themselves, and told to Schemathesis as dictionaries of what a parameter can be.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from service.web.example import EXAMPLE

CHOICES = Path(__file__).with_name("schemathesis.toml")
HOOK = "http://localhost:9/"
"""An address at which nobody listens."""
POLICY = "bradford"
LIKELY = 0.6
"""How often a parameter is one that there is, where it can be made up as well."""
PUPILS = ("1", "2")
Ask = Callable[[str, str, Any], Any]
"""Sends a method, a path and a body as JSON; gives the JSON of the answer."""
Rows = Mapping[str, Sequence[str | int]]

_BOUND = {
    "path.reference": "reference",
    "path.pupil_reference": "pupil",
    "path.number": "number",
    "path.batch": "batch",
    "path.webhook": "webhook",
    "path.delivery": "delivery",
    "path.form": "form",
    "path.template": "template",
    "query.after": "after",
    "header.Prefer": "prefer",
    "header.Idempotency-Key": "again",
    "body.pupil.pupil_reference": "pupil",
    "body.pupils[*].pupil_reference": "pupil",
    "body.letter": "letter",
    "body.policy": "policy",
    "body.seen": "seen",
    "body.address": "address",
    "body.on": "on",
    "query.on": "on",
}
"""Which dictionary each parameter is taken from."""
_OTHERWISE = {
    "path.number": 0.9,  # it has to be the pupil's own
    "path.pupil_reference": 0.8,
    "query.after": 0.3,  # few lists have what another has
    "header.Prefer": 0.2,
    "header.Idempotency-Key": 0.8,  # the document's own example, which is used otherwise, is good for one request
}


def make_rows(ask: Ask, wait: Callable[[], None]) -> Rows:
    """Letters, events, batches in each state and webhooks with messages; `wait` lets the batches be worked on."""
    hooks = [ask("POST", "/v1/webhooks", {"address": HOOK})["webhook"] for _ in range(6)]
    letters = [_issue(ask, str(number)) for number in range(1, 9)]
    events = [_record(ask, PUPILS[0]) for _ in range(12)]
    ask("POST", f"/v1/letters/{letters[-1]}/reversal", {"why": "A mistake."})
    batches = [_start(ask, number) for number in range(1, 8)]
    wait()
    seen = [ask("GET", f"/v1/batches/{batch}", None)["seen"] for batch in batches]
    ask("POST", f"/v1/batches/{batches[0]}/release", {"seen": seen[0]})
    ask("POST", f"/v1/batches/{batches[1]}/cancel", {})
    wait()
    found = [_items(ask, f"/v1/webhooks/{hook}/deliveries") for hook in hooks]
    return {
        "reference": [item["reference"] for item in _items(ask, "/v1/letters")],
        "pupil": PUPILS,
        "number": events,
        "batch": batches,
        "seen": [text for text in seen if text],
        "webhook": hooks,
        "delivery": [item["delivery"] for items in found for item in items],
        "form": [item["form"] for item in _items(ask, "/v1/forms")],
        "template": [item["template"] for item in _items(ask, "/v1/templates")],
        "letter": sorted({item["letter"] for item in _items(ask, "/v1/templates")}),
        "policy": [item["policy"] for item in _items(ask, "/v1/policies")],
        "after": ["1", "2", "3", "letter_1", "home_visit", "attendance_certificate", "bradford"],
        "prefer": ["respond-async", "respond-async, wait=10"],
        "again": [f"request-{number}" for number in range(500)],
        "on": ["2026-11-20", "2026-11-27", "2027-01-11"],
        "address": [HOOK],
    }


def _issue(ask: Ask, pupil: str) -> str:
    told = ask("POST", "/v1/letters", {**EXAMPLE, "policy": POLICY, "pupil": _pupil(pupil)})
    reference: str = told["letters"][0]["reference"]
    return reference


def _record(ask: Ask, pupil: str) -> int:
    number: int = ask("POST", f"/v1/pupils/{pupil}/history", {"on": EXAMPLE["on"], "event": "home_visit"})["number"]
    return number


def _start(ask: Ask, number: int) -> int:
    """A batch of two pupils of its own, and one who cannot be used."""
    pupils = [_pupil(f"{number}{place}") for place in (1, 2)]
    body = {"on": EXAMPLE["on"], "policy": POLICY, "nothing_sent": True, "pupils": [*pupils, {"first_name": "Robin"}]}
    batch: int = ask("POST", "/v1/batches", body)["id"]
    return batch


def _pupil(reference: str) -> dict[str, Any]:
    return {**EXAMPLE["pupil"], "pupil_reference": reference}


def _items(ask: Ask, path: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = ask("GET", f"{path}?limit=200", None)["items"]
    return items


def write_choices(rows: Rows) -> str:
    """The choices of Schemathesis, with dictionaries of what there is."""
    lines = [CHOICES.read_text(encoding="utf-8")]
    for name, values in rows.items():
        lines += [f"[dictionaries.{name}]", f"values = {json.dumps(list(values))}", ""]
    lines += ["[parameters]", *(_bind(parameter, name) for parameter, name in _BOUND.items())]
    return "\n".join(lines) + "\n"


def _bind(parameter: str, name: str) -> str:
    likely = _OTHERWISE.get(parameter, LIKELY)
    return f'"{parameter}" = {{ dictionary = "{name}", probability = {likely} }}'
