"""The web service: opens the desk, registers the web, answers on this machine."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path
from typing import Any

import click
from flask import Flask, Response

from service.attendance.school import School
from service.desk import Desk
from service.faults import log_fault
from service.loopback import LOOPBACK
from service.settings import Settings
from service.web.api import decisions, forms, health, letters
from service.web.api.documentation import describe_windows
from service.web.docs_page import pages
from service.web.example import say_curl
from service.web.front_page import command_here, front
from service.web.problems import ProblemApi, register_problems
from service.web.server import close_server, open_server, run_server


class Service(Flask):
    """Flask that logs a fault without the text of the exception, which may hold what somebody sent."""

    def log_exception(self, exc_info: Any) -> None:
        """Log where a fault happened."""
        log_fault(exc_info[1])


def create_app(settings: Settings, school: Path | School | None = None) -> Flask:
    """The application, ready to serve. Raises RulesError or SettingsError when its files are wrong."""
    app = Service("service.web", template_folder="templates", static_folder=None)
    app.config.update(
        API_TITLE="Attendance letters",
        API_VERSION=version("attendance-letters"),
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX="/v1",
        OPENAPI_JSON_PATH="openapi.json",
        MAX_CONTENT_LENGTH=settings.largest_request,
        TRUSTED_HOSTS=list(LOOPBACK),
    )
    app.json.ensure_ascii = False  # type: ignore[attr-defined]  # Flask's own provider has it
    desk = Desk(settings, school)
    desk.school()  # read now, so that a wrong file is told at the start
    app.extensions["desk"] = desk
    api = ProblemApi(app)
    app.extensions["openapi"] = api
    for module in (decisions, letters, forms, health):
        api.register_blueprint(module.blueprint)
    app.register_blueprint(front)
    describe_windows(api.spec.components.schemas)
    app.register_blueprint(pages)
    register_problems(app)
    app.after_request(_add_headers)
    return app


def _add_headers(answer: Response) -> Response:
    """Answers hold children's data: nothing keeps them, nothing runs in them."""
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
    return answer


def serve_app(settings: Settings, school: Path | School | None = None) -> None:
    """Answer requests until stopped; says where, and how to get a first letter."""
    app = create_app(settings, school)
    server = open_server(app, settings)
    address = f"http://{settings.host}:{server.effective_port}"
    click.echo(f"Attendance letters at {address} (stop with Ctrl-C); routes at {address}/v1/docs")
    click.echo(f"A folder of exports: {command_here()} decide FOLDER --policy bradford")
    click.echo(f"A letter:\n{say_curl(address)}")
    desk: Desk = app.extensions["desk"]
    desk.press.start()
    try:
        run_server(server, settings.stop_seconds)
    finally:
        close_server(server)
        desk.press.close()
