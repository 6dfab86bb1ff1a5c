"""TOML as every part of the service reads it: an ordinary file of a usual size, not nested bottomlessly."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from service.file_access import UnusableFileError, read_text_file

_LARGEST: Final = 1 << 63
"""What a number of TOML may be. Source: TOML 1.0.0, Integer."""
_TOO_LONG: Final = "A number has too many digits: make it shorter."


class UnreadableTomlError(ValueError):
    """Raised with a sentence that says why a file is not TOML that can be read."""


def read_toml(path: Path) -> dict[str, Any]:
    """The values of a TOML file.

    Raises UnreadableTomlError with a sentence, FileNotFoundError, or OSError where the system does not let it be read.
    """
    try:
        values = tomllib.loads(read_text_file(path))
    except UnusableFileError as error:
        raise UnreadableTomlError(f"This is not TOML: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise UnreadableTomlError("This is not UTF-8 text: save the file as UTF-8.") from None
    except tomllib.TOMLDecodeError as error:
        raise UnreadableTomlError(f"This is not TOML: {error}.") from None
    except RecursionError:
        raise UnreadableTomlError("The brackets are nested too deeply: take some out.") from None
    except ValueError:
        raise UnreadableTomlError(_TOO_LONG) from None
    if not all(-_LARGEST <= number < _LARGEST for number in _numbers(values)):  # neither inf nor nan is
        raise UnreadableTomlError(_TOO_LONG)
    return values


def _numbers(value: Any) -> Iterator[int | float]:
    """Every number in a value, however deep."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            waiting += one.values()
        elif isinstance(one, list):
            waiting += one
        elif isinstance(one, int | float):
            yield one
