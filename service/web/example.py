"""A request that gives a letter, for whoever tries the service."""

from __future__ import annotations

import json

EXAMPLE = {
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


def say_curl(address: str) -> str:
    """A command that returns a letter."""
    body = json.dumps(EXAMPLE)
    return f"curl -s {address}/v1/letters -H 'Content-Type: application/json' -o letter.docx -d '{body}'"
