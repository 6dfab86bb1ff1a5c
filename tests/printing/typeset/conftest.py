"""One typesetter for a module of tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from service.printing.typeset.typesetter import TypesetSettings, Typesetter


@pytest.fixture(scope="module")
def typesetter() -> Iterator[Typesetter]:
    """Sets letters with one process."""
    made = Typesetter(TypesetSettings(processes=1))
    yield made
    made.close()
