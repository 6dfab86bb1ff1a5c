"""A request that gives a letter, for whoever tries the service."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

EXAMPLE: dict[str, Any] = {
    "on": "2026-11-20",
    "pupil": {
        "pupil_reference": "4711",
        "first_name": "Robin",
        "last_name": "Ash",
        "date_of_birth": "2013-05-02",
        "registration_group": "8B",
        "sessions_possible": 104,
        "sessions_attended": 94,
        "sessions_authorised": 7,
        "sessions_unauthorised": 3,
        "sessions_unexplained": 0,
        "contacts": [
            {
                "title": "Ms",
                "first_name": "Jo",
                "last_name": "Ash",
                "parental_responsibility": True,
                "address_line_1": "2 Long Row",
                "address_line_2": "Netherford",
                "postcode": "ZE8 4QT",
            }
        ],
    },
}
"""A request that gives a letter: an invented pupil of the sample school."""


_ABOUT = EXAMPLE["pupil"]
_REVERSAL = {"why": "The marks were wrong.", "by": "JM"}
_EVENT = {
    "on": "2026-11-20",
    "event": "parent_contact",
    "by": "JM",
    "method": "by telephone",
    "note": "Will ring back.",
}
EXAMPLES: Mapping[str, Any] = {
    "/v1/decisions": {"on": EXAMPLE["on"], "policy": "bradford", "pupils": [_ABOUT]},
    "/v1/letters": EXAMPLE,
    "/v1/letters/{reference}/reversal": _REVERSAL,
    "/v1/pupils/{pupil_reference}/history": _EVENT,
    "/v1/pupils/{pupil_reference}/history/{number}/reversal": _REVERSAL,
    "/v1/forms/{form}": {"on": EXAMPLE["on"], "pupil": _ABOUT},
    "/v1/templates/{template}/preview": {"known_as": "Robin"},
    "/v1/batches": {"on": EXAMPLE["on"], "policy": "bradford", "nothing_sent": True, "by": "JM", "pupils": [_ABOUT]},
    "/v1/batches/{batch}/release": {"seen": "9f86d081884c", "by": "JM"},
    "/v1/webhooks": {"address": "https://hooks.example.org/attendance", "events": ["batch.finished"]},
    "/v1/batches/{batch}/cancel": {"why": "The export was last week's.", "by": "JM"},
}
"""What can be posted to each route, in the order in which it works: the letter first, then what is about it."""
PLACES: Mapping[str, Any] = {
    "reference": "AL-7K3Q-0412-B5XD",
    "pupil_reference": "4711",
    "number": 17,
    "batch": 3,
    "webhook": 2,
    "delivery": 41,
    "form": "attendance_certificate",
    "template": "letter_1",
}
"""What the places in an address can hold."""


def say_curl(address: str, needs_key: bool = False) -> str:
    """A command that returns a letter; where a key is needed it takes it from the environment."""
    body, key = json.dumps(EXAMPLE), ' -H "Authorization: Bearer $LETTERS_KEY"' if needs_key else ""
    return f"curl -s {address}/v1/letters{key} -H 'Content-Type: application/json' -o letter.docx -d '{body}'"
