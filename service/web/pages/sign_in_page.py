"""Signing in and out, the link that is good once, and choosing a password."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from flask import Response, abort, current_app, g, make_response, redirect, request, url_for

from service.errors import Problem, RequestError
from service.memory.memory import school_of_number
from service.memory.people.accounts import sign_in_by_account
from service.memory.people.roles import EVERYBODY
from service.memory.people.signing_in import (
    change_school,
    choose_password,
    sign_in_by_link,
    sign_in_by_password,
    sign_out,
)
from service.memory.people.staff import schools_with_roles
from service.web.shared.account_provider import AccountProvider
from service.web.shared.site import go, here, show, site
from service.web.shared.visitor import allowed, memory, signed_in, use_token

KEPT = "kept-"
"""What fields that were typed before somebody had to sign in again are called meanwhile."""


@site.get("/sign-in")
@allowed(None)
def sign_in() -> Response:
    """Ask for e-mail address and password."""
    if signed_in():
        return go("today")
    return show("sign_in", to=_own_path(request.args.get("to", "")), kept=(), email="", is_interrupted=False)


@site.get("/sign-in/account")
@allowed(None)
def sign_in_by_provider() -> Response:
    """On to the provider, under a new cookie, which its answer must agree with."""
    use_token(secrets.token_urlsafe(32))
    to = _own_path(request.args.get("to", ""))
    try:
        return make_response(redirect(_provider().address(g.token, to, _way_back()), 303))
    except RequestError as error:
        return _ask_again(error, to)


@site.get("/sign-in/account/back")
@allowed(None)
def signed_in_by_provider() -> Response:
    """Back from the provider: sign in, and go on where somebody was."""
    try:
        account, to = _provider().find_account(g.token, _way_back(), request.url, dict(request.args))
        use_token(sign_in_by_account(memory(), account))
    except RequestError as error:
        return _ask_again(error)
    return _go_on(_own_path(to))


@site.post("/sign-in")
@allowed(None)
def sign_in_now() -> Response:
    """Sign in, and go on where somebody was."""
    to, email = _own_path(request.form.get("to", "")), request.form.get("email", "")
    kept = [(name.removeprefix(KEPT), value) for name, value in request.form.items(multi=True) if name.startswith(KEPT)]
    try:
        use_token(sign_in_by_password(memory(), email, request.form.get("password", "")))
    except RequestError as error:
        return _ask_again(error, to, kept, email)
    if kept:
        return show("send_again", to=to, kept=kept)
    return _go_on(to)


@site.get("/link/<token>")
@allowed(None)
def link(token: str) -> Response:
    """Ask before the link is used up: programs that look through e-mails open links as well."""
    return show("link", token=token)


@site.post("/link/<token>")
@allowed(None)
def link_now(token: str) -> Response:
    """Sign in by a link that is good once."""
    try:
        use_token(sign_in_by_link(memory(), token))
    except RequestError as error:
        return show("problem", 422, error.problems, title=error.title)
    return go("today")


@site.post("/sign-out")
@allowed(EVERYBODY)
def sign_out_now() -> Response:
    """End the session."""
    sign_out(memory(), g.token)
    return go("sign_in", "signed-out")


@site.get("/password")
@allowed(EVERYBODY)
def password() -> Response:
    """Ask for a new password."""
    return _show_password()


@site.post("/password")
@allowed(EVERYBODY)
def password_now() -> Response:
    """Keep a new password."""
    try:
        choose_password(memory(), here().who, request.form.get("password", ""))
    except RequestError as error:
        return _show_password(422, *error.problems)
    return go("today", "password")


@site.post("/schools/<int:number>")
@allowed(EVERYBODY)
def school_now(number: int) -> Response:
    """Go on at another school."""
    change_school(memory(), here().who, number)
    return go("today")


def _show_password(status: int = 200, *problems: Problem) -> Response:
    place = here()
    others = [
        number for number, _ in schools_with_roles(place.memory, place.who.person.id) if number != place.school.id
    ]
    named = [(number, school_of_number(place.memory, number)) for number in others]
    schools = [(number, school.school.word("school_name") or school.stored.key) for number, school in named]
    return show("password", status, problems, other_schools=schools)


def _ask_again(error: RequestError, to: str = "", kept: Sequence[tuple[str, str]] = (), email: str = "") -> Response:
    words = {"to": to, "kept": kept, "email": email, "is_interrupted": bool(kept)}
    return show("sign_in", 422, error.problems, **words)


def _go_on(to: str) -> Response:
    """On to where somebody was; to Today without that."""
    answer = go("today")
    if to:
        answer.headers["Location"] = to
    return answer


def _way_back() -> str:
    return url_for("site.signed_in_by_provider", _external=True)


def _provider() -> AccountProvider:
    found: AccountProvider | None = current_app.extensions["provider"]
    if found is None:
        abort(404)
    return found


def _own_path(path: str) -> str:
    """A path of this site, or nothing."""
    return path if path.startswith("/") and not path.startswith("//") and "\\" not in path and "\n" not in path else ""
