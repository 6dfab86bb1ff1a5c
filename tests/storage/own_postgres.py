"""A PostgreSQL server of the tests' own, in a temporary folder, reached by a socket there; nobody else's is touched."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg
import pytest

USER = "tester"
_NUMBERS = count(1)


def find_programs() -> Path | None:
    """The folder of initdb and postgres."""
    places = [Path(found).resolve().parent for found in (shutil.which("initdb"),) if found]
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((place for place in places if (place / "initdb").exists() and (place / "postgres").exists()), None)


def account() -> dict[str, object]:
    """Whose server it is: PostgreSQL refuses to run as root, so root's is that of the system's own account."""
    return {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}


@contextmanager
def run_postgres(folder: Path, at: str = "") -> Iterator[str]:
    """A server while a test runs, reached by a socket or by other machines at an address; a URL without a name."""
    programs = find_programs()
    if programs is None:
        if os.environ.get("CI") == "true":
            pytest.fail("PostgreSQL is not installed: run scripts/set-up-system")
        pytest.skip("PostgreSQL is not installed: run scripts/set-up-system")
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    data, plain = folder / "data", {**account(), "cwd": folder, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    made = subprocess.run([programs / "initdb", "-D", data, "-U", USER, "-A", "trust", "-N", "-E", "UTF8"], **plain)
    assert made.returncode == 0, made.stdout
    if at:
        with (data / "pg_hba.conf").open("a") as known:
            known.write(f"host all all {at}/24 trust\n")
    port = free_port(at) if at else 0
    server = start(folder, at, port)
    try:
        yield f"postgresql://{USER}@{at}:{port}/{{}}" if at else f"postgresql://{USER}@/{{}}?host={folder}"
    finally:
        stop(server)


def free_port(at: str) -> int:
    """A port of an address that nobody listens on."""
    with socket.create_server((at, 0)) as listening:
        return int(listening.getsockname()[1])


def start(folder: Path, at: str = "", port: int = 0) -> subprocess.Popen[bytes]:
    """Start the server of a folder, and wait until it answers."""
    command = [find_programs() / "postgres", "-D", folder / "data", "-k", folder, "-h", at, "-c", "max_connections=120"]
    command += ["-p", str(port)] if port else []
    with (folder / "log").open("ab") as log:
        words = {**account(), "cwd": folder, "stdout": log, "stderr": subprocess.STDOUT}
        server = subprocess.Popen([*command, "-c", "fsync=off"], **words)
    try:
        wait_until_ready(folder, server, port)
    except BaseException:
        stop(server)
        raise
    return server


def stop(server: subprocess.Popen[bytes]) -> None:
    """Stop a server, whatever its clients are doing."""
    server.send_signal(signal.SIGINT)
    server.wait(30)


def wait_until_ready(folder: Path, server: subprocess.Popen[bytes], port: int = 0) -> None:
    """Return when the server answers."""
    own = f"&port={port}" if port else ""
    while True:
        assert server.poll() is None, (folder / "log").read_text()
        try:
            psycopg.connect(f"postgresql://{USER}@/postgres?host={folder}{own}").close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return


def new_database(address: str, template: str = "template1") -> str:
    """The URL of a new database on a server: an empty one, or a copy."""
    name = f"school_{os.getpid()}_{next(_NUMBERS)}"
    with psycopg.connect(address.format("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
    return address.format(name)


@contextmanager
def postgres_folder() -> Iterator[Path]:
    """A folder with a short name, as a socket needs it."""
    with tempfile.TemporaryDirectory(prefix="pg-") as folder:
        yield Path(folder)
