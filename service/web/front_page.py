"""The first page: what this is, for which school it writes, and how to get a first letter."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

from flask import Blueprint, Response, current_app, render_template, request

from service.web.example import say_curl

front = Blueprint("front", __name__, template_folder="templates")


@front.get("/")
def show_front() -> Response:
    """What the service does here, and where to go next."""
    school = current_app.extensions["desk"].school().word("school_name")
    curl = say_curl(request.host_url.rstrip("/"))
    page = render_template("front.html", school=school, curl=curl, command=command_here())
    return Response(page, mimetype="text/html")


def command_here() -> str:
    """How somebody types the command on this machine: by its path where it stands in a folder of its own."""
    script = Path(sys.prefix) / "bin" / "attendance-letters"
    if not script.is_file():
        return f"{shlex.quote(sys.executable)} -m service"
    folder = Path.cwd()
    return shlex.quote(str(script.relative_to(folder) if script.is_relative_to(folder) else script))
