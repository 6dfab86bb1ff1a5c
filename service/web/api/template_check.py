"""POST /v1/templates/check: what is wrong with a letter template, before a school puts it to use."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from flask import Response, current_app, jsonify, request
from flask.views import MethodView
from flask_smorest import Blueprint
from werkzeug.exceptions import UnsupportedMediaType

from service.checking import Checked, check_letter
from service.desk import Desk
from service.errors import Problem, RequestError
from service.web.api.documentation import describe_problems, needs
from service.web.api.schemas import TemplateCheckedSchema
from service.web.callers import ANY_KEY
from service.web.problems import problem_as_json
from service.word.document import DOCX

PART, FORM = "template", "multipart/form-data"
_MEANING = "The letter template as Word keeps it (.docx)."
_PROPERTY: dict[str, Any] = {"type": "string", "format": "binary", "description": _MEANING}
_SCHEMA = {"type": "object", "properties": {PART: _PROPERTY}, "required": [PART], "additionalProperties": False}
_BODY = {"required": True, "content": {FORM: {"schema": _SCHEMA, "encoding": {PART: {"contentType": DOCX}}}}}

blueprint = Blueprint("template_check", __name__, url_prefix="/v1/templates", description="A template, checked")


@blueprint.route("/check")
class TemplateCheck(MethodView):
    """One letter template that somebody sends."""

    @needs(blueprint, ANY_KEY)
    @blueprint.doc(requestBody=_BODY)
    @blueprint.response(200, TemplateCheckedSchema)
    @describe_problems(blueprint, 413, 415, 422)
    def post(self) -> Response:
        """What is wrong with a letter template, and what was probably meant

        The answer is 200 whether or not something is wrong; what is found is what the command check says. Nothing of
        the file is kept, and nothing in it is run.
        """
        if request.mimetype != FORM:
            raise UnsupportedMediaType
        found = _check(current_app.extensions["desk"], _read_sent())
        return jsonify(
            is_right=not found.problems,
            problems=[problem_as_json(problem) for problem in found.problems],
            notes=[f"{note}." for note in found.notes],
        )


def _read_sent() -> bytes:
    """The one file of the request. Raises RequestError where there is none, or something else."""
    others = [*request.form, *(name for name in request.files if name != PART)]
    files = request.files.getlist(PART)
    if len(files) != 1 or others:
        sentence = f'Send one file, under the name "{PART}", and nothing else.'
        raise RequestError("no-file", "There is no template to check", Problem("no-file", sentence, f"/{PART}"))
    content: bytes = files[0].read()
    return content


def _check(desk: Desk, content: bytes) -> Checked:
    """What the command says of a file with that content; its own name is not even looked at."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "template.docx")
        path.write_bytes(content)
        return check_letter(path, (desk.catalogue, desk.press.typesetter))
