"""People: who may sign in at this school, and as what; and a school of one's own."""

from __future__ import annotations

from flask import Response, request, url_for

from service.errors import AttendanceLettersError, Problem, RequestError
from service.memory.people.roles import ADMINISTRATOR, ADMINISTRATORS, ROLES
from service.memory.people.signing_in import change_school
from service.memory.people.staff import change_role, invite, link_for, people_of
from service.memory.school_files import add_named
from service.storage.people.roles_kept import keep_role
from service.web.shared.site import go, here, show, site
from service.web.shared.visitor import allowed


@site.get("/settings/people")
@allowed(ADMINISTRATORS)
def people() -> Response:
    """Who may sign in here."""
    return _show()


@site.post("/settings/people")
@allowed(ADMINISTRATORS)
def invite_now() -> Response:
    """Give somebody a role, and show the link that lets them in."""
    place, given = here(), request.form
    try:
        words = (given.get("email", ""), given.get("name", ""), given.get("role", ""))
        number = invite(place.memory, place.school.id, *words, by=place.who.person.id)
    except RequestError as error:
        return _show(422, *error.problems)
    return _show_link(number)


@site.post("/settings/people/<int:number>")
@allowed(ADMINISTRATORS)
def role_now(number: int) -> Response:
    """Another role for somebody, none, or a new link."""
    place, role = here(), request.form.get("role", "")
    if number not in {one.person.id for one in people_of(place.memory, place.school.id)}:
        raise RequestError("unknown-person", "Who?", Problem("unknown-person", "Choose a person of this school."))
    try:
        if role == "link":
            return _show_link(number)
        change_role(place.memory, place.school.id, number, "" if role == "none" else role)
    except RequestError as error:
        return _show(422, *error.problems)
    return go("people" if number != place.who.person.id else "today", "role")


@site.get("/set-up")
@allowed(ADMINISTRATORS)
def set_up() -> Response:
    """Begin a school of one's own."""
    return show("set_up")


@site.post("/set-up")
@allowed(ADMINISTRATORS)
def set_up_now() -> Response:
    """Make the school, with this person as its administrator, and go on to its words."""
    place = here()
    try:
        school = add_named(place.memory, request.form.get("school_name", ""))
    except AttendanceLettersError as error:
        return show("set_up", 422, error.problems)
    with place.memory.database.write(school.id) as connection:
        keep_role(connection, school.id, place.who.person.id, ADMINISTRATOR)
    change_school(place.memory, place.who, school.id)
    return go("settings", "begun")


def _show_link(number: int) -> Response:
    place = here()
    token = link_for(place.memory, place.school.id, number, place.who.person.id)
    return _show(link=url_for("site.link", token=token, _external=True))


def _show(status: int = 200, *problems: Problem, link: str = "") -> Response:
    place = here()
    roles = [(word, f"{role.name}: {role.meaning}") for word, role in ROLES.items()]
    found = people_of(place.memory, place.school.id)
    typed = request.form if problems else {}
    return show("people", status, problems, people=found, roles=roles, names=ROLES, link=link, typed=typed)
