"""One LibreOffice: how its memory is measured while processes come and go."""

from __future__ import annotations

import os
import subprocess

from service.printing.office.time_and_memory import memory_of


def test_the_memory_of_a_process_that_has_ended_is_nothing() -> None:
    with subprocess.Popen(["true"]) as ended:
        ended.wait()
    assert memory_of(ended.pid) == 0


def test_the_memory_of_a_process_holds_that_of_what_it_started() -> None:
    with subprocess.Popen(["sh", "-c", "sleep 600 & echo begun; wait"], stdout=subprocess.PIPE) as shell:
        assert shell.stdout
        assert shell.stdout.readline() == b"begun\n"
        (child,) = _children(shell.pid)
        assert memory_of(shell.pid) > memory_of(child) > 0
        os.kill(child, 9)
        shell.kill()


def test_it_is_measured_while_processes_come_and_go() -> None:
    with subprocess.Popen(["sh", "-c", "while :; do (:); done"], start_new_session=True) as shell:
        try:
            assert all(memory_of(shell.pid) > 0 for _ in range(1000))
        finally:
            os.killpg(shell.pid, 9)


def _children(pid: int) -> list[int]:
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
        return [int(one) for one in file.read().split()]
