"""JSON as every part of the service reads it: no duplicate keys, no NaN, no bottomless nesting."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from service.attendance.reading.value_kinds import find_unusable
from service.errors import CohortError, Problem

_LONGEST_KEY = 200
"""Characters; a key stands in every problem about what is below it."""


class _RefusedError(ValueError):
    """A sentence about JSON that is well formed but cannot be meant."""


def read_json(content: bytes, file: str = "") -> Any:
    """The value of a JSON text in UTF-8. Raises CohortError with the line and column of the first fault."""
    try:
        return json.loads(content.decode("utf-8-sig"), object_pairs_hook=_refuse_repeated, parse_constant=_refuse)
    except UnicodeDecodeError:
        detail = "Save this as UTF-8: JSON must be."
    except _RefusedError as error:
        detail = str(error)
    except json.JSONDecodeError as error:
        detail = f"This is not JSON: line {error.lineno}, column {error.colno}: {error.msg}."
    except RecursionError:
        detail = "The brackets are nested too deeply."
    except ValueError:
        detail = "A number has too many digits."
    raise CohortError(Problem("not-json", detail, file=file), title="This is not JSON that can be read")


def pointer_part(word: str) -> str:
    """A word as a JSON pointer writes it. Source: RFC 6901, section 3."""
    return word.replace("~", "~0").replace("/", "~1")


def _refuse_repeated(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    for key in values:
        if len(key) > _LONGEST_KEY:
            raise _RefusedError(f"A key has {len(key):,} characters; no word has more than {_LONGEST_KEY}.")
        if not key.isprintable() and (fault := find_unusable(key)):
            raise _RefusedError(f"A key cannot be used. {fault}")
    if len(values) != len(pairs):
        seen: set[str] = set()
        repeated = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise _RefusedError(f'The key "{repeated[:60]}" is in one object twice. Keep one.')
    return values


def _refuse(constant: str) -> NoReturn:
    raise _RefusedError(f"{constant} is not a number in JSON.")
