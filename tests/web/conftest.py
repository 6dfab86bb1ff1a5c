"""The service, in this process and as a process of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from service.app import create_app
from service.sample.sample_school import SAMPLE_SCHOOL
from service.settings import PREFIX, read_settings
from tests.web.keyed import close_app


@pytest.fixture(scope="session")
def app(tmp_path_factory) -> Iterator[Flask]:
    """The application with the sample school and a memory of its own, which has no keys."""
    data = tmp_path_factory.mktemp("memory")
    app = create_app(read_settings({f"{PREFIX}DATA": f"{data}"}), SAMPLE_SCHOOL)
    yield app
    close_app(app)


@pytest.fixture
def client(app) -> FlaskClient:
    """Requests to the application without a network."""
    return app.test_client()
