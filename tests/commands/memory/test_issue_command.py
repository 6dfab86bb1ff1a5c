"""`import`, `due` and `issue` as an officer uses them: whole commands, and what they say."""

from __future__ import annotations

import json
from datetime import date

import pytest

from service.batches.own_files import OwnFiles
from service.word.text import read_text
from tests.batches.written_index import read_index
from tests.commands.memory.officer import ROBIN, SAM, THREE_ABSENCES, write_export

ON = "2026-11-20"
ABSENCES = ("2026-09-08 AM", "2026-09-09 PM", "2026-09-10 AM")
NO_FONT = "\U000fff00"
"""A character of private use, which no font draws."""


def test_an_import_says_what_changed_and_what_became_of_every_row(officer) -> None:
    school = write_export(officer.folder / "school", ROBIN, SAM)
    with (school / "marks.csv").open("a") as marks:
        marks.write("4799,2026-11-20,AM,O\n")
    said = officer("import", "school", "--on", ON, "--nothing-sent-yet")
    assert said.status == 1
    assert "4799" not in said.err
    assert said.out.splitlines() == [
        "2 pupils taken in for 20 November 2026.",
        "      2  new",
        "    208  marks added",
        "marks.csv: 209 rows, 208 used, 1 left out (about pupils who are not in the list of pupils).",
        "2 other files: 5 rows, all used.",
    ]
    assert "marks.csv, row 210" in said.err
    gone = write_export(officer.folder / "later", ROBIN, absent={"2026-11-09 AM": "I"})
    assert officer.does("import", gone, "--on", "23/11/2026").splitlines() == [
        "1 pupil taken in for 23 November 2026.",
        "      1  gone: no letters are due for them until they are in an export again",
        "      3  marks corrected",
        "108 rows read, all used.",
        "Corrected marks:",
        "  4711: 07/09/2026 AM O to /",
        "  4711: 08/10/2026 AM O to /",
        "  4711: 09/11/2026 AM O to I",
    ]


def test_without_a_history_it_says_how_to_say_that_nothing_was_sent(officer) -> None:
    write_export(officer.folder / "school", ROBIN)
    lines = officer.does("import", "school", "--on", ON).splitlines()
    assert lines[3] == (
        "      1  whose history is unknown; if nothing was sent to them before, import again with --nothing-sent-yet"
    )
    assert "1 pupil" in officer.does("due", "--on", ON).split("Note:")[1]
    officer.does("import", "school", "--on", ON, "--nothing-sent-yet")
    assert "Note:" not in officer.does("due", "--on", ON).partition("Row")[0]


def test_what_is_due_after_a_letter_that_asks_for_reasons_is_said_with_it_as_decide_says_it(officer) -> None:
    write_export(officer.folder / "school", ROBIN, SAM, absent={"2026-09-07 AM": "N", **dict.fromkeys(ABSENCES, "O")})
    told = officer("decide", "school", "--policy", "bradford", "--on", "2026-09-11", "--nothing-sent-yet").out
    officer("import", "school", "--on", "2026-09-11", "--nothing-sent-yet")
    said = officer.does("due", "--policy", "bradford", "--on", "2026-09-11")
    for text in (told, said):
        assert "School Letter N, then School Letter 1" in text
        assert "             2  of them are due School Letter 1 next, in the run after this one" in text
        assert text.count("Next: School Letter 1 is due too") == 2
    lines = officer.does("due", "--policy", "bradford", "--on", "2026-09-11", "--json").splitlines()
    assert [json.loads(line)["due_next"] for line in lines] == ["School Letter 1"] * 2


def test_letters_are_due_then_issued_then_due_no_more(officer) -> None:
    write_export(officer.folder / "school", ROBIN, SAM)
    officer.does("import", "school", "--on", ON, "--nothing-sent-yet")
    assert "      2  School Letter 1" in officer.does("due", "--on", ON)
    assert officer.does("issue", "--on", ON, "--out", "letters", "--by", "JM").splitlines() == [
        "      2  School Letter 1",
        "2 letters issued; they are in letters.",
    ]
    rows = read_index(officer.folder / "letters")
    assert {row["pupil_reference"] for row in rows} == {"4711", "4712"}
    assert all("Dear M" in read_text((officer.folder / "letters" / row["file"]).read_bytes()) for row in rows)
    assert "      2  nothing until the review" in officer.does("due", "--on", ON)
    assert officer.does("issue", "--on", ON).splitlines()[:2] == [
        "0 letters issued.",
        "2 letters of this day were issued before, and are not repeated. Write every letter of the day with: "
        "attendance-letters reprint --of-day 2026-11-20 --out FOLDER",
    ]


