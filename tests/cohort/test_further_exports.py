"""Further kinds of exports that schools' systems make: no false letter follows from them, and what is said helps."""

from __future__ import annotations

from datetime import date

import pytest
from click.testing import CliRunner

from service.cohort.columns.aliases import shipped_headings
from service.cohort.columns.headings import is_figure
from service.commands.main import commands
from tests.cohort.export_making import read_export, write_files
from tests.cohort.test_exports import DAYS, ON, A, B, C, counts, figures

HEAD = "UPN,Surname,Forename,Reg"
NIA = f"{A},Birch,Nia,8A"


def read(folder, **files):
    return read_export(write_files(folder, **files), ON)


def assert_refused(outcome, sentence):
    assert outcome.is_refused
    assert len(outcome.problems) == 1
    assert sentence in outcome.problems[0]


def code_of(day: date, half: int) -> str:
    """Ill on two days in autumn, and away without a reason on 19 November."""
    absent = {date(2026, 9, 14): "I", date(2026, 10, 14): "I", date(2026, 11, 19): "N"}
    return absent.get(day, "/\\"[half])


def test_a_merged_row_above_the_headings_is_no_obstacle(tmp_path):
    outcome = read(
        tmp_path,
        a=f"Pupil,,,,Attendance,,,Absence,\n{HEAD},Possible,Present,%,Authorised,Unauthorised\n{NIA},104,94,90.4,7,3\n",
    )
    assert outcome.problems == outcome.notices == []
    assert figures(outcome, A)["sessions_attended"] == 94


def test_the_same_heading_under_two_terms_is_no_figure_of_this_term(tmp_path):
    outcome = read(
        tmp_path,
        a=f"Pupil,,,,Autumn Term,,Spring Term,\n{HEAD},Possible,Attended,Possible,Attended\n{NIA},104,94,110,99\n",
    )
    assert_refused(outcome, "More than one column means the same: Possible, Attended.")


@pytest.mark.parametrize(
    "rows",
    [
        f"{HEAD},Possible,Attended\nYear 8,,,,,\n{NIA},104,94\nYear 8 Total,,,,104,94\nYear 9,,,,,\n"
        f"{B},Cole,Otis,9A,104,90\nY9 average,,,,104,90\nAll years,,,,208,184\n",
        'Name,Reg,Possible,Attended\nYear 8,,,\n"Birch, Nia",8A,104,94\nY8,,104,94\nReception,,,\n'
        '"Cole, Otis",9A,104,90\n9 Average,,104,90\nWhole School,,208,184\n',
    ],
)
def test_rows_about_a_group_between_pupils_are_nobody(tmp_path, rows):
    outcome = read(tmp_path, a=rows)
    assert outcome.problems == []
    assert [record.last_name for record in outcome.records.values()] == ["Birch", "Cole"]


def test_a_pupil_in_a_row_that_begins_with_the_year_stays(tmp_path):
    outcome = read(tmp_path, a="Year Group,Name,Reg,Possible,Attended\nYear 8,Birch Nia,8A,104,94\n,Y8 total,,104,94\n")
    assert len(outcome.records) == 1


def test_a_decimal_comma_before_a_space_that_does_not_break_is_read(tmp_path):
    outcome = read(tmp_path, a=f"UPN;Surname;Forename;Att %\n{A};Birch;Nia;92,3\u00a0%\n{B};Cole;Otis;88,5\u202f%\n")
    assert outcome.problems == []
    assert [figures(outcome, key)["attendance_percentage"] for key in (A, B)] == [92.3, 88.5]


def test_columns_of_days_without_a_session_are_refused_in_one_sentence(tmp_path):
    cells = ",".join(code_of(day, 0) + code_of(day, 1) for day in DAYS)
    outcome = read(tmp_path, a=f"{HEAD},{','.join(f'{day:%d/%m/%Y}' for day in DAYS)}\n{NIA},{cells}\n")
    assert_refused(outcome, "Nothing says whether the columns 03/09/2026 to 20/11/2026 are mornings or afternoons.")


