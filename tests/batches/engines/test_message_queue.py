"""What many machines need is asked for in one go, and a message says nothing but that somebody should look."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from kombu import Connection

from service.batches.engines.message_queue import ask_to_look, open_queue
from service.errors import SettingsError
from service.settings import PREFIX, SETTINGS, Settings, read_settings
from tests.storage.own_postgres import free_port

GUIDE = (Path(__file__).parents[3] / "docs" / "many-machines.md").read_text(encoding="utf-8")
DATABASE = "postgresql://letters@database.example/letters"


def test_sqlite_is_refused_and_everything_that_is_missing_is_said_at_once() -> None:
    with pytest.raises(SettingsError) as caught:
        open_queue(Settings(engine="celery"))
    assert {problem.column: problem.detail for problem in caught.value.problems} == {
        "DATABASE": "Name a PostgreSQL database: many machines cannot share an SQLite file.",
        "FILES": "Name a folder that every machine shares, or s3://bucket/prefix: "
        "each machine makes and reads letters.",
        "QUEUE": "Name the Redis or RabbitMQ that wakes the workers, "
        "as redis://host:6379/0 or amqp://user@host:5672/name.",
    }


def test_the_settings_that_the_guide_shows_are_those_of_many_machines() -> None:
    lines = [line.partition("=") for line in re.findall(rf"^{PREFIX}.*=.*$", GUIDE, flags=re.MULTILINE)]
    open_queue(read_settings({name: text for name, _, text in lines}))
    shown = set(re.findall(rf"{PREFIX}([A-Z_]+)", GUIDE))
    assert shown == {"ENGINE", "DATABASE", "QUEUE", "DATA", "FILES", "TRUSTED_PROXY"}
    assert shown < {setting.name for setting in SETTINGS}


def test_a_message_holds_nothing(redis: str) -> None:
    app = open_queue(Settings(engine="celery", database=DATABASE, files="/letters", queue=redis.replace("/0", "/7")))
    ask_to_look(app)
    with Connection(app.conf.broker_url) as connection:
        message = connection.SimpleQueue("attendance-letters").get(timeout=5)
        message.ack()
    assert message.payload[:2] == [[], {}]
    assert message.headers["task"] == "attendance-letters.look"


def test_a_queue_that_is_away_is_no_fault() -> None:
    queue = f"redis://127.0.0.1:{free_port('127.0.0.1')}/0"
    ask_to_look(open_queue(Settings(engine="celery", database=DATABASE, files="/letters", queue=queue)))
