"""What all pages share: who may see them, how an error is told, and what every template knows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, current_app, g, make_response, redirect, render_template, request, url_for
from werkzeug.exceptions import HTTPException

from service.attendance.reading.value_kinds import find_text_fault
from service.decisions.policy import Policy
from service.errors import AttendanceLettersError, Problem
from service.faults import say_fault
from service.loopback import LOOPBACK
from service.memory.looking.due_kept import DayAtHand, DueKept
from service.memory.memory import Memory, OpenSchool, school_of_number
from service.memory.people.roles import ADMINISTRATORS, ROLES, WRITERS
from service.memory.people.signing_in import SignedIn
from service.web.request_limits import RequestLimit
from service.web.shared.browsers import ASTRAY
from service.web.shared.page_problems import NO_POLICY, for_page
from service.web.shared.page_words import FILTERS, NOTICES
from service.web.shared.policy_words import say_sources
from service.web.shared.visitor import find_visitor, form_token, is_own_form, keep_cookie, memory, signed_in

POLICY = (
    "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
    "img-src 'self' data:"
)
GOES_ELSEWHERE = ("site.sign_in_by_provider", "site.signed_in_by_provider")
"""Pages for anybody that ask the provider, and so take time."""
WITH_FILES = ("site.upload_now", "site.settings_now", "site.issue_now", "site.batch_now")
LARGEST_FORM = 256 * 1024
"""Bytes of a form without files, or of a stranger's: millions of fields would fill memory while they are read."""
site = Blueprint("site", __name__, template_folder="../templates/pages", static_folder="../static")


@dataclass(frozen=True, slots=True)
class Here:
    """The school, the person and the day that a page is about."""

    memory: Memory
    school: OpenSchool
    who: SignedIn
    day: date

    @property
    def policy(self) -> Policy:
        """The school's policy. Raises RequestError when it has not chosen one."""
        return self.memory.desk.policy(self.school.school.policy)

    @property
    def labels(self) -> Mapping[str, str]:
        """What the school's policy calls its letters today."""
        return self.policy.in_force(self.day).terms.labels

    @property
    def by(self) -> str:
        """The initials that stand beside what is done."""
        return self.who.person.initials

    @property
    def at_hand(self) -> DayAtHand:
        """Everybody's decision of the day."""
        kept: DueKept = current_app.extensions["due"]
        return kept.look(self.memory, self.school, self.policy, self.day)


def here() -> Here:
    """The school, the person and the day of this request."""
    who = signed_in()
    assert who is not None  # noqa: S101  # `guard` lets nobody else through
    if "here" not in g:
        g.here = Here(memory(), school_of_number(memory(), who.school), who, current_app.extensions["today"]())
    found: Here = g.here
    return found


def show(template: str, status: int = 200, problems: Iterable[Problem] = (), **words: Any) -> Response:
    """A page; the problems stand on top of it, each with a link to its field."""
    notice = NOTICES.get(request.args.get("done", ""), "") if request.method == "GET" else ""
    if "{n}" in notice:
        number = request.args.get("n", "")
        notice = notice.replace("{n}", number) if number.isdecimal() and len(number) < 7 else ""
    said = [for_page(problem) for problem in problems]
    content = render_template(f"{template}.html", problems=said, notice=notice, **words)
    return make_response(content, status)


def go(endpoint: str, done: str = "", **words: Any) -> Response:
    """On to another page, which says what was done."""
    return make_response(redirect(url_for(f"site.{endpoint}", **{**words, **({"done": done} if done else {})}), 303))


