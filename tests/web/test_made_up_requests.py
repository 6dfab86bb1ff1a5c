"""A thousand requests that are made up from the OpenAPI document, right and wrong ones, are answered as it says."""

from __future__ import annotations

import pytest
from schemathesis.core.failures import FailureGroup

from tests.long_run.made_up import ONCE, send_all
from tests.web.keyed import house_of


@pytest.mark.slow
def test_a_thousand_requests_are_answered_as_the_document_says(tmp_path) -> None:
    with house_of(tmp_path, REQUESTS_A_MINUTE="1000000") as house:
        found = send_all(house.app, house.key(), cases=1_100, number=1)
    assert found.total() >= 1_000
    assert {label for label, _ in found} >= ONCE
    assert {"POST /v1/letters", "POST /v1/decisions"} <= {label for label, status in found if status == 200}
    assert all(status < 500 for _, status in found)


@pytest.mark.slow
def test_an_answer_that_the_document_does_not_name_is_found(tmp_path) -> None:
    with house_of(tmp_path, REQUESTS_A_MINUTE="1000000") as house:
        house.app.extensions["openapi"].spec.to_dict()["paths"]["/v1/events"]["get"]["responses"].pop("422")
        with pytest.raises(BaseException, match="422") as raised:
            send_all(house.app, house.key(), cases=200, number=1)
    assert isinstance(raised.value, FailureGroup | BaseExceptionGroup)
