"""Files that would take minutes or gigabytes are told in a sentence, while they are read."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from service.web.example import EXAMPLE
from tests.bounded import check_ends_well, run_bounded

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
CELL = '<c r="{}" t="inlineStr"><is><t>{}</t></is></c>'
ROWS = (
    f'<row r="1">{CELL.format("A1", "UPN")}{CELL.format("B1", "Surname")}</row>'
    f'<row r="2">{CELL.format("A2", "A823456789012")}{CELL.format("B2", "Ash")}</row>'
)


def write_workbook(
    path: Path, rows: str = ROWS, texts: str = "", styles: str = "", sheets: int = 1, after: str = ""
) -> None:
    """A workbook of one sheet, whose parts hold what is given."""
    named = "".join(f'<sheet name="S{n}" sheetId="{n + 1}" r:id="rId1"/>' for n in range(sheets))
    parts = {
        "[Content_Types].xml": "<Types/>",
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{LINKS}"><sheets>{named}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships><Relationship Id="rId1" Type="{LINKS}/worksheet" '
        'Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}">{after}<sheetData>{rows}</sheetData></worksheet>',
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{texts}</sst>',
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}">{styles}</styleSheet>',
    }
    with ZipFile(path, "w", ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)


def noise(length: int) -> str:
    """Text that packs no better than a sheet does."""
    state, found = 1, []
    for _ in range(length // 8):
        state = state * 6_364_136_223_846_793_005 % (1 << 64)
        found.append(f"{state >> 32:08x}")
    return "".join(found)


WORKBOOKS: dict[str, tuple[Callable[[Path], None], str]] = {
    "a number format without end": (
        lambda path: write_workbook(
            path,
            styles=f'<numFmts><numFmt numFmtId="170" formatCode="{"[" * 60_000}"/></numFmts>'
            '<cellXfs><xf numFmtId="170"/></cellXfs>',
        ),
        "Ash",
    ),
    "a tag without end": (
        lambda path: write_workbook(path, after=f'<a b="{noise(3_000_000)}"/>'),
        "This sheet is damaged",
    ),
    "a shared text without end": (
        lambda path: write_workbook(path, texts=f"<si><t>{noise(3_000_000)}</t></si>"),
        "This workbook is damaged",
    ),
    "a shared text too long for a cell": (
        lambda path: write_workbook(
            path, ROWS + '<row r="3"><c r="A3" t="s"><v>0</v></c></row>', f"<si><t>{'a b ' * 9_000}</t></si>"
        ),
        "A cell here has more than 20,000 characters",
    ),
    "styles without end": (
        lambda path: write_workbook(path, styles=f"<cellXfs>{'<xf/>' * 10}{noise(5_000_000)}</cellXfs>"),
        "This workbook is damaged",
    ),
    "a sheet many times over": (lambda path: write_workbook(path, sheets=200), "This workbook is damaged"),
}
LONG_ROW = "This row has more than 1,000,000 characters"
TEXTS = {
    "headings of spaces": ("pupils.csv", lambda: "UPN,Surname,a" + " " * 15_000 + "b\nA823456789012,Ash,x\n", "Ash"),
    "very many headings": ("pupils.csv", lambda: "UPN,Surname" + ",ab" * 60_000 + "\n", "at most 1,000 can be read"),
    "a thousand misspelt headings": (
        "pupils.csv",
        lambda: "UPN,Surname," + ",".join(f"Regstration gruop {n}" for n in range(990)) + "\nA823456789012,Ash\n",
        "Ash",
    ),
    "a row without end": ("pupils.csv", lambda: "UPN,Surname\n" + "," * 3_000_000, LONG_ROW),
    "a row of many lines": (
        "pupils.csv",
        lambda: "UPN,Surname\n" + '"\n",' * 600_000,
        LONG_ROW,
    ),
    "marks that say nothing": (
        "marks.csv",
        lambda: "UPN,Date,Session,Code\n" + "P1,\n" * 400_000,
        "More than 50,000 rows",
    ),
    "one identifier in every row": (
        "pupils.csv",
        lambda: "UPN,Surname\n" + "".join(f"A823456789012,Ash{n}\n" for n in range(30_000)),
        "Export one row for each pupil.",
    ),
    "headings.toml with a word without end": ("headings.toml", lambda: "e" * 200_000 + " = []", "is not a word"),
    "headings.toml nested without end": ("headings.toml", lambda: "upn = " + "[" * 2_000, "This is not TOML"),
    "headings.toml of many megabytes": ("headings.toml", lambda: "#" * 2_000_000, "This is not TOML"),
}


@pytest.mark.parametrize(("make", "sentence"), WORKBOOKS.values(), ids=WORKBOOKS)
def test_a_workbook_made_to_take_time_or_memory_is_told(make, sentence, tmp_path: Path) -> None:
    make(tmp_path / "pupils.xlsx")
    assert sentence in decide(tmp_path)


@pytest.mark.parametrize(("name", "make", "sentence"), TEXTS.values(), ids=TEXTS)
def test_a_text_file_made_to_take_time_or_memory_is_told(name, make, sentence, tmp_path: Path) -> None:
    (tmp_path / "pupils.csv").write_text("UPN,Surname\nA823456789012,Ash\n", encoding="utf-8")
    (tmp_path / name).write_text(make(), encoding="utf-8")
    assert sentence in decide(tmp_path)


def decide(folder: Path) -> str:
    """What the command says of a folder, within its seconds and megabytes."""
    return check_ends_well(run_bounded("decide", folder, "--policy", "bradford", "--on", "2026-11-20"))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"school_name = " + b"[" * 2_000, "nested too deeply"),
        (b"lessons_per_day = " + b"1" * 5_000, "too many digits"),
        (b"school_name = 0x" + b"F" * 5_000, "too many digits"),
        (b"school_name" + b".a" * 200_000 + b" = 1", "the dots of a key are nested too deeply"),
        (b'"school_name"' + b' . "a"' * 100_000 + b" = 1", "the dots of a key are nested too deeply"),
        (b"e" * 900_000 + b" = 1", "not a field of school.toml"),
        (b"e" * 200_000 + b" = 1", "not a field of school.toml"),
    ],
    ids=["brackets", "digits", "digits of another kind", "dots", "quoted parts", "a long word", "a word without end"],
)
def test_a_school_file_made_to_break_the_reader_is_told(content: bytes, sentence: str, tmp_path: Path) -> None:
    (tmp_path / "pupils.csv").write_text("UPN,Surname\nA823456789012,Ash\n", encoding="utf-8")
    (tmp_path / "school.toml").write_bytes(content)
    words = ("--policy", "bradford", "--on", "2026-11-20", "--out", tmp_path / "out")
    assert sentence in check_ends_well(run_bounded("letters", tmp_path, *words))
    assert not (tmp_path / "out").exists()


def write_json_of(values: str, pad: int = 0) -> str:
    return f'{{"on": "2026-11-20", "pupils": [{values}]{" " * pad}}}'


JSON = {
    "objects with nothing in them": (lambda: write_json_of("{}," * 3_000_000 + "{}"), "too many to mean anything"),
    "lists with nothing in them": (lambda: write_json_of("[]," * 3_000_000 + "[]"), "too many to mean anything"),
    "brackets alone": (lambda: "[" * 5_000_000, "too many to mean anything"),
    "brackets as deep as they may be many": (lambda: "[" * 300_000, "nested too deeply"),
    "pupils that are none": (lambda: write_json_of("0," * 4_000_000 + "0"), "as an object; 4,000,001 are none."),
    "a name without end": (lambda: write_json_of(f'{{"pupil_reference": "1", "last_name": "{"a" * 20_000_000}"}}'), ""),
    "a number without end": (lambda: write_json_of(f'{{"upn": {"1" * 4_000_000}}}'), "A number has too many digits."),
    "words that nobody knows": (
        lambda: write_json_of("{" + ",".join(f'"word{n}": 1' for n in range(300_000)) + "}"),
        "is not a field we recognise",
    ),
    "marks without end": (
        lambda: write_json_of('{"pupil_reference": "1", "marks": [' + '{"date": 1},' * 100_000 + "1]}"),
        "real date",
    ),
}


@pytest.mark.parametrize(("make", "sentence"), JSON.values(), ids=JSON)
def test_a_cohort_of_json_made_to_take_time_or_memory_is_told(make, sentence, tmp_path: Path) -> None:
    (tmp_path / "cohort.json").write_text(make(), encoding="utf-8")
    said = decide(tmp_path / "cohort.json")
    assert sentence in said
    assert len(said) < 100_000


def test_more_json_than_is_read_whole_is_told_before_it_is_read(tmp_path: Path) -> None:
    with (tmp_path / "cohort.json").open("wb") as file:
        file.truncate(3_000_000_000)
    assert "there are more than 200 MB of JSON. Export the marks as CSV" in decide(tmp_path / "cohort.json")


def test_a_device_is_no_cohort_of_json(tmp_path: Path) -> None:
    (tmp_path / "cohort.json").symlink_to("/dev/zero")
    assert "this is no ordinary file" in decide(tmp_path / "cohort.json")


@pytest.mark.parametrize("key", ["\\ud800", "\\ud800\\ud800", "x" * 1_000_000], ids=["half a pair", "two", "long"])
def test_a_key_of_json_that_no_word_can_be_is_told(key: str, tmp_path: Path) -> None:
    file = tmp_path / "pupils.json"
    file.write_text(f'{{"pupils": [{{"pupil_reference": "1", "{key}": 1}}]}}', encoding="utf-8")
    said = decide(file)
    assert "A key" in said
    assert len(said) < 1_000


def test_a_reference_that_no_file_can_hold_costs_its_pupil_alone(tmp_path: Path) -> None:
    known = json.dumps(EXAMPLE["pupil"])
    text = f'{{"pupils": [{known}, {{"pupil_reference": "R\\ud800"}}]}}'
    (tmp_path / "cohort.json").write_text(text, encoding="utf-8")
    words = ("--policy", "bradford", "--on", "2026-11-20", "--out", tmp_path / "out")
    assert "Remove the character U+D800" in check_ends_well(run_bounded("letters", tmp_path / "cohort.json", *words))
    assert "R\N{REPLACEMENT CHARACTER}" in (tmp_path / "out" / "index.csv").read_text("utf-8-sig")
