"""Webhooks: addresses at which a school's programs are told of what happened.

A webhook's secret is never kept: it follows from the secret of the data folder, so that the database alone signs
nothing.
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64encode
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from urllib.parse import SplitResult, urlsplit

from service.did_you_mean import did_you_mean
from service.errors import Problem, RequestError
from service.loopback import LOOPBACK
from service.memory.access.keyring import secret_of
from service.memory.memory import Memory, OpenSchool
from service.storage.access.key_search import read_now
from service.storage.audit_chain import note
from service.storage.database import Connection
from service.storage.hooks.deliveries import Delivery, delete_deliveries, list_deliveries, send_again
from service.storage.hooks.hooks_kept import StoredHook, add_hook, find_hook, list_hooks, remove_hook, turn_secret

BATCH_FINISHED, LETTER_REVERSED = "batch.finished", "letter.reversed"
EVENTS = MappingProxyType(
    {
        BATCH_FINISHED: "a batch has ended: it was issued, with or without problems, or cancelled",
        LETTER_REVERSED: "a letter that was issued was taken back",
    }
)
"""What a webhook can be told of."""
MOST_HOOKS = 20
LONGEST_ADDRESS = 500
DAYS_KEPT = 30
"""How long what was sent can be looked at."""
BOTH_HOURS = 24
"""How long the secret before is good beside a new one, so that a program can change over."""


def add_webhook(
    memory: Memory, school: OpenSchool, address: str, events: Collection[str] = tuple(EVENTS)
) -> tuple[StoredHook, str]:
    """A new webhook of a school, and its secret.

    Raises RequestError with everything that is wrong with its address or events.
    """
    address = address.strip()
    if problems := [*find_address_faults(address, memory.desk.settings.webhooks_to), *_find_event_faults(events)]:
        raise RequestError("webhook-not-made", "No webhook was made", problems)
    with memory.database.write(school.id) as connection:
        if len(list_hooks(connection, school.id)) >= MOST_HOOKS:
            sentence = f"A school has at most {MOST_HOOKS} webhooks. Remove one that is not needed."
            raise RequestError("webhook-not-made", "No webhook was made", Problem("too-many-webhooks", sentence))
        number = add_hook(connection, school.id, address, " ".join(one for one in EVENTS if one in events))
        note(connection, school.id, "webhook made", f"webhook {number}")
        hook = find_hook(connection, school.id, number)
    assert hook is not None  # noqa: S101  # it was written in the same transaction
    return hook, secret_text(memory, hook)


def webhooks_of(memory: Memory, school: OpenSchool) -> list[StoredHook]:
    """Every webhook of a school."""
    with memory.database.read() as connection:
        return list_hooks(connection, school.id)


def remove_webhook(memory: Memory, school: OpenSchool, number: int) -> None:
    """Remove a webhook; what it was not told yet is not sent. Raises RequestError when the school has none."""
    with memory.database.write(school.id) as connection:
        if not remove_hook(connection, school.id, number):
            raise _unknown()
        note(connection, school.id, "webhook removed", f"webhook {number}")


def change_secret(memory: Memory, school: OpenSchool, number: int) -> str:
    """A webhook's new secret; for a day everything is signed with the one before as well.

    Raises RequestError when the school has no such webhook.
    """
    with memory.database.write(school.id) as connection:
        hook = find_hook(connection, school.id, number) if turn_secret(connection, school.id, number) else None
        if hook is None:
            raise _unknown()
        note(connection, school.id, "webhook's secret changed", f"webhook {number}")
    return secret_text(memory, hook)


def deliveries_of(memory: Memory, school: OpenSchool, number: int, after: int = 0, most: int = 50) -> list[Delivery]:
    """What a webhook was or will be told, the latest first. Raises RequestError when the school has no such webhook."""
    with memory.database.read() as connection:
        if find_hook(connection, school.id, number) is None:
            raise _unknown()
        return list_deliveries(connection, school.id, number, after, most)


def resend(memory: Memory, school: OpenSchool, number: int, delivery: int) -> None:
    """Have something sent to a webhook again. Raises RequestError when there is no such delivery."""
    with memory.database.write(school.id) as connection:
        if not send_again(connection, school.id, number, delivery):
            sentence = "This webhook has no delivery of that number. List its deliveries to see their numbers."
            raise RequestError("unknown-delivery", "There is no such delivery", Problem("unknown-delivery", sentence))
        note(connection, school.id, "delivery sent again", f"delivery {delivery}")


def secret_text(memory: Memory, hook: StoredHook, turns_before: int = 0) -> str:
    """The secret that a webhook's messages are signed with, or the one of so many changes before."""
    what = f"webhook {hook.school} {hook.id} {hook.turn - turns_before}"
    made = hmac.new(secret_of(memory), what.encode(), hashlib.sha256).digest()
    return "whsec_" + urlsafe_b64encode(made).decode().rstrip("=")


def sign(memory: Memory, hook: StoredHook, body: bytes, moment: datetime) -> str:
    """The signature of a message: its time, and an HMAC-SHA256 of time, point and body for each secret in force."""
    seconds = int(moment.timestamp())
    is_new = hook.turn and hook.turned_at >= f"{moment.astimezone(UTC) - timedelta(hours=BOTH_HOURS):%Y-%m-%dT%H:%M:%S}"
    secrets = [secret_text(memory, hook, before) for before in ((0, 1) if is_new else (0,))]
    signed = f"{seconds}.".encode() + body
    made = (hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest() for secret in secrets)
    return ",".join((f"t={seconds}", *(f"v1={one}" for one in made)))


def forget_old_deliveries(connection: Connection, school: int) -> None:
    """Forget what was sent, or given up, a month ago."""
    long_ago = datetime.fromisoformat(read_now(connection)) - timedelta(days=DAYS_KEPT)
    delete_deliveries(connection, school, f"{long_ago:%Y-%m-%dT%H:%M:%S}")


def find_address_faults(address: str, allowed: Collection[str]) -> list[Problem]:
    """What is wrong with an address: that nothing may be sent there, or that it is none."""
    try:
        parts = urlsplit(address)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        parts, host, port = SplitResult("", "", "", "", ""), "", None
    is_plain = address.isascii() and address.isprintable() and " " not in address and len(address) <= LONGEST_ADDRESS
    if not is_plain or not host or port == 0 or parts.username is not None or parts.fragment:
        sentence = f"Write an address as https://hooks.example.org/attendance, in at most {LONGEST_ADDRESS} characters."
        return [Problem("wrong-address", sentence, "/address")]
    if host not in allowed:
        sentence = (
            "Nothing may be sent to that machine from here. Who runs the service adds its name to "
            "ATTENDANCE_LETTERS_WEBHOOKS_TO."
        )
        return [Problem("address-not-allowed", sentence, "/address")]
    if parts.scheme != "https" and not (parts.scheme == "http" and host in LOOPBACK):
        return [Problem("wrong-address", "Use an address that begins with https://.", "/address")]
    return []


def _find_event_faults(events: Collection[str]) -> list[Problem]:
    known = ", ".join(EVENTS)
    if not events:
        return [Problem("no-event", f"Say what the webhook is to be told of: {known}.", "/events")]
    return [
        Problem(
            "unknown-hook-event", f'"{one}" is not known.{did_you_mean(one, EVENTS)} There are: {known}.', "/events"
        )
        for one in events
        if one not in EVENTS
    ]


def _unknown() -> RequestError:
    sentence = "The school has no webhook of that number. List the webhooks to see their numbers."
    return RequestError("unknown-webhook", "There is no such webhook", Problem("unknown-webhook", sentence))
