"""The house rules that a machine can hold, and the wheel that a school's server installs."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from hypothesis import settings

from service.commands.main import commands

ROOT = Path(__file__).parent.parent
MODULES = sorted((ROOT / "service").rglob("*.py"))
README = (ROOT / "README.md").read_text(encoding="utf-8")
MOST_LINES = 350


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_imports_point_one_way() -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_has_one_purpose_that_it_says_and_a_size_that_can_be_read(path) -> None:
    source = path.read_text(encoding="utf-8")
    tree = ast.parse(source)
    assert ast.get_docstring(tree), "say what the module is"
    assert len(source.splitlines()) <= MOST_LINES
    assert not re.search(r"\b(TODO|FIXME|XXX)\b", source)
    without = [f"{node.name}, line {node.lineno}" for node in public_definitions(tree) if not ast.get_docstring(node)]
    assert without == [], "say what comes back"


def public_definitions(tree: ast.Module) -> list[ast.FunctionDef | ast.ClassDef]:
    """Public functions and classes of a module."""
    kinds = ast.FunctionDef | ast.ClassDef
    return [node for node in tree.body if isinstance(node, kinds) and not node.name.startswith("_")]


ROOMS = sorted({path.parent for path in MODULES})
MOST_FILES = 20
SAME_NAME_SAME_MEANING = {
    "catalogue.py": {"letters", "forms"},  # which there are
    "fields.py": {"letters", "forms"},  # the words that can be used
    "facts.py": {"decisions", "letters", "forms"},  # everything that one of them is made from
    "conditions.py": {"decisions", "decisions/reading"},  # the thing, and how a file is read into it
    "terms.py": {"decisions", "decisions/reading"},
    "gate.py": {"word", "cohort/workbook"},  # what a file must not hold
    "parts.py": {"word", "cohort/workbook"},  # the parts of a ZIP
    "template.py": {"word/filling", "forms/pdf"},  # a template, opened
    "decide.py": {"decisions", "commands"},  # the command of what the room does
}


@pytest.mark.parametrize("room", ROOMS, ids=name_of)
def test_a_room_holds_no_more_files_than_one_can_take_in(room) -> None:
    assert len(list(room.glob("*.py"))) <= MOST_FILES


def test_a_file_name_means_one_thing_in_the_whole_house() -> None:
    rooms: dict[str, set[str]] = {}
    for path in MODULES:
        if path.name != "__init__.py":
            rooms.setdefault(path.name, set()).add(path.parent.relative_to(ROOT / "service").as_posix())
    twice = {name: found for name, found in rooms.items() if len(found) > 1 and not found <= {"web/api", "commands"}}
    assert twice == SAME_NAME_SAME_MEANING


def test_every_room_and_file_of_the_hall_stands_in_the_readme() -> None:
    tree = README.split("## The house")[1].split("```")[1]
    missing = [
        path.name for path in (ROOT / "service").glob("*.py") if path.name not in tree and path.stem != "__init__"
    ]
    missing += [name_of(room) for room in ROOMS if f"{room.name}/" not in tree]
    assert missing == []


def test_every_module_has_a_layer() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    layers = project["tool"]["importlinter"]["contracts"][0]["layers"]
    named = {name.strip() for layer in layers for name in layer.split("|")}
    top = {f"service.{path.relative_to(ROOT / 'service').parts[0].removesuffix('.py')}" for path in MODULES}
    assert top - {"service.__init__", "service.__main__"} == named
    assert len(layers) <= 15


def test_no_file_speaks_of_the_machine_it_was_written_on() -> None:
    files = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.split(b"\0")
    found = []
    for name in filter(None, files):
        path = ROOT / name.decode()
        content = path.read_bytes() if path.is_file() else b""
        if b"\0" not in content and re.search(rb"(?<![\w.])/(work|root|home)/\w", content):
            found.append(name.decode())
    assert [name for name in found if name != "tests/test_house.py"] == []


def test_every_command_stands_in_the_readme_and_every_command_there_exists() -> None:
    named = set(re.findall(r"attendance-letters ([a-z]+)", README))
    assert set(commands.list_commands(click.Context(commands))) == named


def all_commands(group: click.Group) -> Iterator[click.Command]:
    """The commands of a group, and those of the groups in it."""
    context = click.Context(group)
    for command in filter(None, (group.get_command(context, name) for name in group.list_commands(context))):
        yield from all_commands(command) if isinstance(command, click.Group) else (command,)


def test_every_option_of_a_command_in_the_readme_exists() -> None:
    known = {option for command in all_commands(commands) for item in command.params for option in item.opts}
    told = set(re.findall(r"`(--[a-z-]+)`", README)) | set(
        re.findall(r"attendance-letters [^`\n]*?(--[a-z-]+)", README)
    )
    assert told <= known


def test_the_lock_has_a_hash_for_every_package_and_names_no_registry() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    packages = re.split(r"\n(?=[a-z0-9])", re.sub(r"^#.*\n", "", lock, flags=re.MULTILINE).strip())
    assert len(packages) > 20
    for package in packages:
        assert re.match(r"[a-z0-9._-]+==\S+", package)
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", package), package.splitlines()[0]
    assert "://" not in lock
    assert not re.search(r"index-url|find-links|trusted-host", lock)


def test_the_lock_holds_every_package_that_the_project_names() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    lines = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    named = {re.match(r"[A-Za-z0-9._-]+", line)[0].lower().replace("_", "-") for line in lines}
    locked = set(
        re.findall(r"^([a-z0-9._-]+)==", (ROOT / "requirements.lock").read_text(encoding="utf-8"), re.MULTILINE)
    )
    assert named - locked == set()


def test_make_help_lists_the_commands_that_everybody_needs() -> None:
    shown = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert {"run", "test", "lint", "check", "bench"} <= {line.split()[0] for line in shown.splitlines()}


@pytest.fixture(scope="module")
def installed(tmp_path_factory) -> Path:
    """The wheel as a server installs it: no checkout at hand."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as package:
        outside = [name for name in package.namelist() if name.startswith(("tests/", "builders/")) or ".pyc" in name]
        assert outside == []
        assert {name for name in package.namelist() if name.startswith("service/shipped/") and ".py" in name} == set()
    install = [sys.executable, "-m", "pip", "install", "--no-deps", "--no-index", "--target", folder / "site", wheel]
    subprocess.run([*install, "--disable-pip-version-check", "--quiet"], check=True, capture_output=True)
    return folder / "site"