@pytest.mark.parametrize("form", ["{}{}", "{} {}", "{}|{}"])
def test_a_row_a_day_with_both_marks_in_one_cell_is_read(tmp_path, form):
    rows = "".join(f"{NIA},{day:%d-%b-%y},{form.format(code_of(day, 0), code_of(day, 1))}\n" for day in DAYS)
    outcome = read(tmp_path, a=f"{HEAD},Date,Marks\n{rows}")
    assert outcome.problems == []
    assert counts(outcome, A) == {"/": 49, "\\": 49, "I": 4, "N": 2}


def test_counts_of_mornings_and_afternoons_apart_are_named_and_decide_nothing(tmp_path):
    outcome = read(tmp_path, a=f"{HEAD},Possible AM,Possible PM,Present AM,Present PM\n{NIA},52,52,40,41\n")
    assert outcome.records[A].summary is None
    assert any("Possible AM, Possible PM, Present AM and Present PM are not used" in one for one in outcome.notices)


def test_days_with_short_months_and_years_are_read(tmp_path):
    rows = "".join(
        f"{A},{day:%d-%b-%y},{half},{code_of(day, n)}\n" for day in DAYS for n, half in enumerate(("AM", "PM"))
    )
    outcome = read(tmp_path, a=f"UPN,Date,Session,Mark\n{rows}")
    assert outcome.problems == []
    assert counts(outcome, A)["I"] == 4


def test_semicolons_in_utf_16_with_a_line_that_names_them_are_read(tmp_path):
    text = f"sep=;\nUPN;Surname;Forename;Possible;Attended;Att %\n{A};Zając;Łukasz;104;94;90,4\n"
    outcome = read(tmp_path, a=text.encode("utf-16"))
    assert outcome.problems == []
    assert (outcome.records[A].first_name, figures(outcome, A)["attendance_percentage"]) == ("Łukasz", 90.4)


def test_a_reference_without_its_zeros_that_fits_two_pupils_is_given_to_neither(tmp_path):
    outcome = read(
        tmp_path,
        a="Adno,Surname,Forename,Possible,Attended\n003411,Birch,Nia,104,90\n03411,Cole,Otis,104,90\n",
        contacts="Adno,Contact Forename,Contact Surname,Postcode\n3411,Jo,Birch,ZE8 4QT\n",
    )
    assert [record.contacts for record in outcome.records.values()] == [(), ()]
    assert ["contacts.csv, row 2, Adno" in problem for problem in outcome.problems] == [True]


def test_contacts_in_columns_by_priority_are_read(tmp_path):
    words = ("Name", "Address", "Postcode")
    parts = ",".join(f"Priority {n} Contact {word}" for n in (1, 2) for word in words)
    row = f'{NIA},104,94,Ms Jo Birch,"2 Long Row, Netherford",ZE8 4QT,Mr Sam Birch,"3 Beck Lane, Oxley Bridge",ZE9 9ZZ'
    outcome = read(tmp_path, a=f"{HEAD},Possible,Attended,{parts}\n{row}\n")
    assert outcome.problems == outcome.notices == []
    assert [(one.name, one.address.printed_lines[0]) for one in outcome.records[A].contacts] == [
        ("Ms Jo Birch", "2 Long Row"),
        ("Mr Sam Birch", "3 Beck Lane"),
    ]


