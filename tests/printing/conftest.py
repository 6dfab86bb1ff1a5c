"""One typesetter and one LibreOffice for a module of tests."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator

import pytest

from service.printing.office.converter import Converter, ConverterSettings
from service.printing.typeset.typesetter import TypesetSettings, Typesetter


@pytest.fixture(scope="module")
def typesetter() -> Iterator[Typesetter]:
    """Sets letters with one process."""
    made = Typesetter(TypesetSettings(processes=1))
    yield made
    made.close()


@pytest.fixture(scope="module")
def converter() -> Iterator[Converter]:
    """Converts with one LibreOffice, in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="letters-") as folder:
        made = Converter(ConverterSettings(processes=1, folder=folder, linger=0.2))
        yield made
        made.close()
