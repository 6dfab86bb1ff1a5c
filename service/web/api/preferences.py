"""Prefer: respond-async (RFC 7240): a request about many pupils is answered at once, and worked on as a batch."""

from __future__ import annotations

import re

from flask import Response, request

from service.web.callers import caller

ASYNC = "respond-async"
APPLIED = "Preference-Applied"
PARAMETER = {
    "in": "header",
    "name": "Prefer",
    "description": (
        f"With {ASYNC} the pupils become a batch: 202, with its address in Location and {APPLIED}. It needs a live key "
        "that may issue, and a pupil who can be used; otherwise, and with any other word, the answer comes as without "
        "this header, and has no such header either."
    ),
    "schema": {"type": "string", "maxLength": 200},
    "example": ASYNC,
}
MEANING = {APPLIED: f"{ASYNC}, where the request preferred it."}
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')


def is_async_preferred() -> bool:
    """Whether the request would rather have a batch than wait."""
    given = _QUOTED.sub('""', ",".join(request.headers.getlist("Prefer")))
    words = (part.partition(";")[0].partition("=") for part in given.split(","))
    return any(word.strip().lower() == ASYNC and value.strip() in ("", '""') for word, _, value in words)


def may_become_batch() -> bool:
    """Whether whoever asks prefers a batch, and may have one: it is remembered, and can be released."""
    holder = caller().holder
    return is_async_preferred() and caller().remembers and holder is not None and "issue" in holder.scopes


def note_preference(answer: Response) -> Response:
    """Say in an answer that comes before the work is done that this was preferred."""
    if is_async_preferred():
        answer.headers[APPLIED] = ASYNC
    return answer