@pytest.mark.parametrize("title", ["Printed on 23/11/2026", "Report run 23 Nov 2026 by P Hale"])
def test_the_day_a_weeks_grid_was_printed_is_not_its_week(tmp_path, title):
    grid = "UPN,Surname,Forename,Mon AM,Mon PM,Tue AM,Tue PM,Wed AM,Wed PM,Thu AM,Thu PM,Fri AM,Fri PM\n"
    marks = f"{A},Birch,Nia,/,\\,/,\\,/,\\,N,N,/,\\\n"
    undated = read(tmp_path / "one", a=f"Weekly attendance\n{title}\n{grid}{marks}")
    assert_refused(undated, "Say which week this is")
    outcome = read(tmp_path / "two", a=f"16/11/2026 to 20/11/2026\n{title}\n{grid}{marks}")
    assert outcome.records[A].register.last == date(2026, 11, 20)


@pytest.mark.parametrize(
    ("title", "sentence"),
    [
        ("Attendance 01/09/2025 to 22/07/2026", "These figures are for 01/09/2025 to 22/07/2026."),
        ("Whole school attendance, academic year 2025/26", "These figures are of the school year 2025/26."),
        ("Attendance 2025-2026", "These figures are of the school year 2025/26."),
    ],
)
def test_figures_of_an_earlier_year_are_refused(tmp_path, title, sentence):
    table = f"{HEAD},% Attendance,Unexplained\n{NIA},84,3\n"
    assert_refused(read(tmp_path / "title", a=f'"{title}"\n{table}'), sentence)


@pytest.mark.parametrize("title", ["Attendance 2026/27", "2026/27 beside 2025/26", "Printed 20/11/2026", "Room 2024"])
def test_figures_of_this_year_are_read_under_any_title(tmp_path, title):
    assert figures(read(tmp_path, a=f"{title}\n{HEAD},% Attendance\n{NIA},84\n"), A) == {"attendance_percentage": 84}


def test_a_row_of_an_earlier_period_is_refused_by_itself(tmp_path):
    outcome = read(
        tmp_path,
        a=f"{HEAD},% Attendance,Start Date,End Date\n{NIA},84,01/09/2025,17/07/2026\n"
        f"{B},Cole,Otis,8A,84,01/09/2026,13/11/2026\n",
    )
    assert set(outcome.records) == {B}
    assert outcome.problems == [
        "a.csv, row 2, End Date: These figures are for 01/09/2025 to 17/07/2026. "
        "Export the figures of this school year."
    ]


def test_a_title_with_a_short_year_says_up_to_which_day_figures_are(tmp_path):
    outcome = read(tmp_path, a=f"Attendance as at 13-Nov-26\n{HEAD},Possible,Attended\n{NIA},104,94\n")
    assert outcome.records[A].summary.period_end == date(2026, 11, 13)
    assert outcome.notices == ["a.csv: the figures are for the days up to 13/11/2026, as the title rows say."]


def test_percentages_of_absence_are_not_taken_for_counts(tmp_path):
    outcome = read(tmp_path, a=f"{HEAD},Absence %,Authorised %,Unauthorised %\n{NIA},9.6,7,3\n")
    assert figures(outcome, A) == {"attendance_percentage": 90.4}
    assert outcome.notices == ["a.csv: columns Authorised % and Unauthorised % are not used."]


FIGURES = [word for word in shipped_headings() if is_figure(word)]
TABLES = {"counts": ("Possible,Attended", "104,94"), "percentage": ("% Attendance", "90.4"), "alone": ("Reg", "8A")}


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("word", FIGURES)
def test_a_figure_is_used_or_named(tmp_path, word, table):
    """With and without a value in its column: something follows from it, or a line says that nothing does."""
    heading = shipped_headings()[word][0]
    heads, values = TABLES[table]
    cell = {"attendance_percentage": "90.4", "absence_percentage": "9.6", "sessions_possible": "104"}.get(word, "4")
    told = []
    for name, value in (("with", cell), ("without", "")):
        outcome = read(tmp_path / name, a=f"UPN,Surname,Forename,{heads},{heading}\n{A},Birch,Nia,{values},{value}\n")
        record = outcome.records.get(A)
        summary = record.summary if record else None
        told.append((summary and summary.figures, record and record.warnings, outcome.problems))
    is_named = any(heading in line for line in (*outcome.notices, *outcome.problems))
    assert told[0] != told[1] or is_named


