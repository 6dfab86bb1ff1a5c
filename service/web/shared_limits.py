"""Requests counted in Redis, where the service runs several times: what one has counted holds for all.

While Redis is away each counts by itself, as with no Redis; it is asked again after some seconds.
"""

from __future__ import annotations

import hashlib
import logging
import math
import time
from threading import Lock
from typing import TYPE_CHECKING

from service.settings import Settings
from service.web.request_limits import RequestLimit

if TYPE_CHECKING:
    from redis import Redis

PATIENCE = 0.25
"""Seconds that a request waits for Redis."""
AWAY_SECONDS = 5.0
"""How long Redis is not asked again after it did not answer."""
_TAKE = """
local now = redis.call('TIME')
now = tonumber(now[1]) + tonumber(now[2]) / 1000000
local each, most = tonumber(ARGV[1]), tonumber(ARGV[2])
local full = tonumber(redis.call('GET', KEYS[1]) or '0')
if full < now then full = now end
local wait = full + each - most * each - now
if wait > 0 then return string.format('%.6f', wait) end
redis.call('SET', KEYS[1], string.format('%.6f', full + each), 'EX', math.ceil(most * each) + 1)
return '0'
"""
"""A bucket as the moment at which it will be full again; Redis tells the time, so that no machine's clock counts."""


class SharedLimit:
    """A limit for each name that several processes count together."""

    def __init__(self, redis: Redis, prefix: str, a_minute: int) -> None:
        self.own = RequestLimit(a_minute)
        self.prefix = prefix
        self._take = redis.register_script(_TAKE)
        self._away_until = 0.0
        self._lock = Lock()

    def take(self, name: str) -> int:
        """Count a request of a name: 0 when it may go on, else the seconds after which the next one may."""
        from redis import RedisError

        if time.monotonic() < self._away_until:
            return self.own.take(name)
        try:
            given = [1 / self.own.a_second, self.own.most]
            return math.ceil(float(self._take(keys=[self.prefix + name], args=given)))
        except RedisError:
            self._note_away()
            return self.own.take(name)

    def _note_away(self) -> None:
        with self._lock:
            is_new = self._away_until == 0.0
            self._away_until = time.monotonic() + AWAY_SECONDS
        if is_new:
            logging.getLogger(__name__).warning("Redis does not answer: this process counts requests by itself.")


def limit_for(settings: Settings, what: str, a_minute: int) -> RequestLimit | SharedLimit:
    """The limit of that kind: counted in Redis where the queue is one, else in this process."""
    if not settings.queue.startswith(("redis://", "rediss://")):
        return RequestLimit(a_minute)
    from redis import Redis

    redis = Redis.from_url(settings.queue, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE)
    whose = hashlib.sha256(settings.database.encode()).hexdigest()[:12]  # several services may share a Redis
    return SharedLimit(redis, f"attendance-letters:{whose}:{what}:", a_minute)
