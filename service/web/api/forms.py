"""POST /v1/forms/{form}: one form filled for one pupil."""

from __future__ import annotations

from flask import Response, current_app, request
from flask.views import MethodView
from flask_smorest import Blueprint

from service.attendance.reading.asked import FormRequestSchema
from service.desk import Desk
from service.fill import fill_form
from service.web.api.documentation import describe_body, describe_problems, needs
from service.web.problems import NoSuchFormat
from service.web.remembering import pupil_of
from service.web.requests import read_asked, read_body
from service.web.specimens import mark_trial
from service.word.document import DOCX, PDF

FORMATS = (PDF, DOCX)
_FILE = {"schema": {"type": "string", "format": "binary"}}
_ANSWER = {"200": {"description": "The filled form.", "content": dict.fromkeys(FORMATS, _FILE)}}

SHAPE = FormRequestSchema()
"""Made once: to copy its fields takes longer than to read a request with them."""

blueprint = Blueprint("forms", __name__, url_prefix="/v1/forms", description="Forms, filled")


@blueprint.route("/<form>")
class Forms(MethodView):
    """One form."""

    @blueprint.doc(**describe_body(FormRequestSchema), responses=_ANSWER)
    @describe_problems(blueprint, 400, 404, 406, 413, 415, 422)
    @needs(blueprint, "issue")
    def post(self, form: str) -> Response:
        """A form filled with what is known about a pupil

        As a fillable PDF, with "flat" as a PDF that nobody can type into, or with Accept for Word as a DOCX. What is
        not known, and what a person writes by hand, stays open.
        """
        wanted = request.accept_mimetypes.best_match(FORMATS, default="") if request.accept_mimetypes else PDF
        if not wanted:
            raise NoSuchFormat(FORMATS)
        desk: Desk = current_app.extensions["desk"]
        desk.forms.kind(form)
        asked = read_asked(desk, read_body(), SHAPE)
        pupil = pupil_of(asked, asked.pupils[0])
        document = mark_trial(fill_form(desk, pupil, form, wanted, asked.flat))
        answer = Response(document.content, mimetype=document.media_type)
        answer.headers["Content-Disposition"] = f'attachment; filename="{document.name}"'
        return answer
