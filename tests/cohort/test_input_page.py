"""The page about input names every heading that is understood, and what a shape file may say."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from builders.input_page import PAGE, with_table
from service.cohort.columns.aliases import SHIPPED

SHAPES = Path(SHIPPED).parents[1] / "shapes"


def test_the_table_of_columns_is_that_of_the_list_of_headings():
    page = PAGE.read_text(encoding="utf-8")
    assert page == with_table(page), "Run python -m builders.input_page."
    assert "| `pupil_reference` | Adno, " in page


def test_a_page_without_a_place_for_the_table_is_an_error():
    with pytest.raises(ValueError, match="no place"):
        with_table("# A page\n")


@pytest.mark.parametrize("shape", sorted(SHAPES.glob("*.toml")), ids=lambda path: path.stem)
def test_every_key_of_a_shape_file_is_explained(shape):
    page = PAGE.read_text(encoding="utf-8")
    keys = tomllib.loads(shape.read_text(encoding="utf-8")).keys() - {"columns", "contacts", "no_code_sentence"}
    assert {key for key in keys if f"`{key}`" not in page} == set()