@pytest.mark.parametrize("heading", ["Attendance last term", "Severe absence count", "Possble", "Sessions lost", "AEA"])
@pytest.mark.parametrize(("heads", "cells"), TABLES.values(), ids=TABLES)
def test_a_run_that_ends_well_names_an_unused_figure_before_the_pupils(tmp_path, heading, heads, cells):
    write_files(tmp_path, a=f"UPN,Surname,Forename,{heads},{heading}\n{A},Birch,Nia,{cells},12\n")
    result = CliRunner().invoke(commands, ["decide", str(tmp_path / "a.csv"), "--policy", "bradford", "--on", f"{ON}"])
    if result.exit_code == 0:
        notes, _, _ = result.output.partition("\nRow ")
        assert heading in notes
    else:
        assert heading in result.output


def test_from_and_to_beside_figures_are_the_days_that_they_are_of(tmp_path):
    head = f"{HEAD},From,To,Possible,Attended\n"
    outcome = read(tmp_path, a=f"{head}{NIA},01/09/2026,13/11/2026,104,94\n")
    assert outcome.problems == outcome.notices == []
    summary = outcome.records[A].summary
    assert (summary.period_start, summary.period_end) == (date(2026, 9, 1), date(2026, 11, 13))
    outcome = read(tmp_path, a=f"{head}{NIA},01/09/2026,half term,104,94\n")
    assert [problem for problem in outcome.problems if "To" in problem and "date" in problem] == outcome.problems != []


FIRST_OF_MONTH = "These dates have the month first"


@pytest.mark.parametrize("form", ["{0.month}/{0.day}/{0.year}", "{0:%m-%d-%y}", "{0.month}/{0.day}/{0.year} 08:45"])
@pytest.mark.parametrize("kind", ["marks", "days", "birthdays", "history", "columns"])
def test_dates_with_the_month_first_are_one_sentence_and_never_other_days(tmp_path, form, kind):
    """Half of them could be read with the day first, as days that nobody meant."""
    days = [form.format(day) for day in DAYS]
    tables = {
        "marks": "UPN,Date,Session,Mark\n" + "".join(f"{A},{day},AM,/\n{A},{day},PM,/\n" for day in days),
        "days": "UPN,Date,AM,PM\n" + "".join(f"{A},{day},/,/\n" for day in days),
        "birthdays": "UPN,DOB,Possible,Attended\n"
        + "".join(f"{A[:-1]}{n},{day},9,8\n" for n, day in enumerate(days[:9])),
        "columns": f"UPN,{','.join(f'{day} AM,{day} PM' for day in days)}\n{A}{',/' * 2 * len(days)}\n",
        "history": "UPN,On,Event\n" + "".join(f"{A},{day},parent_contact\n" for day in days),
    }
    outcome = read(tmp_path, a=f"{HEAD},Possible,Attended\n{NIA},104,90\n", b=tables[kind])
    assert outcome.is_refused
    assert [FIRST_OF_MONTH in problem for problem in outcome.problems] == [True]


def test_one_mistaken_date_among_others_stops_its_pupil_alone(tmp_path):
    rows = f"{NIA},05/13/2013,104,90\n{B},Cole,Otis,8A,25/12/2012,104,90\n"
    outcome = read(tmp_path, a=f"{HEAD},DOB,Possible,Attended\n{rows}")
    assert list(outcome.records) == [B]
    assert ["Enter a real date" in problem for problem in outcome.problems] == [True]


