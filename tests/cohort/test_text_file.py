"""The two ways in which rows are read, the watched and the quick, give the same."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.cohort.text_file import LONGEST_CELL, LONGEST_ROW, read_text_file
from service.errors import CohortError

TEXTS = st.text(st.sampled_from('a1é,; \t"\r\n'), min_size=1, max_size=60)


@given(text=TEXTS)
def test_a_file_without_quotes_is_read_as_one_that_is_watched(
    text: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("text") / "export.csv"
    path.write_text("name,code\n" + text, encoding="utf-8", newline="")
    quick = read_text_file(path)
    assert quick.is_a_row_a_line == ('"' not in text)
    watched = replace(quick, is_a_row_a_line=False)
    assert rows_or_fault(quick) == rows_or_fault(watched)


def rows_or_fault(file: object) -> object:
    try:
        return list(file.rows())  # type: ignore[attr-defined]
    except CohortError as error:
        return error.problems


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_a_cell_too_long_is_found_in_its_row_both_ways(tmp_path: Path, line_end: str) -> None:
    path = tmp_path / "export.csv"
    path.write_text(line_end.join(["name", "Ann", "x" * (LONGEST_CELL + 1), "Bo"]), newline="")
    quick = read_text_file(path)
    assert quick.is_a_row_a_line
    [problem] = rows_or_fault(quick)  # type: ignore[misc]
    assert problem.row == 3
    assert rows_or_fault(replace(quick, is_a_row_a_line=False)) == (problem,)


def test_a_line_that_fills_the_memory_is_watched(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text("name,code\n" + "a," * LONGEST_ROW)
    file = read_text_file(path)
    assert not file.is_a_row_a_line
    [problem] = rows_or_fault(file)  # type: ignore[misc]
    assert "more than 1,000,000 characters" in problem.detail
