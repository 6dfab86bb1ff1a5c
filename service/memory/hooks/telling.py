"""What webhooks are to be told is written down within the write that made it so: both are there, or neither."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from service.memory.hooks.webhooks import BATCH_FINISHED, LETTER_REVERSED
from service.storage.database import Connection
from service.storage.hooks.deliveries import add_deliveries
from service.storage.hooks.hooks_kept import list_hooks

MOST_REFERENCES = 50


def tell_batch_finished(connection: Connection, school: int, number: int, state: str) -> None:
    """A batch has ended in that state, cancelled among them; it is called as answers call it."""
    _tell(connection, school, BATCH_FINISHED, {"batch": number, "state": state.replace(" ", "_")})


def tell_letter_reversed(connection: Connection, school: int, references: list[str]) -> None:
    """A letter was taken back; it has a reference for each recipient."""
    _tell(connection, school, LETTER_REVERSED, {"references": references[:MOST_REFERENCES]})


def _tell(connection: Connection, school: int, event: str, about: Mapping[str, Any]) -> None:
    hooks = [hook.id for hook in list_hooks(connection, school) if event in hook.events.split()]
    add_deliveries(connection, school, hooks, event, json.dumps(about))
