"""Who asks: with a key, for one school, for what the key allows; without one only this machine, while there is no key.

A route without a scope is closed, so that a new one cannot be left open by mistake.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from flask import Flask, current_app, g, request

from service.attendance.calendar import SchoolCalendar
from service.attendance.school import School
from service.desk import Desk
from service.errors import Problem, RequestError
from service.memory.access.keyring import SCOPES, Holder, find_holder
from service.memory.memory import THIS_MACHINE, Memory, OpenSchool, open_school
from service.settings import Settings
from service.storage.schools import with_calendar
from service.web.request_limits import RequestLimit
from service.web.shared_limits import SharedLimit, limit_for
from service.web.web_memory import WebMemory

ANYBODY, ANY_KEY = "anybody", "any key"
"""Scopes of routes that say nothing of a school, and of those that need a key, whatever it allows."""
REFUSED_A_MINUTE = 300
"""Requests without a good key that an address may send a minute: nobody guesses 32 bytes, but nobody should try."""
_DOCUMENT = "api-docs.openapi_json"
_PAGES = "site."
"""Pages are for people who have signed in; they look at that themselves, and no key opens them."""
_NO_KEY = "Send the header Authorization: Bearer and your key. A key is made with: attendance-letters key add."
_TRIES = "A key for trying sees and changes nothing that is remembered. Use one that begins with al_live_."
_NOT_BEARER = "-"
_NO_BEARER = "Send your key as a Bearer token: the header is Authorization: Bearer, a space, and the key."
_WRONG_KEY = "This key is not in force: it was mistyped or revoked. Check it, or make another."

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: the holder of a key, or this machine."""

    holder: Holder | None = None

    @property
    def key(self) -> int:
        """The number of the key; 0 without one."""
        return self.holder.key.id if self.holder else 0

    def memory(self) -> Memory:
        """The memory, acting for whoever asks."""
        return web_memory().open().acting_for(f"key {self.key}" if self.holder else THIS_MACHINE)

    @property
    def is_test(self) -> bool:
        """Whether it only tries: nothing is remembered, and every letter says so."""
        return bool(self.holder and self.holder.is_test)

    @property
    def remembers(self) -> bool:
        """Whether what is issued is remembered: with a key that is not for trying."""
        return self.holder is not None and not self.is_test

    def calendar_over(self, given: SchoolCalendar) -> SchoolCalendar:
        """The school's calendar with the one of a request."""
        return with_calendar(self.school().stored, given).calendar if self.remembers else given

    def words_of(self, desk: Desk) -> School:
        """The words and choices of the school that is asked for."""
        return self.holder.school.school if self.holder else desk.school()

    def school(self) -> OpenSchool:
        """The school as it is remembered. Raises RequestError when there are several and no key says which."""
        if self.holder:
            return self.holder.school
        return open_school(self.memory())


def caller() -> Caller:
    """Who asks the request that is being answered."""
    return cast(Caller, g.get("caller") or Caller())


def web_memory() -> WebMemory:
    """The memory of the application, opened when it is needed."""
    return cast(WebMemory, current_app.extensions["memory"])


def open_to_anybody(view: View) -> View:
    """Mark a page that says nothing of a school."""
    view.scope = ANYBODY  # type: ignore[attr-defined]
    return view


def ask_for_keys(app: Flask, settings: Settings) -> None:
    """Look at the key of every request before anything else is done, and count what it sends a minute."""
    kinds = (("keys", settings.requests_a_minute), ("refused", REFUSED_A_MINUTE))
    app.extensions["limits"] = tuple(limit_for(settings, what, a_minute) for what, a_minute in kinds)
    app.before_request(_find_caller)


def _count(name: str, is_refused: bool = False) -> None:
    """Count a request of a key, or one of an address that was refused. Raises RequestError for one too many."""
    limits: tuple[RequestLimit | SharedLimit, ...] = current_app.extensions["limits"]
    if seconds := limits[is_refused].take(name):
        sentence = f"Wait {seconds} s, then spread requests out. Many pupils can be asked about in one request."
        problem = Problem("too-many-requests", sentence)
        raise RequestError("too-many-requests", "Too many requests", problem, wait=seconds)


def _find_caller() -> None:
    scope = scope_of(request.endpoint or "", request.method)
    if scope == ANYBODY or request.routing_exception is not None:
        return
    holder = _find_holder()
    if holder and scope not in holder.scopes and scope != ANY_KEY:
        what = SCOPES.get(scope, "use this address")
        sentence = f'This key may not {what}. Use one that was made with the scope "{scope}".'
        raise RequestError("not-allowed", "This key may not do that", Problem("not-allowed", sentence))
    if holder and holder.is_test and getattr(_view(request.endpoint or "", request.method), "remembered", False):
        raise RequestError("test-key", "This key is for trying", Problem("test-key", _TRIES))
    g.caller = Caller(holder)


def scope_of(endpoint: str, method: str) -> str:
    """What a key has to be allowed for a route; "" where nobody has said it, which no key is allowed."""
    if endpoint == _DOCUMENT or endpoint.startswith(_PAGES):
        return ANYBODY
    return str(getattr(_view(endpoint, method), "scope", ""))


def _view(endpoint: str, method: str) -> Any:
    """What answers a route."""
    view: Any = current_app.view_functions.get(endpoint)
    verb = "get" if method in ("HEAD", "OPTIONS") else method.lower()
    return getattr(getattr(view, "view_class", None), verb, view)


def _find_holder() -> Holder | None:
    """The holder of the key that was sent; None where none is needed. Raises RequestError without a good one."""
    memory, text = web_memory(), _read_key()
    if not text and not memory.needs_key():
        return None
    if not text:
        _count(request.remote_addr or "", is_refused=True)
        raise RequestError("no-key", "A key is needed", Problem("no-key", _NO_KEY))
    holder = find_holder(memory.open(), text) if memory.is_there else None
    if holder is None:
        _count(request.remote_addr or "", is_refused=True)
        sentence = _NO_BEARER if text == _NOT_BEARER else _WRONG_KEY
        raise RequestError("wrong-key", "This key is not in force", Problem("wrong-key", sentence))
    _count(f"key {holder.key.id}")
    return holder


def _read_key() -> str:
    """The key of the Authorization header; what is not a Bearer key counts as one that is not in force."""
    given = request.headers.get("Authorization", "").strip()
    kind, _, text = given.partition(" ")
    return (text.strip() if kind.lower() == "bearer" else "") or (_NOT_BEARER if given else "")
