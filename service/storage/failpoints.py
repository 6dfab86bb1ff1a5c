"""Named places at which a test kills the process, to see that nothing is lost or doubled; nothing happens elsewhere."""

from __future__ import annotations

import os
import signal
from collections import Counter

FAIL_AT = "ATTENDANCE_FAIL_AT"
ISSUING = (
    "letters-filled",
    "file-begun",
    "file-written",
    "file-synced",
    "file-named",
    "files-kept",
    "issue-begun",
    "file-noted",
    "decision-noted",
    "event-noted",
    "letter-noted",
    "addressee-noted",
    "audit-noted",
    "issue-ready",
    "issue-kept",
)
"""Every place of issuing, in the order in which it is reached."""
STARTING = ("export-kept", "batch-ready", "batch-kept", "chunk-claimed", "export-understood", "rows-ready", "rows-kept")
"""Every place of a batch's start, until there is a row for each pupil."""
DECIDING = ("chunk-claimed", "chunk-read", "letters-filled", "chunk-decided", "chunk-noted", "chunk-kept")
"""Every place of deciding a chunk."""
RELEASING = ("release-begun", "release-ready", "release-kept")
"""Every place of a release."""
CHUNK = (
    "chunk-claimed",
    "chunk-read",
    "letters-filled",
    "file-begun",
    "file-written",
    "file-synced",
    "file-named",
    "chunk-files-kept",
    "chunk-begun",
    "chunk-fenced",
    "file-noted",
    "decision-noted",
    "event-noted",
    "letter-noted",
    "addressee-noted",
    "audit-noted",
    "chunk-noted",
    "batch-followed",
    "chunk-kept",
)
"""Every place of issuing a chunk."""
DELIVERING = ("delivery-claimed", "delivery-sent")
"""Every place of sending a message to a webhook."""
_reached: Counter[str] = Counter()


def reach(name: str) -> None:
    """Die here, as if the power went, when the environment names this place; "name:3" means the third time."""
    if not (wanted := os.environ.get(FAIL_AT)):
        return
    place, _, times = wanted.partition(":")
    if place == name:
        _reached[name] += 1
        if _reached[name] >= int(times or 1):
            os.kill(os.getpid(), signal.SIGKILL)
