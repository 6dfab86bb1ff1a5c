"""This machine's own addresses: any other is one that others can reach, for which keys are needed."""

from __future__ import annotations

import re
from ipaddress import ip_address

from service.errors import Problem, SettingsError

LOOPBACK = ("127.0.0.1", "localhost")
_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,250}[A-Za-z0-9])?")


def read_host(text: str) -> str:
    """The address to listen on. Raises SettingsError for what is neither an address nor a name."""
    if is_address(text) or (_NAME.fullmatch(text) and not text.replace(".", "").isdigit()):
        return text
    sentence = f"Use the address to listen on, for example {LOOPBACK[0]}, not {text!r}."
    raise SettingsError(Problem("wrong-setting", sentence))


def read_proxy(text: str) -> str:
    """The address of the proxy that is trusted, or none. Raises SettingsError for what is no address."""
    if not text or is_address(text):
        return text
    sentence = f"Use the address from which the proxy connects, for example {LOOPBACK[0]}, not {text!r}."
    raise SettingsError(Problem("wrong-setting", sentence))


def is_address(text: str) -> bool:
    """Whether a text is an address of the internet, of either version."""
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
