"""What came of a batch as a file: the letters as a ZIP, one PDF to print, messages and index for a spreadsheet."""

from __future__ import annotations

import io
import tempfile
from contextlib import closing
from pathlib import Path
from typing import IO

from flask import Response, request, send_file

from service.batches.print_file import open_letter_run
from service.batches.results.packing_up import index_csv, messages_csv, write_zip
from service.batches.results.printing_out import fill_print_run
from service.batches.stored.batch_asked import find_batch
from service.errors import Problem, RequestError
from service.memory.people.roles import EVERYBODY
from service.web.shared.site import Here, here, site
from service.web.shared.visitor import allowed
from service.word.document import PDF

_CSV = "text/csv; charset=utf-8"


@site.get("/batches/<int:number>/results/<kind>")
@allowed(EVERYBODY)
def batch_file(number: int, kind: str) -> Response:
    """One of the files of a batch; the same again whenever it is asked for."""
    place = here()
    find_batch(place.memory, place.school, number)
    if kind == "letters.zip":
        file = tempfile.TemporaryFile()  # noqa: SIM115  # closed with the answer
        write_zip(place.memory, place.school, number, file)
        return _send(file, "application/zip", kind)
    if kind == "print-run.pdf":
        return _send(_print(place, number), PDF, kind)
    if kind == "index.csv":
        return _send(io.BytesIO(b"".join(index_csv(place.memory, place.school, number))), _CSV, kind)
    if kind == "messages.csv":
        return _send(io.BytesIO(b"".join(messages_csv(place.memory, place.school, number))), _CSV, kind)
    sentence = "Choose one of the files on the batch's page."
    raise RequestError("unknown-file", "There is no such file", Problem("unknown-file", sentence))


def _print(place: Here, number: int) -> IO[bytes]:
    """One PDF of a batch's letters. Raises RequestError when one of them cannot be printed."""
    by_postcode, sides = request.args.get("order") == "postcode", request.args.get("sides")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "print-run.pdf"
        run = open_letter_run(path, by_postcode, "one" if sides == "one" else "both", path.parent)
        with closing(run):
            problems = fill_print_run(place.memory, place.school, number, run)
            if problems:
                raise RequestError("not-printed", "Some letters could not be printed", problems)
            run.write(place.memory.desk.press)
        return path.open("rb")  # stays readable when the folder is gone


def _send(file: IO[bytes], media_type: str, name: str) -> Response:
    file.seek(0)
    answer = send_file(file, mimetype=media_type, as_attachment=True, download_name=name)
    answer.call_on_close(file.close)
    return answer
