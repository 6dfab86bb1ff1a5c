"""How pages say where a batch and its rows stand, and how long the rest takes."""

from __future__ import annotations

from types import MappingProxyType
from typing import NamedTuple

from service.storage.batched import batch_values as values
from service.storage.batched.batch_values import StoredBatch


class BatchState(NamedTuple):
    """Where a batch stands, as its tag says it, and the tag's colour."""

    label: str
    colour: str


_STATES = MappingProxyType(
    {
        values.UPLOADED: BatchState("Reading the export", "blue"),
        values.UNDERSTOOD: BatchState("Deciding", "blue"),
        values.DECIDED: BatchState("Waits for you", "yellow"),
        values.RELEASED: BatchState("Issuing", "blue"),
        values.RUNNING: BatchState("Issuing", "blue"),
        values.FINISHED: BatchState("Finished", "green"),
        values.WITH_PROBLEMS: BatchState("Finished with problems", "orange"),
        values.CANCELLED: BatchState("Cancelled", "grey"),
    }
)
ROW_STATES = MappingProxyType(
    {
        values.ISSUED: "issued",
        values.READY: "waiting to be issued",
        values.DUE: "due a letter",
        values.WAITING: "not decided yet",
        values.FAILED: "failed",
        values.CHANGED: "changed since somebody looked",
        values.HELD: "held back",
        values.UNDECIDED: "with a question to answer first",
        values.NEEDS_MEETING: "invited to a meeting, but none is free",
        values.UNUSABLE: "rows of the export that could not be used",
        values.LEFT_OUT: "left out",
        values.NOTHING: "due no letter",
    }
)
"""What became of a pupil in a batch, by the state of the row."""


def state_of(batch: StoredBatch) -> BatchState:
    """Where a batch stands."""
    return _STATES[batch.state]


def say_time_left(seconds: int | None) -> str:
    """About 2 minutes; nothing where nobody can say yet."""
    if seconds is None:
        return ""
    if seconds < 50:
        return "less than a minute"
    minutes = round(seconds / 60)
    return f"about {minutes} minute{'s' if minutes > 1 else ''}"
