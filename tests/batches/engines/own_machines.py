"""Two machines that work, and one with the servers: each a network namespace with an address and a name of its own.

Where namespaces are not to be had, the machines are processes with a folder and nothing else of their own.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.batches.engines.own_workers import OwnWorker
from tests.storage.own_postgres import free_port

_NAMED = 'hostname "$0" && exec "$@"'


class Machine:
    """A machine that works: its name and address, and how to run a program there."""

    def __init__(self, name: str, address: str, through: Sequence[str] = ()) -> None:
        self.name, self.address, self.through = name, address, through

    def work(self, folder: Path, settings: dict[str, str], module: str = "service") -> OwnWorker:
        """Start its worker, from a module that runs the service."""
        self.worker = OwnWorker(folder / self.name, settings, self.through, module)
        return self.worker

    def cut_off(self) -> None:
        """Take it from the network, while its worker goes on; without a network of its own, kill everything on it."""
        if self.through:
            _ip("link", "set", self.name, "down")
        else:
            self.worker.kill()


class Machines:
    """The address at which servers listen, and the machines that reach them."""

    def __init__(self, address: str, machines: list[Machine]) -> None:
        self.address, self.machines = address, machines

    @property
    def are_apart(self) -> bool:
        """Whether each has a network of its own."""
        return bool(self.machines[0].through)


@contextmanager
def two_machines() -> Iterator[Machines]:
    """Two machines while a test runs; their workers are killed at its end."""
    with ExitStack() as stack:
        found = stack.enter_context(_networks()) if _can_have_networks() else _processes()
        try:
            yield found
        finally:
            for machine in found.machines:
                if hasattr(machine, "worker") and machine.worker.program.poll() is None:
                    machine.worker.kill()


def _processes() -> Machines:
    return Machines("127.0.0.1", [Machine(f"machine-{place}", "127.0.0.1") for place in (1, 2)])


def _can_have_networks() -> bool:
    if os.geteuid() != 0 or not (shutil.which("ip") and shutil.which("unshare")):
        return False
    name = f"al{os.getpid()}t"
    if subprocess.run(["ip", "netns", "add", name], capture_output=True).returncode != 0:
        return False
    return subprocess.run(["ip", "netns", "del", name], capture_output=True).returncode == 0


@contextmanager
def _networks() -> Iterator[Machines]:
    """A bridge of ours with two namespaces at it; all of it goes at the end."""
    number = os.getpid()
    network, bridge = f"10.213.{number % 250}", f"al{number}b"
    with ExitStack() as stack:
        _ip("link", "add", bridge, "type", "bridge")
        stack.callback(_ip, "link", "del", bridge)
        _ip("address", "add", f"{network}.1/24", "dev", bridge)
        _ip("link", "set", bridge, "up")
        machines = []
        for place in (1, 2):
            name, address = f"al{number}m{place}", f"{network}.{place + 1}"
            _ip("netns", "add", name)
            stack.callback(_ip, "netns", "del", name)
            _ip("link", "add", name, "type", "veth", "peer", "name", "eth0", "netns", name)
            stack.callback(_ip, "link", "del", name)  # a namespace in which something still waits keeps its own
            _ip("link", "set", name, "master", bridge, "up")
            _ip("-n", name, "address", "add", f"{address}/24", "dev", "eth0")
            for device in ("lo", "eth0"):
                _ip("-n", name, "link", "set", device, "up")
            through = ("ip", "netns", "exec", name, "unshare", "--uts", "sh", "-c", _NAMED, name)
            machines.append(Machine(name, address, through))
        yield Machines(f"{network}.1", machines)


def _ip(*words: str) -> None:
    done = subprocess.run(["ip", *words], capture_output=True, text=True)
    assert done.returncode == 0, (words, done.stderr)


@contextmanager
def run_s3(at: str, folder: Path) -> Iterator[tuple[subprocess.Popen[bytes], dict[str, str]]]:
    """Storage that speaks S3 as a program of its own, and what the environment says of it; its bucket is `letters`."""
    port = free_port(at)
    command = [sys.executable, "-m", "tests.batches.engines.own_bucket", at, str(port)]
    with (folder / "s3").open("wb") as log:
        server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, cwd=Path(__file__).parents[3])
    try:
        assert server.stdout
        assert server.stdout.readline() == b"ready\n", (folder / "s3").read_text()
        words = {"ENDPOINT_URL": f"http://{at}:{port}", "ACCESS_KEY_ID": "invented", "SECRET_ACCESS_KEY": "invented"}
        words |= {"REGION": "eu-west-2", "DEFAULT_REGION": "eu-west-2"}
        yield server, {f"AWS_{word}": value for word, value in words.items()}
    finally:
        server.kill()
        server.wait()
        if server.stdout:
            server.stdout.close()
