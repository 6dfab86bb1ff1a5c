"""Lists of what there is to ask for: policies, letters' templates, forms, events; their fields as JSON Schema."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Response, current_app, request
from flask.views import MethodView
from flask_smorest import Blueprint

from service.attendance.words import EVENTS, LETTERS, OUTCOMES, PER_PARENT_EVENTS
from service.decisions.policy import Policy
from service.desk import Desk
from service.did_you_mean import did_you_mean
from service.errors import Problem, RequestError
from service.letters.catalogue import LetterKind, read_kind
from service.web.api.documentation import describe_body, describe_problems, needs
from service.web.api.letter_answers import make_file
from service.web.api.schemas import (
    EventKindsSchema,
    FormsListSchema,
    PoliciesSchema,
    PreviewRequestSchema,
    TemplatesSchema,
)
from service.web.callers import ANY_KEY, caller
from service.web.filled_examples import fill_example
from service.web.pages_of import IF_NONE_MATCH, PARAMETERS, page_of, tagged
from service.web.problems import NoSuchFormat
from service.web.requests import read_body, read_plain
from service.word.document import DOCX, PDF

SCHEMA = "https://json-schema.org/draft/2020-12/schema"
JSON_TYPES = {"text": "string", "number": "integer", "flag": "boolean", "list": "array"}
FORM_TYPES = {"tick": "boolean"}
_FIELDS = {"200": {"description": "The fields, as a JSON Schema.", "content": {"application/json": {"schema": {}}}}}
_FILE = {"schema": {"type": "string", "format": "binary"}}

blueprint = Blueprint("lists", __name__, url_prefix="/v1", description="What there is to ask for")


@blueprint.route("/policies")
class Policies(MethodView):
    """The policies."""

    @needs(blueprint, ANY_KEY)
    @blueprint.doc(parameters=PARAMETERS)
    @blueprint.response(200, PoliciesSchema)
    @describe_problems(blueprint, 422)
    def get(self) -> Response:
        """The policies that decisions can be made by, with the letters of each"""
        return page_of([_tell_policy(policy) for _, policy in sorted(_desk().policies.items())], "policy")


@blueprint.route("/templates")
class Templates(MethodView):
    """The letters' templates."""

    @needs(blueprint, ANY_KEY)
    @blueprint.doc(parameters=PARAMETERS)
    @blueprint.response(200, TemplatesSchema)
    @describe_problems(blueprint, 422)
    def get(self) -> Response:
        """The letters that there are templates of

        Where a policy words a letter differently it has a template of its own, named after both.
        """
        return page_of([*_tell_templates(_desk())], "template")


@blueprint.route("/templates/<path:template>/fields")
class TemplateFields(MethodView):
    """The words of a template."""

    @needs(blueprint, ANY_KEY)
    @blueprint.doc(parameters=[IF_NONE_MATCH], responses=_FIELDS)
    @describe_problems(blueprint, 404)
    def get(self, template: str) -> Response:
        """The words that a letter's template is filled with, as a JSON Schema"""
        desk, (policy, letter) = _desk(), _find_template(template)
        opened = desk.catalogue.open(letter, policy, caller().words_of(desk))
        known = desk.catalogue.fields
        words = sorted({*opened.template.wants, *opened.kind.needs} & known.keys())
        properties = {word: _as_schema(known[word]) for word in words}
        needed = [word for word in words if word in opened.kind.needs or not known[word].get("optional")]
        return tagged({"$schema": SCHEMA, "title": opened.kind.title, **_object(properties, needed)})


@blueprint.route("/templates/<path:template>/preview")
class TemplatePreview(MethodView):
    """A template filled with examples."""

    @needs(blueprint, ANY_KEY)
    @blueprint.doc(
        **describe_body(PreviewRequestSchema),
        responses={"200": {"description": "The letter.", "content": dict.fromkeys((DOCX, PDF), _FILE)}},
    )
    @describe_problems(blueprint, 400, 404, 406, 413, 415, 422)
    def post(self, template: str) -> Response:
        """A letter as it looks, filled with invented words, or with those that the request gives

        It says TEST on every page, is about nobody, and nothing is remembered. As a Word document, or a PDF by Accept.
        """
        wanted = request.accept_mimetypes.best_match((DOCX, PDF), default="") if request.accept_mimetypes else DOCX
        if not wanted:
            raise NoSuchFormat((DOCX, PDF))
        desk, (policy, letter) = _desk(), _find_template(template)
        opened = desk.catalogue.open(letter, policy, caller().words_of(desk))
        texts = {word: False for word, about in desk.catalogue.fields.items() if about.get("type", "text") == "text"}
        made = fill_example(desk, opened, read_plain(read_body(), texts))
        document = make_file(desk, [made], wanted, is_trial=True)
        answer = Response(document.content, mimetype=document.media_type)
        answer.headers["Content-Disposition"] = f'attachment; filename="{document.name}"'
        return answer


