"""Many programs at once get no wrong answer: some seconds of `python -m tests.long_run.programs`."""

from __future__ import annotations

import pytest

from service.word.document import PDF
from tests.long_run.asking import Asked, ordinary
from tests.long_run.programs import ask_at_once
from tests.long_run.service import running_service


@pytest.mark.slow
def test_programs_at_once_get_right_answers_and_a_wrong_one_is_noticed() -> None:
    with running_service() as (server, _):
        answers = ask_at_once(server.port, 4, 2, ordinary)
        wrong = ask_at_once(server.port, 1, 0.2, lambda number: Asked("/v1/letters", b"{}", PDF))
    assert len(answers) >= 4
    assert {answer.fault for answer in answers} == {""}
    assert {answer.fault for answer in wrong} == {"status 422"}
