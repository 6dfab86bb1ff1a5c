"""What wakes workers: messages that say "look for work" and nothing else, carried by Redis or RabbitMQ.

The database alone knows what is to be done: a message that is lost, late or doubled changes nothing.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any, Final

from service.errors import Problem, SettingsError
from service.settings import Settings

LOOK: Final = "attendance-letters.look"
TURN_SECONDS = 10
"""How long a worker goes on from one message; then it stops where it is told to, or takes the next message."""
EXPIRE_SECONDS = 30
"""How long a message is worth reading: nobody reads what was sent while every worker was away."""
MOST_LOOKS = 100
"""Messages after which a process begins anew, so that its memory stays small."""
_ANSWER_SECONDS = 5
_NEEDS = {
    "database": "Name a PostgreSQL database: many machines cannot share an SQLite file.",
    "files": "Name a folder that every machine shares, or s3://bucket/prefix: each machine makes and reads letters.",
    "queue": "Name the Redis or RabbitMQ that wakes the workers, as redis://host:6379/0 or amqp://user@host:5672/name.",
}
_NOT_INSTALLED = "Install what ENGINE=celery needs: pip install attendance-letters[many-machines]"


def open_queue(settings: Settings) -> Any:
    """The queue of the settings. Raises SettingsError when many machines cannot work with them."""
    missing = [(name.upper(), told) for name, told in _NEEDS.items() if not getattr(settings, name)]
    if missing:
        problems = [Problem("missing-setting", told, column=name) for name, told in missing]
        raise SettingsError(problems, "ENGINE=celery needs more settings")
    try:
        from celery import Celery
    except ImportError as error:
        raise SettingsError(Problem("not-installed", _NOT_INSTALLED), "ENGINE=celery is not installed") from error
    app = Celery("attendance-letters", broker=settings.queue, set_as_current=False)
    app.conf.update(_configure(settings))
    return app


def ask_to_look(app: Any) -> None:
    """Send the message; where the queue is away another one follows later, so that nothing is said of it here."""
    from kombu.exceptions import OperationalError

    with suppress(OperationalError, OSError):
        app.send_task(LOOK, expires=EXPIRE_SECONDS, retry=False)


def _configure(settings: Settings) -> dict[str, Any]:
    redis = {"socket_timeout": _ANSWER_SECONDS, "socket_connect_timeout": _ANSWER_SECONDS, "health_check_interval": 10}
    rabbitmq = {"connect_timeout": _ANSWER_SECONDS}
    return {
        "task_default_queue": "attendance-letters",
        "task_default_delivery_mode": "transient",
        "task_serializer": "json",
        "accept_content": ["json"],
        "task_ignore_result": True,
        "task_time_limit": TURN_SECONDS + settings.chunk_seconds,
        "worker_concurrency": settings.batch_processes or None,
        "worker_prefetch_multiplier": 1,
        "worker_max_tasks_per_child": MOST_LOOKS,
        "worker_enable_remote_control": False,
        "worker_hijack_root_logger": False,
        "worker_cancel_long_running_tasks_on_connection_loss": False,
        "broker_connection_retry_on_startup": True,
        "broker_connection_max_retries": None,
        "broker_connection_timeout": _ANSWER_SECONDS,
        "broker_transport_options": redis if settings.queue.startswith("redis") else rabbitmq,
    }