def test_a_later_export_names_the_letters_that_are_no_longer_due(officer) -> None:
    write_export(officer.folder / "school", ROBIN)
    officer.does("import", "school", "--on", ON, "--nothing-sent-yet")
    officer.does("issue", "--on", ON)
    write_export(officer.folder / "school", ROBIN, absent={})
    lines = officer.does("import", "school", "--on", ON).splitlines()
    assert lines[-2] == (
        "With the corrected marks these letters would no longer be due. Take back what was sent by mistake:"
    )
    assert lines[-1].startswith("  4711: School Letter 1 of 20 November 2026, reference AL-")


def test_two_letters_about_one_pupil_are_not_sent_on_one_day_by_asking_twice(officer) -> None:
    """A mark without a reason asks for Letter N; once it is issued, Letter 1 is due as well."""
    absent = {**dict.fromkeys(THREE_ABSENCES, "O"), "2026-11-16 AM": "N"}
    write_export(officer.folder / "school", ROBIN, absent=absent)
    officer.does("import", "school", "--on", ON, "--nothing-sent-yet")
    assert "School Letter N" in officer.does("issue", "--on", ON)
    assert "      1  School Letter 1" in officer.does("due", "--on", ON)
    again = officer.does("issue", "--on", ON).splitlines()
    assert again[0] == "0 letters issued."
    assert again[2] == (
        "1 pupil is due a further letter, but had one today. Issue it tomorrow, or now with --pupil and --letter."
    )
    named = officer.does("issue", "--on", ON, "--pupil", "4711", "--letter", "letter_1")
    assert named.startswith("      1  School Letter 1\n1 letter issued.")


def test_a_letter_without_a_pdf_is_written_as_a_word_file_and_named(officer) -> None:
    strange = [*ROBIN]
    strange[1] = f"Robin{NO_FONT}"
    write_export(officer.folder / "school", strange, SAM)
    officer.does("import", "school", "--on", ON, "--nothing-sent-yet")
    said = officer.as_process("issue", "--on", ON, "--out", "letters", "--format", "pdf")
    assert said.status == 1
    assert said.out.splitlines()[-1] == "2 letters issued; they are in letters."
    first, second = said.err.splitlines()
    assert first == "No PDF could be made of these letters. They are issued; print the Word files in letters:"
    assert second.startswith("  8B-1-letter_1-1.docx: ")
    rows = {row["pupil_reference"]: row for row in read_index(officer.folder / "letters")}
    assert [rows[key]["file"] for key in ("4711", "4712")] == ["8B-1-letter_1-1.docx", "8B-2-letter_1-1.pdf"]
    assert NO_FONT in read_text((officer.folder / "letters" / "8B-1-letter_1-1.docx").read_bytes())
    assert rows["4711"]["problems"].startswith("Print this letter from its Word file")
    assert (officer.folder / "letters" / "8B-2-letter_1-1.pdf").read_bytes().startswith(b"%PDF")


