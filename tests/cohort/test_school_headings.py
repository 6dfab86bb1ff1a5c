"""A school's own headings: those it has kept, and those beside an export, which come first."""

from __future__ import annotations

import pytest

from service.attendance.school import load_school
from service.cohort.columns.aliases import is_column_word, with_own_aliases
from service.cohort.columns.column_words import column_words
from service.cohort.join import read_cohort
from service.errors import CohortError, SettingsError
from service.memory.school_files import write_settings

PUPILS = "Our number,Called,Surname\nQ1,Ann,Ash\n"


def test_what_is_kept_is_used_and_a_file_beside_the_export_comes_first(tmp_path) -> None:
    (tmp_path / "pupils.csv").write_text(PUPILS, encoding="utf-8")
    kept = {"pupil_reference": ["our NUMBER"], "first_name": ["Called"]}
    with pytest.raises(CohortError):
        read_cohort(tmp_path)
    (row,) = read_cohort(tmp_path, headings=kept).pupils
    assert (row.record.pupil_reference, row.record.first_name) == ("Q1", "Ann")
    (tmp_path / "headings.toml").write_text('preferred_name = ["Called"]\n', encoding="utf-8")
    (row,) = read_cohort(tmp_path, headings=kept).pupils
    assert (row.record.preferred_name, row.record.first_name) == ("Ann", "")


def test_a_word_that_is_none_is_told(tmp_path) -> None:
    with pytest.raises(CohortError, match="not a word of a record"):
        with_own_aliases({"shoe_size": ["Shoes"]})


def test_a_school_file_names_them_and_writes_them_again(tmp_path) -> None:
    path = tmp_path / "school.toml"
    path.write_text('school_name = "Mill Lane"\n\n[headings]\nupn = ["Our \\"number\\"", "No."]\n', encoding="utf-8")
    school = load_school(path)
    assert school.headings == {"upn": ['Our "number"', "No."]}
    path.write_text(write_settings(school), encoding="utf-8")
    assert load_school(path) == school
    for wrong in ('headings = "upn"', '[headings]\nupn = "Our number"', '[headings]\nupn = [""]'):
        path.write_text(wrong, encoding="utf-8")
        with pytest.raises(SettingsError, match="List your own headings"):
            load_school(path)


def test_every_word_that_can_be_chosen_is_one_and_is_said_once_in_its_group() -> None:
    for words in column_words().values():
        assert all(map(is_column_word, words))
        assert len(set(words.values())) == len(words) > 3
