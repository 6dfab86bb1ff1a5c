"""Lists in pages, with a cursor that stays good while the list grows; an unchanged one is not sent again.

A number in an address is one that a row can have: whatever is longer is the address of nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from flask import Response, request
from werkzeug.routing import IntegerConverter, Map

from service.errors import Problem, RequestError

DIGITS = 18
"""Digits that a number may have wherever rows are numbered: no database is asked for more than it can hold."""
MOST = 200
USUAL = 50
AFTER = {
    "in": "query",
    "name": "after",
    "description": "The value of next on the page before; left out for the first page.",
    "schema": {"type": "string", "maxLength": 100},
    "example": "letter_1",
}
LIMIT = {
    "in": "query",
    "name": "limit",
    "description": "How many items a page has at most.",
    "schema": {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL},
    "example": USUAL,
}
IF_NONE_MATCH = {
    "in": "header",
    "name": "If-None-Match",
    "description": "The ETag of an earlier answer: where nothing has changed, the answer is 304 without a body.",
    "schema": {"type": "string"},
}
PARAMETERS = [AFTER, LIMIT, IF_NONE_MATCH]


class RowNumber(IntegerConverter):
    """A number in an address."""

    regex = rf"\d{{1,{DIGITS}}}"

    def __init__(self, map: Map, fixed_digits: int = 0) -> None:  # noqa: A002  # as werkzeug calls it
        super().__init__(map, fixed_digits, max=10**DIGITS - 1)


def read_limit() -> int:
    """How many items are asked for. Raises RequestError when it is no such number."""
    text = request.args.get("limit", str(USUAL))
    if text.isascii() and text.isdecimal() and len(text) < 5 and 1 <= int(text) <= MOST:
        return int(text)
    sentence = f"Ask for 1 to {MOST} items."
    raise RequestError("wrong-limit", "This page cannot be given", Problem("wrong-limit", sentence, "/limit"))


def read_after() -> str:
    """After which item the page begins; "" for the first."""
    return request.args.get("after", "")


def read_after_number() -> int:
    """After which number the page begins. Raises RequestError when it is none."""
    text = read_after()
    if not text:
        return 0
    if text.isascii() and text.isdecimal() and len(text) <= DIGITS:
        return int(text)
    raise unknown_place()


def page_of(items: Sequence[dict[str, Any]], word: str) -> Response:
    """A page of a list that is held whole; `word` is what its items are known by.

    Raises RequestError when the page would begin after an item that there is not.
    """
    after, names = read_after(), [str(item[word]) for item in items]
    if after and after not in names:
        raise unknown_place()
    start = names.index(after) + 1 if after else 0
    chosen = items[start : start + read_limit()]
    more = start + len(chosen) < len(items)
    return tagged({"items": list(chosen), "next": str(chosen[-1][word]) if more and chosen else None})


def unknown_place() -> RequestError:
    """What to say when a page should begin after something that is not in the list."""
    sentence = "Give after as it stands under next on the page before, or leave it out for the first page."
    return RequestError("unknown-page", "There is no such page", Problem("unknown-page", sentence, "/after"))


def tagged(value: Any, may_be_kept: bool = True) -> Response:
    """An answer as JSON with its tag, or 304 where the program has it already.

    What is about nobody may be kept by the program that asked.
    """
    body = json.dumps(value, ensure_ascii=False, indent=None).encode()
    answer = Response(body, mimetype="application/json")
    answer.set_etag(hashlib.sha256(body).hexdigest()[:32])
    if may_be_kept:
        answer.headers["Cache-Control"] = "private, no-cache"  # it is asked for again each time
    answer.make_conditional(request)
    return answer