@pytest.mark.parametrize(
    ("form", "is_read"),
    [
        ("%Y-%m-%dT08:45:00", True),
        ("%Y-%m-%d 13:10", True),
        ("%d/%m/%Y 00:00:00", True),
        ("%d/%m/%Y 8:45", True),
        ("%Y-%m-%dT00:00:00Z", True),
        ("%Y-%m-%dT23:00:00Z", False),
        ("%Y-%m-%dT23:00:00", False),
        ("%Y-%m-%dT08:45:00Z", False),
    ],
)
def test_a_time_behind_a_day_is_passed_over_unless_it_may_belong_to_the_day_after(tmp_path, form, is_read):
    marks = "".join(f"{NIA},{day.strftime(form)},{half},N\n" for day in DAYS[-3:] for half in ("AM", "PM"))
    outcome = read(tmp_path, a=f"{HEAD},Date,Session,Mark\n{marks}")
    assert (outcome.problems == [], bool(outcome.records)) == (is_read, is_read)
    assert not is_read or counts(outcome, A) == {"N": 6}


def test_the_same_fault_on_many_days_is_one_sentence(tmp_path):
    marks = "".join(f"{A},{day:%d/%m}/2022,AM,/\n" for day in DAYS)
    calendar = "from,to,kind\n2026-09-02,2026-12-18,term\n"
    outcome = read(tmp_path, a=f"{HEAD}\n{NIA}\n", b=f"UPN,Date,Session,Mark\n{marks}", c=calendar)
    (problem,) = outcome.problems
    assert "There is a mark for 03/09/2022, but the calendar runs from" in problem
    assert f"The same in {len(DAYS) - 1} more rows" in problem


@pytest.mark.parametrize(("possible", "is_used"), [("0", True), ("104", False), ("", False)])
def test_a_percentage_of_nothing_does_not_stop_a_pupil_without_a_session(tmp_path, possible, is_used):
    outcome = read(tmp_path, a=f"{HEAD},Possible,Attended,Att %\n{NIA},{possible},{possible},#DIV/0!\n")
    assert bool(outcome.records) is is_used
    assert bool(outcome.problems) is not is_used


def test_half_a_session_is_asked_about_as_days_and_not_to_be_rounded(tmp_path):
    outcome = read(tmp_path, a=f"{HEAD},Possible,Attended,Authorised\n{NIA},52,41.5,3.5\n")
    assert outcome.records == {}
    said = "Half a session looks like days. Export sessions, or say days in the headings"
    assert [said in problem for problem in outcome.problems] == [True, True]
    days = read(tmp_path / "days", a=f"{HEAD},Possible Days,Days Attended,Days Authorised\n{NIA},52,41.5,3.5\n")
    assert figures(days, A) == {"sessions_possible": 104, "sessions_attended": 83, "sessions_authorised": 7}


@pytest.mark.parametrize(
    ("heading", "cell", "event", "is_held"),
    [
        ("Note", "Withdrawn - sent in error", "letter_1", True),
        ("Status", "Cancelled", "letter_1", True),
        ("Status", "DRAFT", "letter_1", True),
        ("Remarks", "never posted", "letter_1", True),
        ("Note", "returned to sender", "letter_1", True),
        ("Note", "posted first class", "letter_1", False),
        ("Status", "Sent", "letter_1", False),
        ("Note", "Withdrawn by the council", "penalty_notice_withdrawn", False),
    ],
)
def test_what_was_perhaps_never_sent_holds_the_letters_and_is_told(tmp_path, heading, cell, event, is_held):
    history = f"UPN,On,Event,Recipient,{heading}\n{A},05/10/2026,{event},Ms Jo Birch,{cell}\n"
    outcome = read(tmp_path, a=f"{HEAD},Possible,Attended\n{NIA},104,90\n", h=history)
    record = outcome.records[A]
    assert ["h.csv, row 2" in str(hold) for hold in record.holds] == [True] * is_held
    assert any("it was counted" in line for line in record.warnings) is is_held