@blueprint.route("/forms")
class FormsList(MethodView):
    """The forms."""

    @needs(blueprint, ANY_KEY)
    @blueprint.doc(parameters=PARAMETERS)
    @blueprint.response(200, FormsListSchema)
    @describe_problems(blueprint, 422)
    def get(self) -> Response:
        """The forms that can be filled, and who each goes to"""
        forms = _desk().forms
        kinds = [forms.kind(name) for name in forms.names]
        return page_of(
            [{"form": kind.form, "title": kind.title, "goes_to": kind.goes_to or None} for kind in kinds], "form"
        )


@blueprint.route("/forms/<form>/fields")
class FormFields(MethodView):
    """The fields of a form."""

    @needs(blueprint, ANY_KEY)
    @blueprint.doc(parameters=[IF_NONE_MATCH], responses=_FIELDS)
    @describe_problems(blueprint, 404)
    def get(self, form: str) -> Response:
        """The fields that a form has as a PDF, as a JSON Schema"""
        forms = _desk().forms
        title, fields = forms.kind(form).title, forms.open_pdf(form).fields
        properties: dict[str, Any] = {}
        for name, field in fields.items():
            properties[name] = {"type": FORM_TYPES.get(field.kind, "string"), "title": field.label}
            if field.choices:
                properties[name]["enum"] = ["", *field.choices]
            if field.max_length:
                properties[name]["maxLength"] = field.max_length
        return tagged({"$schema": SCHEMA, "title": title, **_object(properties, [])})


@blueprint.route("/events")
class Events(MethodView):
    """The kinds of event."""

    @needs(blueprint, ANY_KEY)
    @blueprint.doc(parameters=PARAMETERS)
    @blueprint.response(200, EventKindsSchema)
    @describe_problems(blueprint, 422)
    def get(self) -> Response:
        """What can stand in a pupil's history: every letter, and everything else that is done"""
        return page_of([_tell_event(event) for event in EVENTS], "event")


def _desk() -> Desk:
    desk: Desk = current_app.extensions["desk"]
    return desk


def _tell_policy(policy: Policy) -> dict[str, Any]:
    letters = {rule.letter: rule.label for rule in policy.rules if rule.letter}
    return {
        "policy": policy.name,
        "title": policy.title,
        "source": policy.source,
        "begins": policy.begins.isoformat(),
        "letters": [{"letter": letter, "label": label} for letter, label in letters.items()],
    }


def _tell_templates(desk: Desk) -> Iterator[dict[str, Any]]:
    for path in sorted(desk.catalogue.files()):
        kind = read_kind(path)
        policy = "" if path.parent == desk.catalogue.folder else path.parent.name
        yield _tell_template(kind, policy)


def _tell_template(kind: LetterKind, policy: str) -> dict[str, Any]:
    name = f"{policy}/{kind.letter}" if policy else kind.letter
    own = f"/v1/templates/{name}"
    return {
        "template": name,
        "letter": kind.letter,
        "policy": policy or None,
        "title": kind.title,
        "sent_by": kind.sent_by,
        "is_message": kind.is_message,
        "must_be_posted": kind.must_be_posted,
        "enclosures": list(kind.enclosures),
        "links": {"fields": f"{own}/fields", "preview": f"{own}/preview"},
    }


def _find_template(name: str) -> tuple[str, str]:
    """The policy ("" for all) and the letter of a template. Raises RequestError when there is none."""
    known = {item["template"]: (item["policy"] or "", item["letter"]) for item in _tell_templates(_desk())}
    if name not in known:
        sentence = f"There is no template of that name.{did_you_mean(name, known)} GET /v1/templates lists them."
        raise RequestError("unknown-template", "There is no such template", Problem("unknown-template", sentence))
    return known[name]


def _tell_event(event: str) -> dict[str, Any]:
    return {
        "event": event,
        "title": EVENTS[event],
        "is_letter": event in LETTERS,
        "needs_recipient": event in PER_PARENT_EVENTS,
        "outcomes": list(OUTCOMES),
    }


def _object(properties: dict[str, Any], needed: list[str]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": needed, "additionalProperties": False}


def _as_schema(about: dict[str, Any]) -> dict[str, Any]:
    """A word of the templates as JSON Schema; a list by what each of its rows holds."""
    kind = JSON_TYPES[about.get("type", "text")]
    found = {"type": kind, "description": about["meaning"], "examples": [about["example"]]}
    if kind == "array":
        items = about.get("items")
        rows = {word: {"type": "string", "description": meaning} for word, meaning in (items or {}).items()}
        found["items"] = {"type": "object", "properties": rows} if items else {"type": "string"}
    return found
