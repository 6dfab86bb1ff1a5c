"""The service, in this process and as a process of its own."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from service.app import create_app
from service.sample.sample_school import SAMPLE_SCHOOL
from service.settings import read_settings


@pytest.fixture(scope="session")
def app() -> Flask:
    """The application with the sample school."""
    return create_app(read_settings({}), SAMPLE_SCHOOL)


@pytest.fixture
def client(app) -> FlaskClient:
    """Requests to the application without a network."""
    return app.test_client()
