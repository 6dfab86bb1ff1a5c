"""Sends what webhooks are to be told: each at least once, tried again with growing pauses for a day."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from importlib.metadata import version

from service.memory.hooks.posting import NotSentError, post
from service.memory.hooks.webhooks import find_address_faults, sign
from service.memory.memory import Memory
from service.storage.failpoints import reach
from service.storage.hooks.deliveries import (
    GIVEN_UP,
    TAKEN,
    Delivery,
    claim_delivery,
    end_delivery,
    put_off,
)
from service.storage.hooks.due_search import find_due
from service.storage.hooks.hooks_kept import StoredHook, find_hook

PAUSES = (60, 300, 900, 3_600, 7_200, 14_400, 28_800, 28_800)
"""Seconds before each further attempt: together nearly a day."""
CLAIM_SECONDS = 120
"""How long a delivery is one sender's; longer than a message may take."""
AT_ONCE = 20


def deliver_due(memory: Memory) -> int:
    """Send everything that is due now; how many messages were sent."""
    with memory.database.read() as connection:
        found = find_due(connection, AT_ONCE)
    return sum(_deliver(memory, one) for one in found)


def _deliver(memory: Memory, found: Delivery) -> bool:
    with memory.database.write(found.school) as connection:
        hook = find_hook(connection, found.school, found.webhook)
        if hook is None or not claim_delivery(connection, found, CLAIM_SECONDS):
            return False
    reach("delivery-claimed")
    is_taken, answer = _send(memory, hook, found)
    reach("delivery-sent")
    with memory.database.write(found.school) as connection:
        if is_taken:
            end_delivery(connection, found.school, found.id, TAKEN, answer)
        elif found.attempts >= len(PAUSES):
            end_delivery(connection, found.school, found.id, GIVEN_UP, answer)
        else:
            put_off(connection, found.school, found.id, answer, PAUSES[found.attempts])
    return True


def _send(memory: Memory, hook: StoredHook, found: Delivery) -> tuple[bool, str]:
    """Whether the program took it, and what came back in words."""
    if faults := find_address_faults(hook.address, memory.desk.settings.webhooks_to):
        return False, faults[0].code
    body = message_of(found)
    headers = {
        "Content-Type": "application/json",
        "User-Agent": f"attendance-letters/{version('attendance-letters')}",
        "Attendance-Letters-Signature": sign(memory, hook, body, datetime.now(UTC)),
    }
    try:
        status = post(hook.address, body, headers)
    except NotSentError as error:
        return False, str(error)
    return 200 <= status < 300, f"status {status}"


def message_of(found: Delivery) -> bytes:
    """A message: its number, which stays the same when it is sent again, the event, when it happened, and what it is
    about. It holds numbers and references, and nobody's name."""
    words = {"delivery": found.id, "event": found.event, "at": found.made_at, **json.loads(found.about)}
    return json.dumps(words).encode()
