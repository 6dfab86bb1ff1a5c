"""The program: its commands, how it ends, and the exit status that says so."""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Sequence
from dataclasses import replace
from types import FrameType
from typing import NoReturn

import click

from service.commands.every_command import CommandsReadWhenCalled
from service.commands.outcome import DONE, NOTHING_DONE, say_problems
from service.errors import AttendanceLettersError, Problem, RequestError
from service.faults import keep_faults_in_a_file, say_fault


@click.group(cls=CommandsReadWhenCalled, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="attendance-letters")
def commands() -> None:
    """Decides which attendance letter each pupil is due, says why, and fills it."""


def _stop(_signal: int, _frame: FrameType | None) -> NoReturn:
    """End as Ctrl-C does, taking back what is half done."""
    raise KeyboardInterrupt


def main() -> NoReturn:
    """Run a command; what cannot be done is said in sentences, with exit status 2."""
    os.umask(0o077)  # whatever a command writes is about children: it is for this user alone
    signal.signal(signal.SIGTERM, _stop)
    keep_faults_in_a_file()
    gc.freeze()  # modules stay; a cohort's pupils come and go without cycles, so looking for cycles less often is safe
    gc.set_threshold(50_000, 20, 100)
    try:
        status = commands.main(standalone_mode=False)
    except AttendanceLettersError as error:
        say_problems(error.title, _without_places_in_a_request(error))
        status = NOTHING_DONE
    except click.ClickException as error:
        error.show()
        status = NOTHING_DONE
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped.", err=True)
        status = NOTHING_DONE
    except BrokenPipeError:
        sys.stderr.close()
        status = DONE
    except OSError as error:
        click.echo(f"{error.filename or 'The system'}: {error.strerror or 'this cannot be done'}.", err=True)
        status = NOTHING_DONE
    except Exception as error:
        click.echo(say_fault(error), err=True)
        status = NOTHING_DONE
    sys.exit(status or DONE)


def _without_places_in_a_request(error: AttendanceLettersError) -> Sequence[Problem]:
    if not isinstance(error, RequestError):
        return error.problems
    return [replace(problem, pointer="") for problem in error.problems]
