"""HTTP statuses belong to the web: elsewhere a refusal has only its code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from service.errors import Problem, RequestError
from service.web.problems import answer_error

SERVICE = Path(__file__).parents[2] / "service"
SOURCES = "\n".join(path.read_text(encoding="utf-8") for path in SERVICE.rglob("*.py"))


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("not-json", 400),
        ("unknown-form", 404),
        ("no-such-format", 406),
        ("only-text", 406),
        ("not-decided", 409),
        ("no-letter-due", 409),
        ("no-converter", 503),
        ("unknown-letter", 422),
        ("wrong-ending", 422),
    ],
)
def test_each_code_that_is_raised_has_its_status(code, status) -> None:
    assert re.search(rf'RequestError\(\s*"{code}"', SOURCES)
    error = RequestError(code, "No", Problem(code, "Do it otherwise."))
    assert answer_error(error).status_code == status
