"""For whoever writes programs: for which school letters are written, and how to get a first one."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

from flask import Blueprint, Response, current_app, render_template, request

from service.web.callers import open_to_anybody, web_memory
from service.web.example import say_curl

front = Blueprint("front", __name__, template_folder="templates")


@front.get("/programs")
@open_to_anybody
def show_front() -> Response:
    """What the service does here, and where to go next."""
    says_school = not web_memory().needs_key()
    school = current_app.extensions["desk"].school().word("school_name") if says_school else ""
    curl = say_curl(request.host_url.rstrip("/"), needs_key=not says_school)
    page = render_template("front.html", school=school, says_school=says_school, curl=curl, command=command_here())
    return Response(page, mimetype="text/html")


def command_here() -> str:
    """How somebody types the command on this machine: by its path where it stands in a folder of its own."""
    script = Path(sys.prefix) / "bin" / "attendance-letters"
    if not script.is_file():
        return f"{shlex.quote(sys.executable)} -m service"
    folder = Path.cwd()
    return shlex.quote(str(script.relative_to(folder) if script.is_relative_to(folder) else script))
