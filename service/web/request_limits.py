"""How many requests a key may send, and an address without one: a bucket for each that fills again evenly."""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

MOST_BUCKETS = 10_000
"""Buckets that are kept; of more the one that was used least lately is forgotten, and so is full again."""


@dataclass(slots=True)
class _Bucket:
    """What is left, and when it was looked at last."""

    left: float
    at: float


class RequestLimit:
    """So many requests a minute for each name; what is saved up is a third of a minute's, at least ten.

    It counts within this process; `shared_limits` counts for several together.
    """

    def __init__(self, a_minute: int) -> None:
        self.a_second = a_minute / 60
        self.most = max(10.0, a_minute / 3)
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()
        self._lock = Lock()

    def take(self, name: str, now: float | None = None) -> int:
        """Count a request of a name: 0 when it may go on, else the seconds after which the next one may."""
        now = time.monotonic() if now is None else now
        with self._lock:
            bucket = self._buckets.setdefault(name, _Bucket(self.most, now))
            self._buckets.move_to_end(name)
            if len(self._buckets) > MOST_BUCKETS:
                self._buckets.popitem(last=False)
            bucket.left = min(self.most, bucket.left + (now - bucket.at) * self.a_second)
            bucket.at = now
            if bucket.left < 1:
                return math.ceil((1 - bucket.left) / self.a_second)
            bucket.left -= 1
        return 0
