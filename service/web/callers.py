"""Who asks: with a key, for one school, for what the key allows; without one only this machine, while there is no key.

A route without a scope is closed, so that a new one cannot be left open by mistake.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from flask import Flask, current_app, g, request

from service.attendance.school import School
from service.desk import Desk
from service.errors import Problem, RequestError
from service.memory.access.keyring import SCOPES, Holder, find_holder
from service.memory.memory import OpenSchool, open_school
from service.web.web_memory import WebMemory

ANYBODY, ANY_KEY = "anybody", "any key"
"""Scopes of routes that say nothing of a school, and of those that need a key, whatever it allows."""
_DOCUMENT = "api-docs.openapi_json"
_NO_KEY = "Send the header Authorization: Bearer and your key. A key is made with: attendance-letters key add."
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

    @property
    def is_test(self) -> bool:
        """Whether it only tries: nothing is remembered, and every letter says so."""
        return bool(self.holder and self.holder.is_test)

    def words_of(self, desk: Desk) -> School:
        """The words and choices of the school that is asked for."""
        return self.holder.school.school if self.holder else desk.school()

    def school(self) -> OpenSchool:
        """The school as it is remembered. Raises RequestError when there are several and no key says which."""
        if self.holder:
            return self.holder.school
        return open_school(web_memory().open())


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


def ask_for_keys(app: Flask) -> None:
    """Look at the key of every request before anything else is done."""
    app.before_request(_find_caller)


def _find_caller() -> None:
    scope = scope_of(request.endpoint or "", request.method)
    if scope == ANYBODY or request.routing_exception is not None:
        return
    holder = _find_holder()
    if holder and scope not in holder.scopes and scope != ANY_KEY:
        what = SCOPES.get(scope, "use this address")
        sentence = f'This key may not {what}. Use one that was made with the scope "{scope}".'
        raise RequestError("not-allowed", "This key may not do that", Problem("not-allowed", sentence))
    g.caller = Caller(holder)


def scope_of(endpoint: str, method: str) -> str:
    """What a key has to be allowed for a route; "" where nobody has said it, which no key is allowed."""
    view: Any = current_app.view_functions.get(endpoint)
    if endpoint == _DOCUMENT:
        return ANYBODY
    verb = "get" if method in ("HEAD", "OPTIONS") else method.lower()
    view = getattr(getattr(view, "view_class", None), verb, view)
    return str(getattr(view, "scope", ""))


def _find_holder() -> Holder | None:
    """The holder of the key that was sent; None where none is needed. Raises RequestError without a good one."""
    memory, text = web_memory(), _read_key()
    if not text and not memory.needs_key():
        return None
    if not text:
        raise RequestError("no-key", "A key is needed", Problem("no-key", _NO_KEY))
    holder = find_holder(memory.open(), text) if memory.is_there else None
    if holder is None:
        raise RequestError("wrong-key", "This key is not in force", Problem("wrong-key", _WRONG_KEY))
    return holder


def _read_key() -> str:
    """The key of the Authorization header; what is not a Bearer key stands for one that is not in force."""
    given = request.headers.get("Authorization", "").strip()
    kind, _, text = given.partition(" ")
    return (text.strip() if kind.lower() == "bearer" else "") or ("-" if given else "")
