"""Who asks for a page: the cookie, the session behind it, and the token that each form carries."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable
from typing import Any, TypeVar

from flask import Response, current_app, g, request

from service.memory.memory import Memory
from service.memory.people.signing_in import SignedIn, find_signed_in

COOKIE = "attendance_letters"
_OURS_ALONE = "__Host-"
"""With it browsers take the cookie from this very host and over TLS alone, so that no neighbour can set it."""
FORM_TOKEN = "form_token"  # noqa: S105  # a field's name
View = TypeVar("View", bound=Callable[..., Any])


def allowed(roles: frozenset[str] | None) -> Callable[[View], View]:
    """Says which roles may ask for a page; None for anybody, signed in or not."""

    def mark(view: View) -> View:
        view.allowed_roles = roles  # type: ignore[attr-defined]
        return view

    return mark


def memory() -> Memory:
    """The memory of this service, acting for whoever is signed in."""
    opened: Memory = current_app.extensions["memory"].open()
    who = signed_in()
    return opened.acting_for(f"person {who.person.id}") if who else opened


def find_visitor() -> None:
    """Note who asks."""
    g.token = request.cookies.get(_cookie_name(), "")
    g.signed_in = find_signed_in(memory(), g.token) if g.token else None
    if not g.token:
        g.token = g.new_token = secrets.token_urlsafe(32)


def signed_in() -> SignedIn | None:
    """Who is signed in."""
    found: SignedIn | None = g.get("signed_in")
    return found


def use_token(token: str) -> None:
    """Go on with a new session, under a new cookie."""
    g.token = g.new_token = token


def form_token() -> str:
    """What every form of this visitor carries, so that no other site can send it."""
    return hmac.digest(g.token.encode(), b"form", hashlib.sha256).hex()


def is_own_form() -> bool:
    """Whether the form that was sent is one of ours."""
    return hmac.compare_digest(request.form.get(FORM_TOKEN, "").encode(), form_token().encode())


def _cookie_name() -> str:
    return f"{_OURS_ALONE}{COOKIE}" if request.is_secure else COOKIE


def keep_cookie(answer: Response) -> Response:
    """Send the cookie along where it is new."""
    if token := g.get("new_token"):
        answer.set_cookie(_cookie_name(), token, httponly=True, secure=request.is_secure, samesite="Lax", path="/")
    return answer
