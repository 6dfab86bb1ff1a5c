"""`serve`: the web service."""

from __future__ import annotations

from pathlib import Path

import click

from service.commands.options import SCHOOL
from service.commands.outcome import DONE
from service.faults import say_faults_on_stderr
from service.sample.sample_school import SAMPLE_SCHOOL
from service.settings import read_settings


@click.command()
@SCHOOL
@click.option("--sample", is_flag=True, help="Serve an invented school, to try the service with.")
def serve(school: Path | None, sample: bool) -> int:
    """Start the web service on this machine, for the school of --school or of the settings."""
    from service.app import serve_app

    if sample and school:
        raise click.UsageError("Use --sample or --school, not both.")
    say_faults_on_stderr()
    serve_app(read_settings(), SAMPLE_SCHOOL if sample else school)
    return DONE
