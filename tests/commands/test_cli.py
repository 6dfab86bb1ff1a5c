"""The commands, each run as a process on an invented school of this project's own."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest

from service.attendance.words import MEETING, MEETING_NEEDED
from service.commands.main import main
from service.decisions.reading.policies import load_policies
from service.settings import shipped
from service.word.text import read_text
from tests.batches.written_index import read_index

ROOT = Path(__file__).parent.parent.parent
POLICIES = sorted(load_policies(shipped("rules")))
COMMANDS = ("decide", "letters", "check", "sample", "serve")
PUPILS = 40
ON = ("--on", "2026-11-20")


def run(*arguments: object, cwd: Path = ROOT, **settings: str) -> subprocess.CompletedProcess[str]:
    """A command as a process with warnings as errors; it never shows a traceback."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ATTENDANCE_LETTERS_")}
    done = subprocess.run(
        [sys.executable, "-m", "service", *map(str, arguments)],
        cwd=cwd,
        env={**kept, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error", "COLUMNS": "120", **settings},
        capture_output=True,
        encoding="utf-8",
        timeout=120,
    )
    assert "Traceback" not in done.stderr, done.stderr
    assert not re.search(r"\wWarning: ", done.stderr), done.stderr
    return done


def call(capsys, monkeypatch, *arguments: str) -> tuple[int, str]:
    """A command in this process, for those that end before they begin: its exit status and what it says."""
    monkeypatch.setattr(sys, "argv", ["attendance-letters", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    return int(ended.value.code or 0), capsys.readouterr().err


def read_csv(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))


def names_of(folder: Path) -> set[str]:
    """Every pupil's and contact's last name in an invented school."""
    rows = read_csv(folder / "pupils.csv")
    words = ("first_name", "last_name", "contact_1_last_name", "contact_2_last_name")
    return {row[word] for row in rows for word in words if row[word]}


def assert_without_names(text: str, folder: Path) -> None:
    found = {name for name in names_of(folder) if re.search(rf"\b{re.escape(name)}\b", text)}
    assert found == set()


@pytest.fixture(scope="module")
def school(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("sample") / "school"
    assert run("sample", folder, "--pupils", PUPILS, "--seed", 7).returncode == 0
    return folder


@pytest.fixture(scope="module")
def written(school, tmp_path_factory) -> Path:
    """The letters of the whole school under Bradford's policy, with meetings."""
    out = tmp_path_factory.mktemp("written") / "letters"
    done = run("letters", school, *ON, "--out", out, "--meetings", school / "meetings.csv")
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    assert_without_names(done.stderr, school)
    return out


# decide


@pytest.mark.parametrize("policy", POLICIES)
def test_decide_shows_a_table_that_counts_every_pupil(school, policy) -> None:
    done = run("decide", school, *ON, "--policy", policy)
    assert (done.returncode, done.stderr) == (0, "")
    paragraph, _, table = done.stdout.partition("\n\n")
    lines = table.splitlines()
    assert re.fullmatch(r"Row +Group +Pupil +Stage +What is due +Review", lines[0])
    assert max(map(len, done.stdout.splitlines())) <= 120
    assert f"{PUPILS} pupils, decided for 20 November 2026 under {policy}:" in paragraph
    counts = re.findall(r"^ +(\d+)  (?!of them)", paragraph.partition("Please answer")[0], re.MULTILINE)
    assert sum(map(int, counts)) == PUPILS
    shown = rows_of(table)
    hidden = re.search(r"^(\d+) pupils? .* not shown", table, re.MULTILINE)
    assert len(shown) + (int(hidden[1]) if hidden else 0) == PUPILS
    everybody = run("decide", school, *ON, "--policy", policy, "--all").stdout.partition("\n\n")[2]
    assert set(rows_of(everybody)) == set(range(2, PUPILS + 2))


def rows_of(table: str) -> list[int]:
    return [int(row) for row in re.findall(r"^(\d+)  ", table, re.MULTILINE)]


@pytest.mark.parametrize("policy", POLICIES)
def test_decide_shows_the_pupils_who_need_most_first(school, policy) -> None:
    decided = {row["row"]: row for row in decisions(run("decide", school, *ON, "--policy", policy, "--json"))}
    table = run("decide", school, *ON, "--policy", policy).stdout.partition("\n\n")[2]
    shown = [decided[row] for row in rows_of(table)]
    order = ("letter", "action", "undecided", "monitor", "none")
    assert shown == sorted(shown, key=lambda row: (order.index(row["outcome"]), -int(row["stage"][0])))
    hidden = [row for row in decided.values() if row not in shown]
    assert hidden
    assert all(row["outcome"] == "none" and not row["cautions"] + row["returns"] for row in hidden)


def test_a_day_may_be_written_as_people_write_it_and_a_policy_in_capitals(school) -> None:
    usual = run("decide", school, *ON, "--policy", "bradford")
    assert usual.stdout == run("decide", school, "--on", "20/11/2026", "--policy", "Bradford").stdout


def test_without_a_day_it_is_today(school) -> None:
    first = run("decide", school, "--policy", "bradford", "--json").stdout.splitlines()[0]
    assert json.loads(first)["on"] in {date.today().isoformat(), (date.today() - timedelta(days=1)).isoformat()}


@pytest.mark.parametrize("policy", POLICIES)
def test_decide_gives_one_json_decision_a_line(school, policy) -> None:
    done = run("decide", school, *ON, "--policy", policy, "--json")
    assert done.returncode == 0
    assert done.stderr.startswith(
        "meetings.csv: 48 rows, none used, 48 left out (free times for meetings; given out with --meetings).\n"
    )
    assert re.fullmatch(r"5 other files: [\d,]+ rows, all used\.", done.stderr.splitlines()[1])
    decisions = [json.loads(line) for line in done.stdout.splitlines()]
    assert [decision["row"] for decision in decisions] == list(range(2, PUPILS + 2))
    for decision in decisions:
        assert (decision["policy"], decision["on"]) == (policy, "2026-11-20")
        assert decision["outcome"] in ("letter", "action", "monitor", "none", "undecided")
        assert (decision["letter"] is not None) == (decision["outcome"] == "letter")
        assert decision["reasons"]
        assert decision["missing"] or decision["outcome"] != "undecided"
    assert_without_names(done.stdout, school)


def test_a_school_whose_marks_settle_everything_is_asked_nothing(school, tmp_path) -> None:
    questions = tmp_path / "questions.csv"
    done = run("decide", school, *ON, "--policy", "stockport", "--json", "--questions", questions)
    assert {row["outcome"] for row in decisions(done)} & {"undecided"} == set()
    assert not questions.exists() or read_csv(questions) == []


@pytest.mark.parametrize("policy", [name for name in POLICIES if name != "stockport"])
def test_answered_questions_put_into_the_cohort_leave_nobody_undecided_for_them(school, policy, tmp_path) -> None:
    cohort, questions = tmp_path / "cohort", tmp_path / "questions.csv"
    shutil.copytree(school, cohort)
    before = run("decide", cohort, *ON, "--policy", policy, "--json", "--questions", questions)
    rows = read_csv(questions)
    assert rows
    assert f"{len(rows)} questions" in before.stderr
    assert all(row["question"].endswith("?") and row["answers_allowed"] for row in rows)
    given = {"yes or no": "no", "a date, for example 2026-12-01": "01/12/2026", "a time, for example 9:30": "9:30"}
    with (cohort / "answers.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows({**row, "answer": given.get(row["answers_allowed"], "Room 4")} for row in rows)
    after = run("decide", cohort, *ON, "--policy", policy, "--json")
    assert after.returncode == 0, after.stderr
    asked = {(row["upn"], row["word"]) for row in rows}
    for decision in decisions(after):
        assert not [word for word in decision["missing"] if (decision["upn"], word) in asked]
    assert "column" not in after.stderr, "The questions file is our own: nothing is to be said about its columns"
    assert re.search(r"^6 other files: [\d,]+ rows, all used\.$", after.stderr, re.MULTILINE)


def decisions(done: subprocess.CompletedProcess[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_questions_that_nobody_answered_change_nothing(school, tmp_path) -> None:
    cohort = tmp_path / "cohort"
    shutil.copytree(school, cohort)
    before = run("decide", cohort, *ON, "--json", "--questions", cohort / "questions.csv")
    after = run("decide", cohort, *ON, "--json")
    assert (after.returncode, after.stdout) == (0, before.stdout)


# letters


def test_the_index_accounts_for_every_pupil_once_or_once_for_each_letter(written, school) -> None:
    index = read_index(written)
    upns = [row["upn"] for row in read_csv(school / "pupils.csv")]
    assert list(dict.fromkeys(row["upn"] for row in index)) == upns
    for upn, number in Counter(row["upn"] for row in index).items():
        rows = [row for row in index if row["upn"] == upn]
        assert number == 1 or all(row["file"] for row in rows)
        assert len({row["recipient"] for row in rows}) == number
        assert all(row["why"] for row in rows)
        assert all(row["file"] or row["problems"] or "Letter" not in row["due"] for row in rows)


def test_the_index_names_exactly_the_files_there_are(written) -> None:
    named = [row["file"] for row in read_index(written) if row["file"]]
    assert len(named) > 10
    assert sorted(named) == sorted(file.name for file in written.glob("*.docx"))
    assert {file.name for file in written.iterdir()} == {*named, "index.csv"}


def test_a_file_is_named_by_group_row_letter_and_recipient_and_no_child(written, school) -> None:
    bradford = load_policies(shipped("rules"))["bradford"]
    codes = {label: letter for letter, label in bradford.terms[-1].terms.labels.items()}
    for row in read_index(written):
        if row["file"]:
            start = f"{row['registration_group']}-{row['row']}-{codes[row['letter']]}-"
            assert re.fullmatch(re.escape(start) + r"(\d(-\d)?|by-hand)\.docx", row["file"])
    assert_without_names(" ".join(file.name for file in written.iterdir()), school)


def test_each_letter_is_about_its_pupil_to_its_recipient(written) -> None:
    for row in read_index(written):
        if row["file"]:
            text = read_text((written / row["file"]).read_bytes())
            for word in (f"{row['first_name']} {row['last_name']}", row["recipient"], row["reference"]):
                assert word in text


def test_invitations_take_the_slots_in_order_each_once(written, school) -> None:
    texts = [read_text(file.read_bytes()) for file in written.glob("*-letter_3-*.docx")]
    assert texts
    assert all("Monday 30 November 2026" in text for text in texts)
    assert all("Room 4" in text and "Mr J Marlowe" in text for text in texts)


def test_without_meetings_an_invitation_is_a_problem_and_not_a_letter(school, tmp_path) -> None:
    done = run("letters", school, *ON, "--out", tmp_path / "out", "--only", "letter_3")
    assert done.returncode == 1
    assert "could not be made yet" in done.stderr
    assert re.search(r"\d  Add the date, time and place of the meeting: School Letter 3", done.stderr), (
        "and why, once for all of them"
    )
    invited = [row for row in read_index(tmp_path / "out") if row["due"].startswith("School Letter 3")]
    assert invited
    assert all(not row["file"] and "Add the date, time and place of the meeting" in row["problems"] for row in invited)
    assert {row["missing"] for row in invited} == {" ".join(MEETING[word] for word in MEETING_NEEDED)}
    assert not any(row["letter"] + row["written_on"] for row in invited), "what was not written was not sent"


def test_an_index_put_into_the_folder_is_a_history_of_what_was_sent(school, written, tmp_path) -> None:
    cohort = tmp_path / "cohort"
    shutil.copytree(school, cohort)
    (cohort / "history.csv").unlink()
    without = {row["upn"]: row for row in decisions(run("decide", cohort, *ON, "--json"))}
    shutil.copy(written / "index.csv", cohort / "sent.csv")
    done = run("decide", cohort, "--on", "2026-11-23", "--json")
    assert done.returncode == 0
    assert done.stderr.count("Note: ") == 1
    assert "Note: sent.csv: this is the index of an earlier run." in done.stderr
    index = read_index(written)
    sent_rows = sum(bool(row["written_on"]) for row in index)
    left = f"sent.csv: {len(index)} rows, {sent_rows} used, {len(index) - sent_rows} left out (without an event)."
    assert left in done.stderr
    sent = {row["upn"] for row in read_index(written) if row["letter"] == "School Letter 1"}
    assert sent
    for decision in decisions(done):
        if decision["upn"] in sent:
            assert (without[decision["upn"]]["letter"], decision["outcome"]) == ("letter_1", "monitor")
            assert any("School Letter 1 of 20 November 2026" in reason["text"] for reason in decision["reasons"])


def test_without_a_history_it_is_asked_for_once_and_no_reason_says_that_nothing_was_sent(school, tmp_path) -> None:
    cohort = tmp_path / "cohort"
    shutil.copytree(school, cohort)
    (cohort / "history.csv").unlink()
    asked = run("decide", cohort, *ON)
    assert asked.stdout.count("Nothing says what was sent and done before") == 1
    for decision in decisions(run("decide", cohort, *ON, "--json")):
        assert not [reason for reason in decision["reasons"] if "has not been sent" in reason["text"]]
        warned = any(caution.startswith("Check what was sent") for caution in decision["cautions"])
        assert warned == (decision["outcome"] in ("letter", "action"))
    told = run("decide", cohort, *ON, "--nothing-sent-yet")
    assert "Nothing says what was sent" not in told.stdout
    assert any("has not been sent" in str(decision) for decision in decisions(
        run("decide", cohort, *ON, "--nothing-sent-yet", "--json")))  # fmt: skip
    both = run("decide", school, *ON, "--nothing-sent-yet")
    assert both.returncode == 1
    assert "history.csv: This table says what was sent before." in both.stderr


def test_what_holds_of_every_pupil_is_said_once_and_hides_nobody_who_is_due_nothing(tmp_path) -> None:
    rows = "999100000001,Robin,Ash,104,90,14,0,0\n999100000002,Kit,Birch,104,104,0,0,0\n"
    export = tmp_path / "summary.csv"
    headings = "Pupil reference,First name,Last name,Possible,Attended,Authorised,Unauthorised,Unexplained"
    export.write_text(f"{headings}\n{rows}")
    said = run("decide", export, *ON, "--policy", "bradford", "--nothing-sent-yet").stdout
    paragraph, _, table = said.partition("\n\n")
    for caution in ("Add the date of birth", "Add the school's calendar"):
        assert (paragraph.count(caution), table.count(caution)) == (1, 0)
    assert "1 pupil is due nothing and not shown" in table
    alone = tmp_path / "alone.csv"
    alone.write_text(f"{headings}\n{rows.splitlines()[0]}\n")
    assert "- Note: Add the school's calendar" in run("decide", alone, *ON, "--policy", "bradford").stdout


def test_letters_says_how_many_wait_for_an_answer(tmp_path) -> None:
    export = tmp_path / "summary.csv"
    export.write_text(
        "Pupil reference,Surname,Forename,Possible,Attended,Authorised,Unauthorised\n7,Ash,Jo,104,90,8,6\n"
    )
    done = run("letters", export, *ON, "--policy", "bradford", "--out", tmp_path / "out")
    assert (
        "1 pupil is not decided until there is an answer; decide --questions FILE.csv lists what is asked."
        in done.stderr
    )


def test_one_answer_for_everybody_is_asked_for_first_and_named_in_each_decision_it_touched(tmp_path) -> None:
    rows = "999100000001,Robin,Ash,01/05/2013,104,90,8,6\n999100000002,Kit,Birch,01/05/2013,104,104,0,0\n"
    export = tmp_path / "summary.csv"
    export.write_text(f"Pupil reference,First name,Last name,DOB,Possible,Attended,Authorised,Unauthorised\n{rows}")
    command = ("decide", export, *ON, "--policy", "primary", "--nothing-sent-yet")
    assert "If the report is of those weeks already, say --period-is-window" in run(*command).stdout
    done = run(*command, "--period-is-window", "--decided-by", "Ms A Green", "--json")
    assert [decision["outcome"] for decision in decisions(done)] == ["action", "none"]
    said = [[text for text in decision["cautions"] if "Ms A Green" in text] for decision in decisions(done)]
    assert said == [
        [
            "Check the dates: the report's own days were taken for the policy's last weeks. "
            "(Ms A Green decided this for every pupil.)"
        ],
        [],
    ]


def test_only_the_letters_that_are_wanted_are_written_and_all_pupils_are_listed(school, tmp_path) -> None:
    done = run("letters", school, *ON, "--out", tmp_path / "out", "--only", "letter_1", "--only", "letter_n")
    assert done.returncode == 0
    files = [file.name for file in (tmp_path / "out").glob("*.docx")]
    assert {name.split("-")[2] for name in files} == {"letter_1", "letter_n"}
    assert len({row["upn"] for row in read_index(tmp_path / "out")}) == PUPILS


def test_a_second_run_into_the_same_folder_is_refused_and_changes_nothing(written, school) -> None:
    before = {file.name: file.stat().st_mtime_ns for file in written.iterdir()}
    done = run("letters", school, *ON, "--out", written)
    assert done.returncode == 2
    assert "Choose a new one" in done.stderr
    assert {file.name: file.stat().st_mtime_ns for file in written.iterdir()} == before


def test_primary_writes_its_messages_for_the_schools_app(school, tmp_path) -> None:
    done = run("letters", school, *ON, "--policy", "primary", "--out", tmp_path / "out")
    assert done.returncode == 0
    messages = read_csv(tmp_path / "out" / "messages.csv")
    assert f" and {len(messages)} messages (messages.csv) in " in done.stderr
    assert {row["UPN"] for row in messages} <= {row["upn"] for row in read_csv(school / "pupils.csv")}
    assert messages
    for row in messages:
        assert row["First name"] in row["Message"]
        assert not re.search(r"[{}]|None", row["Message"])
    index = read_index(tmp_path / "out")
    told = [row for row in index if row["letter"] == "Attendance message" and row["recipient"]]
    assert [row["row"] for row in told] == [row["Row"] for row in messages]
    assert {row["file"] for row in told} == {"messages.csv"}


def test_a_cell_is_no_formula_whatever_a_pupil_is_called(school, tmp_path) -> None:
    cohort = tmp_path / "cohort"
    shutil.copytree(school, cohort)
    rows = read_csv(cohort / "pupils.csv")
    for row in rows:
        row["last_name"], row["first_name"] = "=HYPERLINK", "+Robin"
    with (cohort / "pupils.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    assert run("letters", cohort, *ON, "--out", tmp_path / "out").returncode == 0
    run("decide", cohort, *ON, "--questions", tmp_path / "out" / "questions.csv")
    for name in ("index.csv", "questions.csv"):
        lines = list(csv.reader(io.StringIO((tmp_path / "out" / name).read_text(encoding="utf-8-sig"))))
        assert not [cell for line in lines for cell in line if cell.startswith(("=", "+", "-", "@"))]
        assert any("'=HYPERLINK" in line for line in lines)


# Exit statuses, and what is said of faults


def test_rows_that_cannot_be_used_are_told_and_the_others_done(school, tmp_path) -> None:
    cohort = tmp_path / "cohort"
    shutil.copytree(school, cohort)
    rows = read_csv(cohort / "pupils.csv")
    rows[0]["date_of_birth"], rows[1]["child_in_need"] = "31/02/2012", "perhaps"
    with (cohort / "pupils.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    for command in (("decide", cohort, *ON), ("letters", cohort, *ON, "--out", tmp_path / "out")):
        done = run(*command)
        assert done.returncode == 1
        assert "pupils.csv, row 2, date_of_birth" in done.stderr
        assert "pupils.csv, row 3, child_in_need: Answer yes or no." in done.stderr
        if command[0] == "decide":
            assert "2  could not be used; the rows are named below" in done.stdout
        assert_without_names(done.stderr, school)
    unused = [row for row in read_index(tmp_path / "out") if row["due"] == "not used"]
    assert [row["row"] for row in unused] == ["2", "3"]
    assert "Enter a real date" in unused[0]["problems"]


def test_a_json_cohort_is_read_and_its_own_day_is_used(tmp_path) -> None:
    file = tmp_path / "cohort.json"
    pupil = {"pupil_reference": "1", "sessions_possible": 10, "sessions_attended": 10}
    file.write_text(
        json.dumps({"on": "2026-11-20", "pupils": [pupil, {**pupil, "pupil_reference": "2", "sessions_attended": 11}]})
    )
    done = run("decide", file, "--policy", "bradford", "--json")
    assert done.returncode == 1
    assert [decision["on"] for decision in decisions(done)] == ["2026-11-20"]
    assert "/pupils/1/sessions_attended" in done.stderr
    assert run("decide", file, "--policy", "bradford", "--on", "2026-11-19").returncode == 2


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["decide", "nowhere", *ON, "--policy", "bradford"], "There is no such file or folder"),
        (["decide", "school", "--on", "31/11/2026"], "Write it as 20/11/2026"),
        (["decide", "empty", *ON], "Choose a policy with --policy"),
        (["decide", "school", "--on", "9999-12-31"], "between 1990 and 2099"),
        (["decide", "school", "--on", "2020-01-01"], "says nothing on 1 January 2020"),
        (["decide", "school", *ON, "--policy", "bradfrod"], 'Did you mean "bradford"?'),
        (["decide", "school", *ON, "--school", "nowhere.toml"], "no such school file"),
        (["decide", "school", *ON, "--questions", "no/such/folder.csv"], "No such file or directory"),
        (["decide", "school", *ON, "--school", "school"], "Is a directory"),
        (["decide", "empty", *ON, "--policy", "bradford"], "No file with pupils was found"),
        (["decide", "broken.json", *ON, "--policy", "bradford"], "line 1, column"),
        (["decide", "none.json", *ON, "--policy", "bradford"], "no pupils"),
        (["letters", "school", *ON], "--out"),
        (["letters", "school", *ON, "--out", "broken.json"], "File exists"),
        (["letters", "school", *ON, "--out", "o", "--only", "letter_9"], "has no letter_9"),
        (["letters", "school", *ON, "--out", "o", "--meetings", "school/pupils.csv"], "Date, Time, Place and With"),
        (["letters", "school", *ON, "--out", "o", "--meetings", "nowhere.csv"], "nowhere.csv"),
        (["sample", "broken.json"], "broken.json"),
        (["sample", "s", "--pupils", "0"], "0"),
        (["nonsense"], "No such command"),
        (["decide"], "COHORT"),
        (["check", "nowhere"], "does not exist"),
    ],
)
def test_what_cannot_be_done_is_said_with_exit_status_2(school, tmp_path, capsys, monkeypatch, arguments, told) -> None:
    shutil.copytree(school, tmp_path / "school")
    (tmp_path / "empty").mkdir()
    (tmp_path / "broken.json").write_text("{")
    (tmp_path / "none.json").write_text('{"pupils": []}')
    monkeypatch.chdir(tmp_path)
    status, said = call(capsys, monkeypatch, *arguments)
    assert status == 2
    assert told in said
    assert_without_names(said, school)
    assert not (tmp_path / "o").exists()


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("HOST", "0.0.0.0", "this machine only"),  # noqa: S104  # this is what must be refused
        ("HOST", "192.168.1.2", "this machine only"),
        ("HOST", "", "address to listen on"),
        ("PORT", "many", "whole number"),
        ("PORT", "²", "whole number"),
        ("PORT", "65536", "whole number"),
        ("THREADS", "0", "whole number"),
        ("THREADS", "9" * 5_000, "whole number"),
        ("PROT", "1", "ATTENDANCE_LETTERS_PORT"),
        ("RULES", "/no/such/folder", "rules"),
        ("SCHOOL", "/no/such/school.toml", "no such school file"),
    ],
)
def test_a_wrong_setting_is_told_and_nothing_is_served(capsys, monkeypatch, name, value, told) -> None:
    monkeypatch.setenv(f"ATTENDANCE_LETTERS_{name}", value)
    status, said = call(capsys, monkeypatch, "serve")
    assert status == 2
    assert told in said


# check


def test_check_finds_everything_shipped_right() -> None:
    done = run("check")
    assert (done.returncode, done.stderr) == (0, "")
    assert re.search(r"^\d+ checked, 0 with problems\.$", done.stdout, re.MULTILINE)
    assert re.search(r"bradford\.toml: \d+ rules, [1-9]\d* cases, all right", done.stdout)


def test_check_says_in_sentences_what_is_wrong_with_a_file(tmp_path) -> None:
    rules = (ROOT / "rules" / "bradford.toml").read_text(encoding="utf-8")
    (tmp_path / "own.toml").write_text(rules.replace("sessions_unauthorised", "sessions_unautorised", 1))
    (tmp_path / "letter.docx").write_bytes(b"PK not a Word file")
    (tmp_path / "message.txt").write_bytes(b"Dear {{ parnt }}, \xff")
    (tmp_path / "notes.md").write_text("x")
    for name, told in (
        ("own.toml", 'Did you mean "sessions_unauthorised"'),
        ("letter.docx", "Word"),
        ("message.txt", "UTF-8"),
        ("notes.md", "Give a rules file"),
    ):
        done = run("check", tmp_path / name)
        assert done.returncode == 1, done.stderr
        assert told in done.stderr
        assert "1 checked, 1 with problems." in done.stdout


# sample


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(tmp_path) -> None:
    for name, seed in (("a", 3), ("b", 3), ("c", 4)):
        assert run("sample", tmp_path / name, "--pupils", 12, "--seed", seed).returncode == 0
    files = {name: {file.name: file.read_bytes() for file in (tmp_path / name).iterdir()} for name in "abc"}
    assert files["a"] == files["b"]
    assert files["a"]["pupils.csv"] != files["c"]["pupils.csv"]
    assert set(files["a"]) == {
        *(f"{name}.csv" for name in "pupils marks history judgements calendar meetings".split()),
        "school.toml",
    }


# help


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command) -> None:
    done = run(command, "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert re.search(r"\n\n  [A-Z][^\n]{30,}(\n  [^\n]+)*\.\n", done.stdout)


def test_the_help_lists_every_command_and_the_version_is_shown() -> None:
    done = run("--help")
    listed = re.findall(r"^  (\w+)  +\S", done.stdout.partition("Commands:")[2], re.MULTILINE)
    assert set(COMMANDS) <= set(listed)
    assert re.search(r"\d+\.\d+\.\d+", run("--version").stdout)


def test_a_reader_that_goes_away_is_no_fault(school) -> None:
    command = f"{sys.executable} -m service decide {school} --on 2026-11-20 | head -1"
    done = subprocess.run(["bash", "-c", command], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert re.match(r"\d+ pupils", done.stdout)
    assert done.stderr == ""
