"""A batch, a chunk and a row as values, and the states they can be in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

UPLOADED, UNDERSTOOD, DECIDED, RELEASED, RUNNING = "uploaded", "understood", "decided", "released", "running"
FINISHED, WITH_PROBLEMS, CANCELLED = "finished", "finished with problems", "cancelled"
ENDED = (FINISHED, WITH_PROBLEMS, CANCELLED)
WORKING = (UPLOADED, UNDERSTOOD, RELEASED, RUNNING)
"""The states of a batch in which a program has something to do; in the others it waits for a person or has ended."""

WAITING, NOTHING, DUE, NEEDS_MEETING, HELD = "waiting", "no letter", "due", "no meeting", "held"
UNDECIDED, LEFT_OUT, READY, ISSUED, FAILED = "undecided", "left out", "released", "issued", "failed"
CHANGED, UNUSABLE = "changed", "not used"
PROBLEMS = (NEEDS_MEETING, HELD, UNDECIDED, FAILED, CHANGED, UNUSABLE)
"""The states of a row about which somebody has something to do after the batch."""
AGAIN = (NEEDS_MEETING, HELD, UNDECIDED, FAILED, CHANGED)
"""The states of a row that is decided again by a retry."""

UNDERSTAND, DECIDE, ISSUE = "understand", "decide", "issue"
"""The steps of a batch, each done in chunks."""
OPEN, CLAIMED, DONE = "open", "claimed", "done"


@dataclass(frozen=True, slots=True)
class StoredBatch:
    """A batch: its day and policy, where it stands, who started, released and ended it.

    `export` is the file of the export that is still to be understood, `told` how to read it; `slots` are the meetings
    that are still free; `seen` is the hash of what was released.
    """

    id: int
    school: int
    day: date
    policy: str
    fingerprint: str
    assumptions: str
    state: str
    export: str
    told: str
    slots: str
    by: str
    added_at: str
    seen: str
    released_by: str
    released_at: str
    begun_at: str
    ended_at: str
    ended_by: str
    ended_why: str


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some rows of a batch for one step, claimed by an owner; `attempt` is the fence: it rises with each claim."""

    id: int
    school: int
    batch: int
    step: str
    first: int
    last: int
    owner: str
    attempt: int
    tries: int


@dataclass(frozen=True, slots=True)
class BatchRow:
    """One pupil of a batch: what was shown and its hash, what a person said about it, and what became of it.

    `asked` is the letter that a person named instead of the one that is due, `meeting` the slot that was given.
    """

    number: int
    pupil: int | None
    state: str
    letter: str
    label: str
    asked: str
    meeting: str
    hash: str
    decision: int | None
    by: str
    why: str
    shown: bytes | None = None
