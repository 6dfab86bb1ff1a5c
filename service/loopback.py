"""The service listens on this machine only: an address that others can reach is refused."""

from __future__ import annotations

from service.errors import Problem, SettingsError

LOOPBACK = ("127.0.0.1", "localhost")


def read_loopback(text: str) -> str:
    """The address to listen on. Raises SettingsError for any but this machine's own."""
    if text not in LOOPBACK:
        sentence = f"Use {LOOPBACK[0]}, not {text}: the service has no keys yet, so only this machine may reach it."
        raise SettingsError(Problem("not-loopback", sentence))
    return text