@pytest.mark.parametrize("name", ["First letter", "Phone call home", "Letter 4"])
def test_another_letter_is_never_suggested_for_one_that_is_not_known(tmp_path, name):
    outcome = read(tmp_path, a=f"{HEAD},Possible,Attended\n{NIA},104,90\n", h=f"UPN,On,Event\n{A},05/10/2026,{name}\n")
    assert [f'"{name}" is not a known event.' in problem for problem in outcome.problems] == [True]
    assert not any("Did you mean" in problem for problem in outcome.problems)


TERM = "from,to,kind\n2026-09-03,2026-12-18,term\n2026-10-26,2026-10-30,closed\n"


@pytest.mark.parametrize(
    ("heads", "row", "pupils", "is_told"),
    [
        ("Possible,Attended", "52,41", 3, True),
        ("Possible,Attended", "52,41", 2, False),
        ("Possible,Attended", "64,50", 3, False),
        ("Possible,Attended", "104,90", 3, False),
        ("Days Possible,Days Attended", "52,41", 3, False),
    ],
)
@pytest.mark.parametrize("title", ["", "01/09/2026 to 20/11/2026\n"])
def test_a_report_of_far_fewer_sessions_than_there_were_holds_the_letters(tmp_path, heads, row, pupils, is_told, title):
    """It counts days, or ends weeks ago: the letter would tell of half the absence."""
    rows = "".join(f"{key},Birch,Nia,8A,{row}\n" for key in (A, B, C)[:pupils])
    outcome = read(tmp_path, a=f"{title}{HEAD},{heads}\n{rows}", calendar=TERM)
    said = "Nobody in this report has more than 52 possible sessions, and the school had 104"
    assert any(said in line for line in outcome.notices) is is_told
    assert [[said in str(hold) for hold in record.holds] for record in outcome.records.values()] == [
        [True] * is_told
    ] * pupils


def test_a_report_that_says_that_it_ends_earlier_holds_nothing(tmp_path):
    rows = "".join(f"{key},Birch,Nia,8A,52,41,01/09/2026,08/10/2026\n" for key in (A, B, C))
    outcome = read(tmp_path, a=f"{HEAD},Possible,Attended,From Date,To Date\n{rows}", calendar=TERM)
    assert outcome.notices == []
    assert [record.holds for record in outcome.records.values()] == [()] * 3


@pytest.mark.parametrize(
    ("name", "line", "is_held"),
    [
        ("Birch", "REFUGE - DO NOT DISCLOSE", True),
        ("Birch", "previous address", True),
        ("Birch", "Moved out May 2026", True),
        ("Birch (NO CONTACT)", "2 Long Row", True),
        ("Birch (deceased)", "2 Long Row", False),
        ("Birch", "Old Post House", False),
    ],
)
def test_a_warning_in_a_name_or_an_address_holds_the_letters(tmp_path, name, line, is_held):
    contact = (
        f"Contact Forename,Contact Surname,Address Line 1,Address Line 2,Postcode\n{NIA},104,90,Jo,{name},{line},Oxley"
    )
    outcome = read(tmp_path, a=f"{HEAD},Possible,Attended,{contact},ZE8 4QT\n")
    assert ["Read the name and address of contact 1" in hold.detail for hold in outcome.records[A].holds] == [
        True
    ] * is_held


@pytest.mark.parametrize(
    ("cell", "fact"),
    [
        ("Tom Sands", True),
        ("Ms A O'Hara-Lee", True),
        ("Yes", True),
        ("No", False),
        ("", None),
        ("Not allocated", "refused"),
        ("Closed May", "refused"),
        ("Sands", "refused"),
    ],
)
def test_a_social_workers_name_says_that_there_is_one(tmp_path, cell, fact):
    outcome = read(tmp_path, a=f"{HEAD},Possible,Attended,Social Worker\n{NIA},104,90,{cell}\n")
    if fact == "refused":
        assert ["Social Worker: Answer yes or no." in problem for problem in outcome.problems] == [True]
    else:
        assert outcome.records[A].facts.get("social_worker") is fact
