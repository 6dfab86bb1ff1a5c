"""Redis and RabbitMQ of the tests' own, each on a loopback port of its own with a private folder."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from kombu import Connection

from tests.storage.own_postgres import free_port

RABBITMQ = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
"""The program itself; the one in the path runs as the system's own account."""


class OwnRedis:
    """A Redis that keeps nothing: stopped and started again, it is empty."""

    def __init__(self, program: str, folder: Path, at: str) -> None:
        self.program, self.folder, self.at, self.port = program, folder, at, free_port(at)
        self.url = f"redis://{at}:{self.port}/0"
        self.start()

    def start(self) -> None:
        """Start it, and wait until it answers."""
        words = {"port": str(self.port), "bind": self.at, "dir": str(self.folder), "save": "", "appendonly": "no"}
        words |= {"protected-mode": "no"}
        options = [part for word, value in words.items() for part in (f"--{word}", value)]
        self.server = subprocess.Popen([self.program, *options], stdout=subprocess.DEVNULL)
        wait_for_queue(self.url, self.server)

    def stop(self) -> None:
        """Stop it at once."""
        self.server.kill()
        self.server.wait()


@contextmanager
def run_redis(at: str = "127.0.0.1") -> Iterator[OwnRedis]:
    """A Redis while a test runs, reached at an address."""
    program = shutil.which("redis-server") or skip("Redis")
    with tempfile.TemporaryDirectory(prefix="redis-") as folder:
        redis = OwnRedis(program, Path(folder), at)
        try:
            yield redis
        finally:
            redis.stop()


@pytest.fixture(scope="session")
def redis() -> Iterator[str]:
    """The setting QUEUE of a Redis for all tests of a process."""
    with run_redis() as server:
        yield server.url


class OwnRabbitMQ:
    """A RabbitMQ that keeps what it is told to keep; it takes some seconds to start."""

    def __init__(self, folder: Path) -> None:
        names, nodes, port = (free_port("127.0.0.1") for _ in range(3))
        words = {"ERL_EPMD_PORT": str(names), "ERL_EPMD_ADDRESS": "127.0.0.1", "HOME": str(folder)}
        self.settings = {**os.environ, **words, **{f"RABBITMQ_{word}": text for word, text in _words(folder).items()}}
        self.settings |= {"RABBITMQ_NODE_PORT": str(port), "RABBITMQ_DIST_PORT": str(nodes)}
        self.url, self.log = f"amqp://guest@127.0.0.1:{port}//", folder / "out"
        (folder / "rabbitmq.conf").write_text("loopback_users.guest = true\n")
        self._running = ExitStack()

    def start(self) -> None:
        """Start it, and wait until it answers."""
        self._running.enter_context(_ending(subprocess.Popen(["epmd"], env=self.settings, start_new_session=True)))
        log = self._running.enter_context(self.log.open("ab"))
        command = {"env": self.settings, "stdout": log, "stderr": log, "start_new_session": True}
        server = self._running.enter_context(_ending(subprocess.Popen([RABBITMQ], **command)))
        wait_for_queue(self.url, server)

    def stop(self) -> None:
        """Stop it at once."""
        self._running.close()


@contextmanager
def run_rabbitmq() -> Iterator[OwnRabbitMQ]:
    """A RabbitMQ while a test runs."""
    if not RABBITMQ.exists() or not shutil.which("epmd"):
        skip("RabbitMQ")
    with tempfile.TemporaryDirectory(prefix="rabbitmq-") as folder:
        server = OwnRabbitMQ(Path(folder))
        try:
            server.start()
            yield server
        finally:
            server.stop()


@pytest.fixture(scope="session")
def rabbitmq() -> Iterator[str]:
    """The setting QUEUE of a RabbitMQ for all tests of a process."""
    with run_rabbitmq() as server:
        yield server.url


def _words(folder: Path) -> dict[str, str]:
    """Where everything of a RabbitMQ is kept, and by which name."""
    return {
        "NODENAME": "letters@localhost",
        "NODE_IP_ADDRESS": "127.0.0.1",
        "MNESIA_BASE": str(folder / "kept"),
        "LOG_BASE": str(folder / "log"),
        "CONFIG_FILE": str(folder / "rabbitmq"),
        "ENABLED_PLUGINS_FILE": str(folder / "plugins"),
        "PID_FILE": str(folder / "pid"),
    }


@contextmanager
def _ending(program: subprocess.Popen[bytes]) -> Iterator[subprocess.Popen[bytes]]:
    """A program, which is ended with everything that it started."""
    try:
        yield program
    finally:
        os.killpg(program.pid, signal.SIGKILL)
        program.wait()


def wait_for_queue(url: str, server: subprocess.Popen[bytes]) -> None:
    """Return when the server answers."""
    while True:
        assert server.poll() is None, "the server has ended"
        try:
            with Connection(url, connect_timeout=5) as connection:
                connection.connect()
        except (OSError, *Connection(url).connection_errors):
            time.sleep(0.1)
        else:
            return


def skip(name: str) -> str:
    """Say which program is missing; with CI=true none may be."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{name} is not installed: run scripts/set-up-system")
    pytest.skip(f"{name} is not installed: run scripts/set-up-system")
