"""A batch and its rows, as answers tell of them."""

from __future__ import annotations

from typing import Any

from service.batches.results.outcomes import index_of
from service.batches.stored.progress import Progress
from service.memory.memory import Memory, OpenSchool
from service.storage.batched import batch_values as values
from service.storage.batched.batch_values import BatchRow, StoredBatch


def as_word(state: str) -> str:
    """A state as one word."""
    return state.replace(" ", "_")


BATCH_STATES = tuple(
    map(
        as_word,
        (
            values.UPLOADED,
            values.UNDERSTOOD,
            values.DECIDED,
            values.RELEASED,
            values.RUNNING,
            values.FINISHED,
            values.WITH_PROBLEMS,
            values.CANCELLED,
        ),
    )
)
_ROWS = (
    values.WAITING,
    values.NOTHING,
    values.DUE,
    values.NEEDS_MEETING,
    values.HELD,
    values.UNDECIDED,
    values.LEFT_OUT,
    values.READY,
    values.ISSUED,
    values.FAILED,
    values.CHANGED,
    values.UNUSABLE,
)
ROW_STATES = {as_word(state): state for state in _ROWS}
"""What each state of a row is called in answers, and in what is stored."""


def tell_step(number: int, state: str) -> dict[str, Any]:
    """A batch that has begun its next step."""
    own = f"/v1/batches/{number}"
    steps = {word: f"{own}/{word}" for word in ("items", "release", "cancel", "retry")}
    files = {
        "letters": f"{own}/letters.zip",
        "print": f"{own}/print.pdf",
        "messages": f"{own}/messages.csv",
        "index": f"{own}/index.csv",
    }
    return {"id": number, "state": as_word(state), "links": {"self": own, **steps, **files}}


def tell_listed(batch: StoredBatch) -> dict[str, Any]:
    """A batch in a list."""
    words = ("released_at", "released_by", "ended_at", "ended_by", "ended_why")
    return {
        **tell_step(batch.id, batch.state),
        "on": batch.day.isoformat(),
        "policy": batch.policy,
        "started_at": batch.added_at,
        "started_by": batch.by or None,
        **{word: getattr(batch, word) or None for word in words},
    }


def tell_batch(now: Progress, seen: str) -> dict[str, Any]:
    """A batch with how far it is; `seen` is what a release must name."""
    is_open = now.batch.state == values.DECIDED and now.rows.get(values.DUE)
    return {
        **tell_listed(now.batch),
        "total": now.total,
        "problems": now.problems,
        "percent": _percent(now),
        "seconds_left": now.seconds_left,
        "seen": seen if is_open else None,
        "counts": {word: now.rows.get(state, 0) for word, state in ROW_STATES.items()},
        "letters": [
            {"label": label, "status": as_word(state), "count": count}
            for (state, label), count in sorted(now.letters.items())
            if label
        ],
    }


def _percent(now: Progress) -> int:
    """How much of the step at work is done; 100 where none is."""
    if now.batch.state == values.UPLOADED:
        return 0
    if now.batch.state not in values.WORKING:
        return 100
    is_issuing = now.batch.state in (values.RELEASED, values.RUNNING)
    done = (values.ISSUED, values.FAILED, values.CHANGED)
    total = sum(now.rows.get(state, 0) for state in done) + now.left if is_issuing else now.total
    return 100 * (total - now.left) // total if total else 100


def tell_item(memory: Memory, school: OpenSchool, row: BatchRow, reference: str, upn: str) -> dict[str, Any]:
    """A row of a batch, with the pupil's reference and UPN."""
    lines = index_of(memory, school, row)
    return {
        "number": row.number,
        "status": as_word(row.state),
        "pupil_reference": reference or None,
        "upn": upn or None,
        "letter": row.letter or None,
        "label": row.label or None,
        "why": lines[0].get("why") or None,
        "stopped_by": lines[0].get("problems") or None if row.state != values.ISSUED else None,
        "references": [line["reference"] for line in lines] if row.state == values.ISSUED else [],
    }