@site.before_request
def guard() -> Response | None:
    """Let nobody see or do what is not theirs."""
    if request.endpoint == "site.static":
        return None
    find_visitor()
    if request.method == "POST" and (signed_in() is None or request.endpoint not in WITH_FILES):
        request.max_content_length = LARGEST_FORM
        if signed_in() is None and (request.content_length or 0) > LARGEST_FORM and request.endpoint in WITH_FILES:
            return go("sign_in")
    roles: frozenset[str] | None = getattr(
        current_app.view_functions[request.endpoint or ""], "allowed_roles", frozenset()
    )
    if request.method == "POST" and not is_own_form():
        return show("refused", 403, title="This form is too old", why="Go back, load the page again, and send it anew.")
    if roles is None:
        return _slow_down() if request.method == "POST" or request.endpoint in GOES_ELSEWHERE else None
    who = signed_in()
    if who is None:
        return _ask_to_sign_in()
    if who.role not in roles:
        why = f"Your role here is {ROLES[who.role].name.lower()}. Ask an administrator of your school."
        return show("refused", 403, title="You may not do this", why=why)
    if faults := list(_find_unusable_fields()):
        return show("problem", 422, faults, title="This cannot be kept")
    return None


def _find_unusable_fields() -> Iterator[Problem]:
    """What no field of ours takes, whatever the page: it would be kept, and printed in a letter or not at all."""
    for value in request.form.values():
        if fault := find_text_fault(value.replace("\r\n", "\n")):  # as browsers send the lines of a text
            yield Problem("unusable-text", f"{fault} Go back: what you typed is still there.")


def _slow_down() -> Response | None:
    """Refuse to let an address try passwords, links or the provider as fast as it can."""
    limit: RequestLimit = current_app.extensions["sign-ins"]
    seconds = limit.take(request.remote_addr or "")
    if not seconds:
        return None
    answer = show("refused", 429, title="Too many attempts to sign in", why="Wait a minute, then try again.")
    answer.headers["Retry-After"] = str(seconds)
    return answer


def _ask_to_sign_in() -> Response:
    """The page to sign in on, which keeps what was typed; for one that only looks, on the way there."""
    if request.method != "POST":
        return go("sign_in", **({"to": request.path} if request.path != "/" else {}))
    kept = [(word, value) for word, value in request.form.items(multi=True) if word != "form_token"]
    return show("sign_in", 401, to=request.path, kept=kept, email="", is_interrupted=True)


@site.after_request
def finish(answer: Response) -> Response:
    """The headers of pages: everything comes from here, and nothing runs in them that is not ours."""
    answer.headers["Content-Security-Policy"] = POLICY
    if request.endpoint == "site.static":
        answer.headers["Cache-Control"] = "public, max-age=3600"
        return answer
    return keep_cookie(answer)


@site.app_context_processor
def every_template() -> dict[str, Any]:
    """What every template knows."""
    who, settings = signed_in(), current_app.extensions["desk"].settings
    return {
        "who": who,
        "here": here() if who else None,
        "form_token": form_token,
        "may_write": bool(who and who.role in WRITERS),
        "may_change": bool(who and who.role in ADMINISTRATORS),
        "day": current_app.extensions["today"](),
        "provider": current_app.extensions["provider"],
        "is_this_machine": settings.host in LOOPBACK and not settings.trusted_proxy,
    }


@site.errorhandler(AttendanceLettersError)
def answer_refusal(error: AttendanceLettersError) -> Response:
    """What the service refuses on purpose, as a page."""
    if any(problem.code == NO_POLICY for problem in error.problems):
        return show("no_policy", 422)
    # the page that answers has no fields to lead to
    problems = (item if item.file else replace(item, column="") for item in error.problems)
    return show("problem", 422, problems, title=error.title)


@site.errorhandler(HTTPException)
def answer_http(error: HTTPException) -> Response:
    """An error of the web's own, as a page."""
    status = error.code or 500
    title, why = ASTRAY.get(status, (HTTPStatus(status).phrase, "Go back and try again."))
    answer = show("refused", status, title=title, why=why)
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            answer.headers[name] = value
    return answer


@site.errorhandler(Exception)
def answer_fault(error: Exception) -> Response:
    """A fault of ours, as a page: a number to report."""
    return show("refused", 500, title="Something went wrong", why=say_fault(error))


def prepare(app: Any) -> None:
    """Give templates their filters."""
    policies = app.extensions["desk"].policies
    app.jinja_env.filters.update(FILTERS, source=lambda text: say_sources(text, policies.values()))
