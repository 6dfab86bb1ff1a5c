"""Named places at which a test kills the process, to see that nothing is lost or doubled; nothing happens elsewhere."""

from __future__ import annotations

import os
import signal

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


def reach(name: str) -> None:
    """Die here, as if the power went, when the environment names this place."""
    if os.environ.get(FAIL_AT) == name:
        os.kill(os.getpid(), signal.SIGKILL)
