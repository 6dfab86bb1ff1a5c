"""A thousand requests that are made up from the OpenAPI document, right and wrong ones, are answered as it says."""

from __future__ import annotations

from collections import Counter

import pytest
from schemathesis.core.failures import FailureGroup

from tests.long_run.made_up import ONCE, SETTINGS, send_all
from tests.web.keyed import house_of

RARE = {"POST /v1/batches/{batch}/release", "POST /v1/pupils/{pupil_reference}/history/{number}/reversal"}
"""What needs two words that belong together; some thousand requests have them."""

LISTED = {"GET /v1/forms/{form}/fields"}
"""What some thousand requests ask about names that there are alone."""


@pytest.fixture(scope="module")
def found(tmp_path_factory) -> Counter[tuple[str, int]]:
    """How often each route answered with which status."""
    with house_of(tmp_path_factory.mktemp("made-up"), **SETTINGS) as house:
        return send_all(house, cases=1_100, number=1)


@pytest.mark.slow
def test_a_thousand_requests_are_answered_as_the_document_says(found) -> None:
    assert found.total() >= 1_000
    assert {label for label, _ in found} >= ONCE
    assert all(status < 500 for _, status in found)


@pytest.mark.slow
def test_every_route_does_what_it_is_for_with_some_of_them(found) -> None:
    done = {label for label, status in found if status < 300}
    assert {label for label, _ in found} - done <= RARE
    about_something = [label for label, _ in found if "{" in label]
    assert {label for label in about_something if (label, 404) not in found} <= RARE | LISTED


@pytest.mark.slow
def test_an_answer_that_the_document_does_not_name_is_found(tmp_path) -> None:
    with house_of(tmp_path, **SETTINGS) as house:
        house.app.extensions["openapi"].spec.to_dict()["paths"]["/v1/events"]["get"]["responses"].pop("422")
        with pytest.raises(BaseException, match="422") as raised:
            send_all(house, cases=200, number=1)
    assert isinstance(raised.value, FailureGroup | BaseExceptionGroup)
