"""One message to one address: to the machine that was looked at, without following it anywhere, within seconds."""

from __future__ import annotations

import http.client
import socket
import ssl
from collections.abc import Mapping
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from threading import Timer
from urllib.parse import urlsplit

from service.loopback import LOOPBACK

STEP_SECONDS, WHOLE_SECONDS = 10, 20
"""Longest time for one step of a connection, and for everything from the first byte to the last."""
MOST_ANSWER = 1_024  # bytes that are read
_TRANSLATED = IPv6Network("64:ff9b::/96")  # IPv4 addresses inside IPv6, which a network may carry to its own machines


class NotSentError(Exception):
    """Why nothing was taken, in words that hold nothing of the message."""


def post(address: str, body: bytes, headers: Mapping[str, str], context: ssl.SSLContext | None = None) -> int:
    """Send a message; the status that came back. Raises NotSentError when nothing did, or it may not be sent there."""
    parts = urlsplit(address)
    host = (parts.hostname or "").lower()
    is_own = host in LOOPBACK
    port = parts.port or (443 if parts.scheme == "https" else 80)
    connection = _connect(_look_up(host, port, is_own), host, port, parts.scheme, context)
    watch = Timer(WHOLE_SECONDS, _cut, (connection,))
    watch.daemon = True
    watch.start()
    try:
        where = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", where, body, dict(headers))
        answer = connection.getresponse()
        answer.read(MOST_ANSWER)
        return answer.status
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise NotSentError(f"no answer ({type(error).__name__})") from None
    finally:
        watch.cancel()
        connection.close()


def is_public(found: str) -> bool:
    """Whether an address is of the open internet: none of a private network, of this machine, or inside another."""
    address: IPv4Address | IPv6Address = ip_address(found.partition("%")[0])
    if isinstance(address, IPv6Address):
        inside = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
        if inside is not None or address in _TRANSLATED:
            return False
    return address.is_global and not address.is_multicast


def _look_up(host: str, port: int, is_own: bool) -> str:
    try:
        found = [str(item[4][0]) for item in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except OSError:
        raise NotSentError("no such machine") from None
    is_right = _is_own if is_own else is_public
    if not found or not all(map(is_right, found)):
        raise NotSentError("the machine's address is not a public one")
    return found[0]


def _is_own(found: str) -> bool:
    return ip_address(found).is_loopback


def _connect(
    address: str, host: str, port: int, scheme: str, context: ssl.SSLContext | None
) -> http.client.HTTPConnection:
    """A connection to the address that was looked at; a name that answers otherwise the next time changes nothing."""
    kind = http.client.HTTPSConnection if scheme == "https" else http.client.HTTPConnection
    connection = kind(host, port, timeout=STEP_SECONDS)
    try:
        plain = socket.create_connection((address, port), STEP_SECONDS)
        if scheme == "https":
            plain = (context or ssl.create_default_context()).wrap_socket(plain, server_hostname=host)
    except OSError as error:
        raise NotSentError(f"no connection ({type(error).__name__})") from None
    connection.sock, connection.auto_open = plain, 0
    return connection


def _cut(connection: http.client.HTTPConnection) -> None:
    sock = connection.sock
    if sock is not None:
        with suppress(OSError):
            sock.shutdown(socket.SHUT_RDWR)