def run_installed(site: Path, cwd: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ATTENDANCE_LETTERS_")}
    return subprocess.run(
        [sys.executable, "-m", "service", *arguments],
        cwd=cwd,
        env={**kept, "PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_the_wheel_decides_writes_and_checks_from_another_folder(installed, tmp_path) -> None:
    where = subprocess.run(
        [sys.executable, "-c", "import service; print(service.__file__)"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert where.stdout.startswith(str(installed))
    assert run_installed(installed, tmp_path, "sample", "school", "--pupils", "12").returncode == 0
    decided = run_installed(installed, tmp_path, "decide", "school", "--on", "2026-11-20", "--json")
    assert len([json.loads(line) for line in decided.stdout.splitlines()]) == 12
    written = run_installed(installed, tmp_path, "letters", "school", "--on", "2026-11-20", "--out", "letters")
    assert written.returncode == 0, written.stderr
    assert list((tmp_path / "letters").glob("*.docx"))
    checked = run_installed(installed, tmp_path, "check")
    assert (checked.returncode, checked.stderr) == (0, "")
    assert "0 with problems" in checked.stdout


def test_examples_are_the_same_in_every_run_unless_random_ones_are_asked_for() -> None:
    assert settings().derandomize == (os.environ.get("HYPOTHESIS_PROFILE") != "random")
