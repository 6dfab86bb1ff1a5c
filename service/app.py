"""The web service: opens the desk, registers the web, answers on this machine."""

from __future__ import annotations

import json
from importlib.metadata import version
from pathlib import Path
from typing import Any

import click
from flask import Flask, Response

from service.desk import Desk
from service.settings import LOOPBACK, Settings
from service.web.api import decisions, forms, health, letters
from service.web.docs_page import pages
from service.web.problems import ProblemApi, log_fault, register_problems
from service.web.server import close_server, open_server, run_server

EXAMPLE = {
    "on": "2026-11-20",
    "pupil": {
        "pupil_reference": "4711",
        "first_name": "Robin",
        "last_name": "Ash",
        "date_of_birth": "2013-05-02",
        "registration_group": "8B",
        "sessions_possible": 104,
        "sessions_attended": 94,
        "sessions_authorised": 7,
        "sessions_unauthorised": 3,
        "sessions_unexplained": 0,
        "contacts": [
            {
                "title": "Ms",
                "first_name": "Jo",
                "last_name": "Ash",
                "parental_responsibility": True,
                "address_line_1": "2 Long Row",
                "address_line_2": "Netherford",
                "postcode": "ZE8 4QT",
            }
        ],
    },
}
"""A request that gives a letter: an invented pupil of the sample school."""


class Service(Flask):
    """Flask that logs a fault without the text of the exception, which may hold what somebody sent."""

    def log_exception(self, exc_info: Any) -> None:
        """Log where a fault happened."""
        log_fault(exc_info[1])


def create_app(settings: Settings, school: Path | None = None) -> Flask:
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
    desk.school  # noqa: B018  # read now, so that a wrong file is told at the start
    app.extensions["desk"] = desk
    api = ProblemApi(app)
    app.extensions["openapi"] = api
    for module in (decisions, letters, forms, health):
        api.register_blueprint(module.blueprint)
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


def serve_app(settings: Settings, school: Path | None = None) -> None:
    """Answer requests until stopped; says where, and how to get a first letter."""
    app = create_app(settings, school)
    server = open_server(app, settings)
    address = f"http://{settings.host}:{server.effective_port}"
    click.echo(f"Attendance letters at {address} (stop with Ctrl-C); routes at {address}/v1/docs")
    click.echo(f"A letter:\n{say_curl(address)}")
    desk: Desk = app.extensions["desk"]
    desk.press.start()
    try:
        run_server(server)
    finally:
        close_server(server)
        desk.press.close()


def say_curl(address: str) -> str:
    """A command that returns a letter."""
    body = json.dumps(EXAMPLE)
    return f"curl -s {address}/v1/letters -H 'Content-Type: application/json' -o letter.docx -d '{body}'"
