"""The web service: opens the desk, registers the web, answers on this machine."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

import click
from flask import Flask, Response, request

from service.attendance.school import School
from service.batches.engines.choosing import engine_for
from service.desk import Desk
from service.errors import Problem, SettingsError
from service.faults import log_fault
from service.loopback import LOOPBACK
from service.memory.hooks.hook_thread import HookSender
from service.memory.memory import Memory
from service.settings import Settings
from service.web.api import (
    decisions,
    forms,
    health,
    issued_letters,
    letters,
    lists,
    pupil_histories,
    template_check,
    webhook_routes,
)
from service.web.api.batched import batch_files, batch_routes, batch_steps
from service.web.api.described import describe_fields, describe_routes
from service.web.api.documentation import describe_values
from service.web.callers import ask_for_keys
from service.web.docs_page import CONTENT_POLICY, pages
from service.web.first_start import FirstStart
from service.web.front_page import front
from service.web.pages.every_page import add_pages
from service.web.pages_of import RowNumber
from service.web.problems import ProblemApi, register_problems
from service.web.request_marks import MEANING, describe_version, mark_requests
from service.web.server import close_server, open_server, run_server
from service.web.shared.astray import register_astray
from service.web.shared.query_words import refuse_unknown_words
from service.web.web_memory import WebMemory

_BATCHES = (batch_routes, batch_steps, batch_files)
_ROUTES = (
    decisions,
    letters,
    issued_letters,
    *_BATCHES,
    pupil_histories,
    forms,
    lists,
    template_check,
    webhook_routes,
    health,
)
A_YEAR = 31_536_000
KEY_MEANING = (
    "A key of your school, made with: attendance-letters key add. One that begins with al_test_ tries: its letters "
    "carry a mark, nothing is remembered. While no key is in force, the service answers this machine without one."
)


class Service(Flask):
    """Flask that logs a fault without the text of the exception, which may hold what somebody sent."""

    def log_exception(self, exc_info: Any) -> None:
        """Log where a fault happened."""
        log_fault(exc_info[1])


def create_app(
    settings: Settings, school: Path | School | None = None, today: Callable[[], date] = date.today
) -> Flask:
    """The application, ready to serve; `today` says which day the pages show.

    Raises RulesError or SettingsError when its files are wrong.
    """
    app = Service("service.web", template_folder="templates", static_folder=None)
    app.config.update(
        API_TITLE="Attendance letters",
        API_VERSION=version("attendance-letters"),
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX="/v1",
        OPENAPI_JSON_PATH="openapi.json",
        API_SPEC_OPTIONS={"info": {"description": MEANING}},
        MAX_CONTENT_LENGTH=settings.largest_request,
        TRUSTED_HOSTS=None if settings.is_public else list(LOOPBACK),
    )
    app.json.ensure_ascii = False  # type: ignore[attr-defined]  # Flask's own provider has it
    app.url_map.converters["int"] = RowNumber
    desk = Desk(settings, school)
    desk.school()  # read now, so that a wrong file is told at the start
    app.extensions["desk"] = desk
    app.extensions["memory"] = WebMemory(desk)
    mark_requests(app)
    ask_for_keys(app, settings)
    api = ProblemApi(app)
    app.extensions["openapi"] = api
    api.spec.components.security_scheme("key", {"type": "http", "scheme": "bearer", "description": KEY_MEANING})
    for module in _ROUTES:
        api.register_blueprint(module.blueprint)
    app.register_blueprint(front)
    if settings.metrics:
        from service.web.watching.metrics import metrics  # only who watches waits for its library

        app.register_blueprint(metrics)
    describe_values(api.spec.components.schemas)
    describe_fields(api.spec.components.schemas)
    describe_routes(api.spec.to_dict()["paths"])
    describe_version(api.spec.to_dict()["paths"])
    refuse_unknown_words(app, api.spec.to_dict()["paths"])
    app.register_blueprint(pages)
    add_pages(app, today)
    register_problems(app)
    register_astray(app)
    app.after_request(_add_headers)
    return app


_NO_KEY_YET = (
    "Make a key first (attendance-letters key add NAME): without one the service answers this machine only, on "
    "127.0.0.1 and without a trusted proxy."
)
_IN_THE_CLEAR = (
    "No proxy that speaks TLS is trusted: keys and children's data cross the network unencrypted. Put one in front, "
    "and name its address in ATTENDANCE_LETTERS_TRUSTED_PROXY."
)


def _add_headers(answer: Response) -> Response:
    """Answers hold children's data: nothing keeps them, nothing runs in them."""
    answer.headers.setdefault("Cache-Control", "no-store")
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    if request.is_secure:
        answer.headers["Strict-Transport-Security"] = f"max-age={A_YEAR}; includeSubDomains"
    answer.headers.setdefault("Content-Security-Policy", CONTENT_POLICY)
    return answer


def serve_app(settings: Settings, school: Path | School | None = None, is_sample: bool = False) -> None:
    """Answer requests until stopped; says where, and how the first person signs in."""
    app = create_app(settings, school)
    memory: WebMemory = app.extensions["memory"]
    if settings.is_public and not memory.has_keys():
        memory.close()
        raise SettingsError(Problem("no-key", _NO_KEY_YET), "The service cannot start")
    server = open_server(app, settings)
    address = f"http://{settings.host}:{server.effective_port}"
    click.echo(f"Attendance letters at {address} (stop with Ctrl-C); for other programs: {address}/programs")
    if settings.is_public and not settings.trusted_proxy:
        click.echo(_IN_THE_CLEAR, err=True)
    first = FirstStart(memory, is_sample, address, click.echo)
    desk: Desk = app.extensions["desk"]
    desk.press.start()
    first.start()

    def find_memory() -> Memory | None:
        return memory.open() if memory.is_there else None

    try:
        with engine_for(settings, find_memory), HookSender(find_memory):
            run_server(server, settings.stop_seconds)
    finally:
        close_server(server)
        first.stop()
        desk.press.close()
        memory.close()
