"""`serve`: the web service."""

from __future__ import annotations

from pathlib import Path

import click

from service.commands.options import SCHOOL
from service.commands.outcome import DONE
from service.faults import say_faults_on_stderr
from service.settings import read_settings


@click.command()
@SCHOOL
def serve(school: Path | None) -> int:
    """Start the web service on this machine, with the sample school unless another is named."""
    from service.app import serve_app

    say_faults_on_stderr()
    serve_app(read_settings(), school)
    return DONE
