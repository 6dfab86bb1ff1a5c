"""GET /metrics: figures for Prometheus on this machine, where a setting asks for it; no word of a school or a pupil."""

from __future__ import annotations

import ipaddress
import threading
import time
from collections.abc import Iterator

from flask import Blueprint, Response, abort, current_app, request
from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily, Metric, SummaryMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector

from service.memory.memory import Memory
from service.storage.batched.measures import (
    age_of_oldest,
    count_all_rows,
    count_batches,
    count_kept_letters,
    time_steps,
)
from service.storage.database import Connection
from service.web.callers import open_to_anybody, web_memory

FRESH_SECONDS = 5
"""For how long figures are told again without counting anew, however many ask."""
_NAME = "attendance_letters_"

metrics = Blueprint("metrics", __name__)
_lock = threading.Lock()


class Figures(Collector):
    """The figures of a memory, at the moment at which they are asked for."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def collect(self) -> Iterator[Metric]:
        """Each figure with its meaning."""
        yield _by_state("batches", "Batches that are kept, by state.", count_batches(self.connection))
        yield _by_state("batch_rows", "Rows of batches that are kept, by state.", count_all_rows(self.connection))
        yield _by_state("letters", "Letters that are kept, by state.", count_kept_letters(self.connection))
        yield GaugeMetricFamily(
            f"{_NAME}oldest_chunk_age_seconds",
            "For how long the oldest unfinished chunk of work was not begun anew; 0 where nothing is left to do.",
            value=age_of_oldest(self.connection),
        )
        steps = SummaryMetricFamily(f"{_NAME}step_seconds", "Time that chunks took, by step.", labels=["step"])
        for step in time_steps(self.connection):
            steps.add_metric([step.step], step.chunks, step.seconds)
        yield steps


def _by_state(name: str, meaning: str, counts: dict[str, int]) -> Metric:
    figure = GaugeMetricFamily(_NAME + name, meaning, labels=["state"])
    for state, count in sorted(counts.items()):
        figure.add_metric([state.replace(" ", "_")], count)
    return figure


@metrics.get("/metrics")
@open_to_anybody
def tell_metrics() -> Response:
    """The figures, for this machine alone: to everybody else there is nothing at this address."""
    if not _is_here(request.remote_addr or ""):
        abort(404)
    memory = web_memory()
    content = _figures_of(memory.open()) if memory.is_there else b""
    return Response(content, content_type=CONTENT_TYPE_LATEST)


def _is_here(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def _figures_of(memory: Memory) -> bytes:
    """The figures as text; those of a moment ago where somebody has just asked."""
    with _lock:
        told_at, content = current_app.extensions.get("figures", (float("-inf"), b""))
        if time.monotonic() - told_at < FRESH_SECONDS:
            return bytes(content)
        with memory.database.read() as connection:
            registry = CollectorRegistry(auto_describe=False)
            registry.register(Figures(connection))
            content = generate_latest(registry)
        current_app.extensions["figures"] = (time.monotonic(), content)
        return content
