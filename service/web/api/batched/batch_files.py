"""/v1/batches/…/letters.zip, print.pdf, messages.csv and index.csv: the files that come of a batch.

Each is written to a file of its own first: a fault is told with a status of its own instead of a torn file, memory
stays flat, and whoever reads slowly holds neither a thread nor the database.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import IO, Any

from flask import Response, request, send_file
from flask.views import MethodView
from flask_smorest import Blueprint

from service.batches.print_file import open_letter_run
from service.batches.results.packing_up import index_csv, messages_csv, write_zip
from service.batches.results.printing_out import fill_print_run
from service.batches.stored.batch_asked import refuse
from service.batches.stored.looking import find_still
from service.errors import Problem, RequestError
from service.memory.memory import Memory, OpenSchool
from service.web.api.documentation import describe_problems, needs
from service.web.remembering import here
from service.word.document import PDF

ZIP, CSV = "application/zip", "text/csv"
Write = Callable[[Memory, OpenSchool, int, IO[bytes]], Any]
blueprint = Blueprint("batch-files", __name__, url_prefix="/v1/batches", description="The files that come of a batch")
ORDERS, SIDES = ("group", "postcode"), ("both", "one")


def _choice(name: str, meaning: str, words: tuple[str, ...]) -> dict[str, Any]:
    schema = {"type": "string", "enum": list(words), "default": words[0]}
    return {"in": "query", "name": name, "description": meaning, "schema": schema, "example": words[0]}


_ORDER = _choice("order", "By registration group and name, or by postcode.", ORDERS)
_SIDES = _choice("sides", "Whether the paper is printed on both sides.", SIDES)


def _described(media_type: str, meaning: str) -> dict[str, Any]:
    content = {media_type: {"schema": {"type": "string", "format": "binary"}}}
    return {"responses": {200: {"description": meaning, "content": content}}}


@blueprint.route("/<int:batch>/letters.zip")
class BatchLetters(MethodView):
    """A batch's letters."""

    @needs(blueprint, "read", remembered=True)
    @blueprint.doc(**_described(ZIP, "The letters."))
    @describe_problems(blueprint, 404, 409, 410, 422)
    def get(self, batch: int) -> Response:
        """The letters of a batch, byte for byte as they were issued, with the index and the messages"""
        return _answer(batch, "letters.zip", ZIP, write_zip)


@blueprint.route("/<int:batch>/print.pdf")
class BatchPrint(MethodView):
    """A batch's letters to print."""

    @needs(blueprint, "read", remembered=True)
    @blueprint.doc(**_described(PDF, "The letters with their index."), parameters=[_ORDER, _SIDES])
    @describe_problems(blueprint, 404, 409, 410, 422)
    def get(self, batch: int) -> Response:
        """The letters of a batch as one PDF to print, each on its own sheets, with an index in front

        Where one of them cannot be printed the answer is 503 and names it; letters.zip has them all.
        """
        by_postcode = _read_choice("order", ORDERS) == "postcode"
        one_side = _read_choice("sides", SIDES) == "one"

        def write(memory: Memory, school: OpenSchool, number: int, out: IO[bytes]) -> None:
            with tempfile.TemporaryDirectory(prefix="print-") as folder:
                path = Path(folder) / "print.pdf"
                _print(memory, school, number, path, by_postcode, one_side)
                with path.open("rb") as made:
                    shutil.copyfileobj(made, out)

        return _answer(batch, "print.pdf", PDF, write)


def _print(memory: Memory, school: OpenSchool, number: int, path: Path, by_postcode: bool, one_side: bool) -> None:
    with closing(open_letter_run(path, by_postcode, "one" if one_side else "both", path.parent)) as run:
        if problems := fill_print_run(memory, school, number, run):
            raise RequestError("not-printed", "Some letters could not be printed", problems)
        run.write(memory.desk.press)
    if not path.exists():
        raise refuse("nothing-to-print", "No letter of this batch is issued on paper.", "There is nothing to print")


@blueprint.route("/<int:batch>/messages.csv")
class BatchMessages(MethodView):
    """A batch's messages."""

    @needs(blueprint, "read", remembered=True)
    @blueprint.doc(**_described(CSV, "The messages."))
    @describe_problems(blueprint, 404, 409, 410, 422)
    def get(self, batch: int) -> Response:
        """The text messages of a batch for the school's own app, as CSV"""
        return _answer(batch, "messages.csv", CSV, lambda *which: which[-1].writelines(messages_csv(*which[:-1])))


@blueprint.route("/<int:batch>/index.csv")
class BatchIndex(MethodView):
    """A batch's index."""

    @needs(blueprint, "read", remembered=True)
    @blueprint.doc(**_described(CSV, "The index."))
    @describe_problems(blueprint, 404, 409, 410, 422)
    def get(self, batch: int) -> Response:
        """The index of a batch, which accounts for every row: the letter, or why there is none, as CSV"""
        return _answer(batch, "index.csv", CSV, lambda *which: which[-1].writelines(index_csv(*which[:-1])))


def _answer(number: int, name: str, media_type: str, write: Write) -> Response:
    """A file that came of a batch. Raises RequestError while the batch is at work, and when it is gone."""
    memory, school = here()
    find_still(memory, school, number)
    file = tempfile.TemporaryFile()  # noqa: SIM115  # the answer closes it
    try:
        write(memory, school, number, file)
        file.seek(0)
        answer = send_file(file, media_type, as_attachment=True, download_name=f"batch-{number}-{name}", etag=False)
    except BaseException:
        file.close()
        raise
    return answer


def _read_choice(name: str, words: tuple[str, ...]) -> str:
    text = request.args.get(name, words[0])
    if text in words:
        return text
    problem = Problem("unknown-word", f"Use {' or '.join(words)}.", f"/{name}")
    raise RequestError("request-problem", "Some of this request needs correcting", problem)
