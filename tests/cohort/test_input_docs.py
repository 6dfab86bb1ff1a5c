"""docs/input.md says what is read: its table is the list of headings, and its examples work."""

from __future__ import annotations

import json
import re

import pytest

from builders.input_docs import PAGE, with_table
from service.cohort.columns.aliases import shipped_headings
from service.cohort.join import read_cohort
from service.cohort.shapes.shape_file import read_shape
from service.errors import CohortError
from tests.cohort.export_making import read_export, write_files

TEXT = PAGE.read_text(encoding="utf-8")
OWN_HEADINGS, SHAPE = re.findall(r"```toml\n(.*?)```", TEXT, re.S)


def test_the_table_is_current():
    assert with_table(TEXT) == TEXT, "run: .venv/bin/python -m builders.input_docs"


def test_every_word_and_heading_of_the_first_contact_and_the_pupil_is_in_the_table():
    rows = dict(re.findall(r"^\| `(\w+)` \| (.*) \|$", TEXT, re.M))
    words = {word for word in shipped_headings() if not re.match(r"contact_[2-9]|contact_1_no_contact", word)}
    assert words <= rows.keys()
    assert "Unique Pupil Number" in rows["upn"]


def test_the_example_of_own_headings_works(tmp_path):
    write_files(
        tmp_path,
        a="Our number,Surname,Forename,Possible,Attended,No reason given so far,Who to write to\n"
        "A1,Birch,Nia,104,90,2,Cole\n",
    )
    (tmp_path / "headings.toml").write_text(OWN_HEADINGS)
    outcome = read_export(tmp_path)
    (record,) = outcome.records.values()
    assert outcome.problems == outcome.notices == []
    assert (record.upn, record.contacts[0].last_name) == ("A1", "Cole")
    assert record.summary.figures["sessions_unexplained"] == 2


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("rows = 3", "Write rows as a text in quotation marks."),
        ("rows = []", "Write rows as a text in quotation marks."),
        ("no_code = {}", "Write no_code as a text in quotation marks."),
        ('recognise = "/data"', "Write recognise as a list of texts in quotation marks."),
        ("more = [1]", "Write more as a list of texts in quotation marks."),
        ("columns = 1", "Write columns as a table of words, each with its place."),
        ("contacts = []", "Write contacts as a table with rows, a text, and columns."),
        ("columns.upn = 3", "Write in columns the place of upn as a text, or as a list of texts."),
        ("contacts.columns.last_name = [3]", "Write in contacts.columns the place of last_name as a text"),
    ],
)
def test_a_shape_of_another_kind_is_told_with_what_to_write(written, said, tmp_path):
    shape = {"title": '"Ours"', "kind": '"pupil"', "rows": '"/a"', "columns.upn": '"/b"'}
    word, _, value = written.partition(" = ")
    kept = {key: text for key, text in shape.items() if key.partition(".")[0] != word}
    lines = "".join(f"{key} = {text}\n" for key, text in (kept | {word: value}).items())
    (tmp_path / "ours.toml").write_text(lines)
    with pytest.raises(CohortError) as caught:
        read_shape(tmp_path / "ours.toml")
    assert [problem.detail for problem in caught.value.problems if said in problem.detail]
    assert {problem.file for problem in caught.value.problems} == {"ours.toml"}


def test_the_example_of_a_shape_works(tmp_path):
    house = {"line1": "2 Long Row", "postcode": "ZE8 4QT"}
    pupil = {
        "uniqueNumber": "A1",
        "names": {"first": "Nia", "last": "Birch"},
        "attendance": {"possible": 104, "present": 90, "noReason": 2},
        "family": [{"first": "Jo", "last": "Birch", "house": house}],
    }
    (tmp_path / "a.json").write_text(json.dumps({"learners": [pupil]}))
    (tmp_path / "ours.toml").write_text(SHAPE)
    (row,) = read_cohort(tmp_path / "a.json", shape=str(tmp_path / "ours.toml")).pupils
    assert (row.record.first_name, row.record.last_name) == ("Nia", "Birch")
    assert row.record.summary.figures["sessions_attended"] == 90
    assert row.record.contacts[0].address.printed_lines == ("2 Long Row", "ZE8 4QT")
