"""The fonts that are installed on this machine, as fontconfig lists them."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping

from service.errors import ConversionError, Problem


def list_fonts(line: str, environment: Mapping[str, str] | None = None) -> list[str]:
    """A line, in a format of fontconfig's, for each scalable font that a program with this environment finds.

    None is our own environment, with the fonts in the person's own folder. Raises ConversionError.
    """
    command = ["fc-list", ":scalable=true", "--format", f"{line}\n"]
    try:
        listed = subprocess.run(command, capture_output=True, check=True, timeout=30, text=True, env=environment)  # noqa: S603
    except (OSError, subprocess.SubprocessError) as fault:
        sentence = "Install fontconfig: without it the fonts of this machine cannot be listed."
        problem = Problem("no-fontconfig", f"{sentence} On Debian: apt-get install fontconfig")
        raise ConversionError(problem) from fault
    return listed.stdout.splitlines()
