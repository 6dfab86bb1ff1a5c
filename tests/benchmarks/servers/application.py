"""The application as any WSGI server takes it: `tests.benchmarks.servers.application:application`."""

from __future__ import annotations

from service.app import create_app
from service.sample.sample_school import SAMPLE_SCHOOL
from service.settings import read_settings

application = create_app(read_settings(), SAMPLE_SCHOOL)
application.extensions["desk"].press.start()
application.extensions["memory"].open()  # as every service that has been started once
