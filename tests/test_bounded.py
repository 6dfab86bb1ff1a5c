"""What `run_bounded` measures is the command's own."""

from __future__ import annotations

from tests.bounded import MOST_MEMORY, check_ends_well, run_bounded


def test_the_memory_of_a_command_is_its_own_however_much_these_tests_hold() -> None:
    held = bytearray(b"x") * (MOST_MEMORY + (100 << 20))
    assert check_ends_well(run_bounded("--version"))
    assert len(held) > MOST_MEMORY
