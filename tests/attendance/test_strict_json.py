"""JSON that is refused with a sentence, and JSON that is read."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.attendance.reading.strict_json import read_json
from service.errors import CohortError, Problem


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "line 1, column 1"),
        (b'{"a": 1,}', "line 1"),
        (b'{\n"a": 1\n"b": 2}', "line 3, column 1"),
        (b'{"a": 1, "a": 2}', 'The key "a" is in one object twice'),
        (b'{"x": [{"b": 1, "b": 1}]}', 'The key "b" is in one object twice'),
        (b"[NaN]", "NaN"),
        (b"[Infinity]", "Infinity"),
        (b"[-Infinity]", "-Infinity"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"a":' * 100_000, "nested too deeply"),
        (b"[1" + b"0" * 5_000 + b"]", "too many digits"),
        (b'"\xff"', "UTF-8"),
        ("[1]".encode("utf-16"), "UTF-8"),
        (b"'a'", "line 1, column 1"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_a_sentence(content, told) -> None:
    with pytest.raises(CohortError, match="This is not JSON that can be read") as refused:
        read_json(content, "pupils.json")
    (problem,) = refused.value.problems
    assert told in problem.detail
    assert (problem.code, problem.file) == ("not-json", "pupils.json")


def test_a_byte_order_mark_makes_no_difference() -> None:
    assert read_json(b'\xef\xbb\xbf{"a": "\xc3\xa9"}') == {"a": "é"}


@pytest.mark.parametrize("key", ["\\u0008", "\\ud800", "\\u202e"])
def test_a_key_that_cannot_be_printed_is_refused(key) -> None:
    with pytest.raises(CohortError, match="A key cannot be used"):
        read_json(f'[{{"{key}": 1}}]'.encode())


def test_a_long_repeated_key_is_not_repeated_at_length() -> None:
    key = "k" * 10_000
    with pytest.raises(CohortError) as refused:
        read_json(f'{{"{key}": 1, "{key}": 2}}'.encode())
    assert len(refused.value.detail) < 150


SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
KEYS = st.text("abcé /~", max_size=8)
OBJECTS = st.dictionaries(KEYS, SCALARS | st.lists(SCALARS, max_size=3), max_size=4)
JSON = SCALARS | OBJECTS | st.lists(OBJECTS | st.dictionaries(KEYS, OBJECTS, max_size=2), max_size=3)


@given(JSON)
def test_every_other_json_is_read_as_it_was_written(value) -> None:
    assert read_json(json.dumps(value).encode()) == value


def refusals(content: bytes) -> tuple[Problem, ...]:
    try:
        read_json(content)
    except CohortError as error:
        return error.problems
    return ()


@given(st.binary(max_size=60))
def test_no_bytes_raise_anything_else(content) -> None:
    assert all(problem.detail for problem in refusals(content))
