"""A request that may arrive twice is done once: the second is given the answer of the first.

The answer is kept in the transaction that issues or records, so that neither is there without the other.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from service.errors import Problem, RequestError
from service.memory.memory import Memory, OpenSchool
from service.storage.access.kept_answers import (
    DONE,
    KeptAnswer,
    begin_answer,
    delete_answers,
    find_answer,
    forget_answer,
    keep_answer_of,
)
from service.storage.access.key_search import read_now
from service.storage.database import Connection

HOURS = 24
"""How long an answer is kept."""
GIVEN_UP_SECONDS = 120
"""After so long a request without an answer was cut off: nothing was issued, and it may be done again."""
Answer = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Turn:
    """The right to do one request. Its answer is kept with what was done, or it is given up."""

    memory: Memory
    school: OpenSchool
    number: int

    def keep(self, connection: Connection, answer: Answer, pupil: int | None = None) -> None:
        """Keep the answer, within the write that does what was asked."""
        text = json.dumps(answer, ensure_ascii=False)
        keep_answer_of(connection, self.school.id, self.number, text, pupil)

    def keep_alone(self, answer: Answer, pupil: int | None = None) -> None:
        """Keep the answer of a request that changed nothing."""
        with self.memory.database.write(self.school.id) as connection:
            self.keep(connection, answer, pupil)

    def give_up(self) -> None:
        """Let the request be sent again: nothing was done."""
        with self.memory.database.write(self.school.id) as connection:
            forget_answer(connection, self.school.id, self.number)


def take_turn(memory: Memory, school: OpenSchool, key: str, request: bytes) -> Turn | Answer:
    """The right to do a request, or the answer that it was given before.

    Raises RequestError while the first one runs, or when the key was another request's.
    """
    hashed, same = _hash(key.encode()), _hash(request)
    with memory.database.write(school.id) as connection:
        now = forget_old_answers(connection, school.id)
        found = find_answer(connection, school.id, hashed)
        if found and found.state != DONE and found.noted_at < _earlier(now, seconds=GIVEN_UP_SECONDS):
            forget_answer(connection, school.id, found.id)
            found = None
        if found is None:
            return Turn(memory, school, begin_answer(connection, school.id, hashed, same))
    return _answer_again(found, same)


def forget_old_answers(connection: Connection, school: int) -> str:
    """Delete the answers that were kept long enough; the time that it is."""
    now = read_now(connection)
    delete_answers(connection, school, _earlier(now, hours=HOURS))
    return now


def _answer_again(found: KeptAnswer, same: str) -> Answer:
    if found.request != same:
        sentence = "This Idempotency-Key was sent with another request. Use a new one for each request."
        raise RequestError("key-used", "This key was used before", Problem("key-used", sentence))
    if found.state != DONE:
        sentence = "The first request with this Idempotency-Key is still being answered. Try again in a moment."
        raise RequestError("still-running", "This is being done", Problem("still-running", sentence))
    answer: Answer = json.loads(found.answer)
    return answer


def _earlier(now: str, **ago: int) -> str:
    moment = datetime.fromisoformat(now) - timedelta(**ago)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03}Z"


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
