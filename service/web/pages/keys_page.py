"""Keys for programs: what each may do and when it was used; made and shown once, revoked at once."""

from __future__ import annotations

from dataclasses import replace

from flask import Response, request

from service.errors import Problem, RequestError
from service.memory.access.keyring import SCOPES, keys_of, make_key, revoke
from service.memory.people.roles import ADMINISTRATORS
from service.web.shared.site import go, here, show, site
from service.web.shared.visitor import allowed

_USUAL = ("decide", "issue")


@site.get("/settings/keys")
@allowed(ADMINISTRATORS)
def keys() -> Response:
    """The keys of this school."""
    return _show()


@site.post("/settings/keys")
@allowed(ADMINISTRATORS)
def make_key_now() -> Response:
    """Make a key, and show it this once."""
    place, given = here(), request.form
    words = (given.get("name", ""), given.getlist("scope"), given.get("kind") == "test")
    try:
        made, _ = make_key(place.memory, place.school, *words)
    except RequestError as error:
        return _show(422, *(replace(item, column=item.pointer.strip("/"), pointer="") for item in error.problems))
    return _show(made=made)


@site.post("/settings/keys/<int:number>/revoke")
@allowed(ADMINISTRATORS)
def revoke_now(number: int) -> Response:
    """Let nobody ask with a key any more."""
    place = here()
    try:
        revoke(place.memory, place.school, number)
    except RequestError as error:
        return _show(422, *error.problems)
    return go("keys", "revoked")


def _show(status: int = 200, *problems: Problem, made: str = "") -> Response:
    place, given = here(), request.form
    typed = given if problems else {}
    chosen = given.getlist("scope") if problems else _USUAL
    found = keys_of(place.memory, place.school)
    return show("keys", status, problems, keys=found, scopes=SCOPES, made=made, typed=typed, chosen=chosen)