def test_when_the_folder_cannot_be_finished_it_says_how_to_get_the_letters(officer, monkeypatch) -> None:
    write_export(officer.folder / "school", ROBIN, SAM)
    officer.does("import", "school", "--on", ON, "--nothing-sent-yet")
    write, calls = OwnFiles.write, []

    def full_at_the_second(self, name, content):
        calls.append(name)
        if len(calls) == 2:
            raise OSError(28, "No space left on device", name)
        write(self, name, content)

    with monkeypatch.context() as disk:
        disk.setattr(OwnFiles, "write", full_at_the_second)
        said = officer("issue", "--on", ON, "--out", "letters")
    assert said.status == 2
    assert said.err.splitlines()[0] == (
        "2 letters were issued before this stopped, but letters was not finished. Write every letter of the day with: "
        "attendance-letters reprint --of-day 2026-11-20 --out FOLDER"
    )
    assert not (officer.folder / "letters").exists()
    assert "2 letters of 20 November 2026" in officer.does("reprint", "--of-day", ON, "--out", "again")
    assert len(list((officer.folder / "again").glob("*.docx"))) == 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["issue", "--letter", "letter_1"], "Name the pupil with --pupil as well"),
        (["issue", "--pupil", "4799"], "No pupil of this school has that UPN or reference."),
        (["issue", "--pupil", "4711", "--letter", "letter_7"], "has no letter"),
        (["due", "--policy", "nobody"], "nobody"),
        (["history", "4799"], "import an export with the pupil first"),
    ],
)
def test_what_cannot_be_done_is_said(words, said, officer) -> None:
    write_export(officer.folder / "school", ROBIN)
    officer.does("import", "school", "--on", ON, "--nothing-sent-yet")
    done = officer(*words, *(["--on", ON] if words[0] != "history" else []))
    assert done.status in (1, 2)
    assert said in done.err


def test_a_meeting_is_given_out_to_who_is_invited(officer) -> None:
    """A third letter invites; the first slot is taken, and the letter names it."""
    write_export(officer.folder / "school", ROBIN, on=date(2026, 12, 11), absent=dict.fromkeys(DAYS, "O"))
    (officer.folder / "school" / "history.csv").write_text(
        "pupil_reference,on,event\n4711,2026-09-21,letter_1\n4711,2026-10-12,letter_2\n"
    )
    (officer.folder / "slots.csv").write_text("date,time,place,with\n17/12/2026,14:30,Room 4,Ms P Reed\n")
    officer.does("import", "school", "--on", "2026-12-11")
    assert officer.does("issue", "--on", "2026-12-11").splitlines() == [
        "0 letters issued.",
        "1 pupil is not decided until there is an answer; `due` says what is asked.",
    ]
    assert "Needed first: parent engaged" in officer.does("due", "--on", "2026-12-11")
    answered = officer.does("record", "4711", "--answer", "parent engaged=no")
    assert answered == "Is the parent working with the school on attendance? No.\n"
    assert "      1  School Letter 3" in officer.does("due", "--on", "2026-12-11")
    without = officer("issue", "--on", "2026-12-11")
    assert (without.status, without.out) == (1, "0 letters issued.\n")
    assert "4711: " in without.err
    officer.does("issue", "--on", "2026-12-11", "--meetings", "slots.csv", "--out", "letters")
    (row,) = read_index(officer.folder / "letters")
    assert "17 December 2026" in read_text((officer.folder / "letters" / row["file"]).read_bytes())


DAYS = [f"2026-{day} {half}" for day in ("09-07", "10-08", "11-09", "11-16", "11-23", "12-02") for half in ("AM", "PM")]


def test_a_letter_is_issued_with_a_personal_sentence_and_to_those_who_were_chosen(officer) -> None:
    write_export(officer.folder / "school", ROBIN)
    officer.does("import", "school", "--on", ON, "--nothing-sent-yet")
    for words in (("--sentence", "Well done."), ("--not-to", "1", "--why", "x")):
        said = officer("issue", "--on", ON, *words)
        assert (said.status, "--pupil" in said.err) == (2, True)
    said = officer("issue", "--on", ON, "--pupil", "4711", "--sentence", "x" * 301)
    assert (said.status, "a letter takes 300" in said.err) == (2, True)
    said = officer("issue", "--on", ON, "--pupil", "4711", "--not-to", "1", "--why", "away")
    assert "Choose at least one person" in said.err + said.out
    assert "0 letters issued" in said.out
    words = ("--pupil", "4711", "--sentence", "Well  done.", "--by", "JM", "--out", "letters")
    assert "1 letter issued" in officer.does("issue", "--on", ON, *words)
    (letter,) = (officer.folder / "letters").glob("*.docx")
    assert "Well done." in read_text(letter.read_bytes())
