"""The machine's one LibreOffice converter, with the real LibreOffice and everything that can go wrong with it."""

from __future__ import annotations

import fcntl
import os
import signal
import stat
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from service.errors import ConversionError
from service.printing.office import line as office_line
from service.printing.office.converter import Converter, ConverterSettings
from service.printing.office.converter_settings import LOCK, SOCKET
from service.printing.office.line import STARTING, runtime_folder
from tests.printing.converter_trouble import offices_in, processes_in, wait_for
from tests.word.sample_docx import Sample, make_letter, make_package, parts_of

REPOSITORY = Path(__file__).parents[2]
Make = Callable[..., Converter]


@pytest.fixture
def make() -> Iterator[Make]:
    """Make converters in a folder of their own; afterwards no process that they started may be left."""
    made: list[Converter] = []
    with tempfile.TemporaryDirectory(prefix="letters-") as folder:

        def make_one(**changes: object) -> Converter:
            chosen = {"processes": 1, "folder": folder, "linger": 0.2, "seconds": 20.0} | changes
            made.append(Converter(ConverterSettings(**chosen)))  # type: ignore[arg-type]
            return made[-1]

        yield make_one
        for one in made:
            one.close()
        assert wait_for(lambda: not processes_in(folder)), processes_in(folder)
        assert not list(Path(folder).glob("*/office-*"))


def offices_of(converter: Converter) -> list[int]:
    """The numbers of the soffice.bin processes of this converter."""
    return offices_in(converter.settings.folder)


def server_of(converter: Converter) -> int:
    return int((runtime_folder(converter.settings) / LOCK).read_text())


def code_of(converter: Converter, docx: bytes) -> str:
    with pytest.raises(ConversionError) as caught:
        converter.convert(docx)
    return caught.value.problems[0].code


def test_a_letter_becomes_a_pdf_and_many_threads_may_ask_at_once(make: Make) -> None:
    converter = make(processes=2)
    letters = [make_letter(number=number) for number in range(6)]
    made: dict[int, bytes] = {}
    threads = [
        threading.Thread(target=lambda n=n, letter=letter: made.update({n: converter.convert(letter)}))
        for n, letter in enumerate(letters)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [text_of(made[n]).count(f"Our reference REF-{n:05d}") for n in range(6)] == [1] * 6


def text_of(pdf: bytes) -> str:
    return subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()


def test_two_programs_share_one_server_whose_socket_only_they_can_open(make: Make) -> None:
    first, second = make(), make()
    first.convert(make_letter())
    second.convert(make_letter())
    assert len(offices_of(first)) == 1
    folder = runtime_folder(first.settings)
    assert stat.S_IMODE((folder / SOCKET).stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_starting_in_the_background_returns_at_once(make: Make) -> None:
    converter = make()
    with (runtime_folder(converter.settings) / STARTING).open("a") as starting:
        fcntl.flock(starting, fcntl.LOCK_EX)  # as if another program were starting it: whoever waits, waits for us
        converter.start()
        assert not offices_of(converter)
    assert wait_for(lambda: offices_of(converter))


def test_a_folder_that_others_can_open_is_refused(make: Make) -> None:
    converter = make()
    Path(converter.settings.folder).chmod(0o755)
    assert code_of(converter, make_letter()) == "unsafe-folder"


def test_a_stale_socket_and_the_leavings_of_a_killed_server_are_cleared_away(make: Make) -> None:
    converter = make()
    folder = runtime_folder(converter.settings)
    (folder / "office-left").mkdir()
    (folder / SOCKET).touch()
    assert converter.convert(make_letter()).startswith(b"%PDF")
    assert not (folder / "office-left").exists()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV])
def test_a_letter_is_made_although_libreoffice_was_killed(make: Make, number: signal.Signals) -> None:
    converter = make()
    converter.convert(make_letter())
    for pid in offices_of(converter):
        os.kill(pid, number)
    assert "REF-00002" in text_of(converter.convert(make_letter(number=2)))


def test_a_letter_is_made_although_the_server_was_killed(make: Make) -> None:
    converter = make()
    converter.convert(make_letter())
    os.kill(server_of(converter), signal.SIGKILL)
    assert "REF-00002" in text_of(converter.convert(make_letter(number=2)))
    assert wait_for(lambda: len(offices_of(converter)) == 1)


def test_a_frozen_libreoffice_is_replaced_when_its_time_is_up(make: Make) -> None:
    converter = make(seconds=5.0)
    converter.convert(make_letter())
    (frozen,) = offices_of(converter)
    os.kill(frozen, signal.SIGSTOP)
    assert "REF-00002" in text_of(converter.convert(make_letter(number=2)))
    assert frozen not in processes_in(converter.settings.folder)


@pytest.mark.slow
def test_a_frozen_server_is_replaced(make: Make) -> None:
    converter = make()
    converter.convert(make_letter())
    os.kill(server_of(converter), signal.SIGSTOP)
    assert "REF-00002" in text_of(converter.convert(make_letter(number=2)))


def test_libreoffice_removed_in_the_middle_is_said_with_what_to_install(make: Make, tmp_path: Path) -> None:
    program = tmp_path / "soffice"
    program.write_text('#!/bin/sh\nexec /usr/bin/soffice "$@"\n')
    program.chmod(0o700)
    converter = make(soffice=str(program))
    converter.convert(make_letter())
    program.unlink()
    for pid in offices_of(converter):
        os.kill(pid, signal.SIGKILL)
    with pytest.raises(ConversionError, match="apt-get install libreoffice-writer-nogui") as caught:
        converter.convert(make_letter())
    assert caught.value.problems[0].code == "no-converter"


def test_without_libreoffice_the_reason_says_what_to_install(make: Make) -> None:
    converter = make(soffice="no-such-soffice")
    assert not converter.available
    assert "apt-get install libreoffice-writer-nogui" in converter.why_not()
    assert code_of(converter, make_letter()) == "no-converter"


def test_a_closed_converter_says_so(make: Make) -> None:
    converter = make()
    converter.close()
    assert code_of(converter, make_letter()) == "converter-closed"


def test_without_room_for_its_files_a_letter_is_refused_in_words_and_libreoffice_stays(make: Make) -> None:
    converter = make()
    converter.convert(make_letter())
    before = offices_of(converter)
    (folder,) = runtime_folder(converter.settings).glob("office-*")
    (folder / "letter.docx").mkdir()
    assert code_of(converter, make_letter()) == "no-room"
    (folder / "letter.docx").rmdir()
    assert "REF-00002" in text_of(converter.convert(make_letter(number=2)))
    assert offices_of(converter) == before


def test_what_passes_through_libreoffice_is_in_the_users_runtime_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    with tempfile.TemporaryDirectory(prefix="letters-") as given:
        monkeypatch.setenv("XDG_RUNTIME_DIR", given)
        folder = runtime_folder(ConverterSettings())
        assert folder.parent == Path(given) / "attendance-letters"
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


@pytest.mark.parametrize("is_roomy", [True, False])
def test_without_a_runtime_folder_it_is_in_memory_where_there_is_room(
    monkeypatch: pytest.MonkeyPatch, is_roomy: bool
) -> None:
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    with tempfile.TemporaryDirectory(prefix="m-") as memory, tempfile.TemporaryDirectory(prefix="d-") as disk:
        monkeypatch.setattr(tempfile, "tempdir", disk)
        monkeypatch.setattr(office_line, "MEMORY", Path(memory))
        monkeypatch.setattr(office_line, "ROOMY", 1 if is_roomy else sys.maxsize)
        assert runtime_folder(ConverterSettings()).parent.parent == Path(memory if is_roomy else disk)


def test_nothing_is_left_when_the_program_is_killed(make: Make) -> None:
    converter = make()
    code = (
        "import sys, time; from service.printing.office.converter import *; from tests.word.sample_docx import *\n"
        "converter = Converter(ConverterSettings.from_json(sys.argv[1])); converter.convert(make_letter())\n"
        "print('converted', flush=True); time.sleep(600)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, converter.settings.to_json()], stdout=subprocess.PIPE, text=True, cwd=REPOSITORY
    ) as program:
        assert program.stdout
        assert program.stdout.readline() == "converted\n"
        assert offices_of(converter)
        program.kill()
    assert wait_for(lambda: not processes_in(converter.settings.folder))


def test_nothing_is_left_when_the_server_and_the_child_are_killed(make: Make) -> None:
    converter = make()
    converter.convert(make_letter())
    (office,) = offices_of(converter)
    os.kill(server_of(converter), signal.SIGKILL)
    os.kill(os.getpgid(office), signal.SIGKILL)
    assert wait_for(lambda: not processes_in(converter.settings.folder))
    folder = runtime_folder(converter.settings)
    assert wait_for(lambda: not list(folder.glob("office-*")))


def test_a_picture_or_text_from_outside_is_never_read(make: Make, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret words")
    field = "".join(
        f'<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> {instruction} '
        f'</w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
        for instruction in (f'INCLUDETEXT "{secret}"', f'INCLUDETEXT "{secret.as_uri()}"')
    )
    pdf = make().convert(make_letter(extra_body=field))
    assert "the secret words" not in text_of(pdf)


def test_a_linked_picture_is_not_drawn(make: Make, tmp_path: Path) -> None:
    sample = Sample()
    parts = parts_of(sample)
    picture = tmp_path / "linked.png"
    picture.write_bytes(bytes(parts["word/media/image1.png"]))
    parts["word/header1.xml"] = str(parts["word/header1.xml"]).replace("r:embed", "r:link")
    parts["word/_rels/header1.xml.rels"] = str(parts["word/_rels/header1.xml.rels"]).replace(
        'Target="media/image1.png"', f'Target="{picture.as_uri()}" TargetMode="External"'
    )
    pdf = make().convert(make_package(parts))
    images = subprocess.run(["pdfimages", "-list", "-"], input=pdf, capture_output=True, check=True).stdout
    assert b"image" not in b"".join(images.splitlines()[2:])


def test_libreoffice_has_no_network(make: Make) -> None:
    converter = make()
    converter.convert(make_letter())
    (office,) = offices_of(converter)
    if subprocess.run(["unshare", "--net", "true"], capture_output=True, check=False).returncode:
        pytest.skip("the kernel gives this user no network of its own")
    assert Path(f"/proc/{office}/ns/net").readlink() != Path("/proc/self/ns/net").readlink()


def test_libreoffice_sees_only_the_environment_it_needs(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_PASSWORD", "a secret")
    converter = make()
    converter.convert(make_letter())
    (office,) = offices_of(converter)
    assert b"a secret" not in Path(f"/proc/{office}/environ").read_bytes()


def test_what_libreoffice_cannot_read_is_refused_and_libreoffice_stays(make: Make) -> None:
    converter = make()
    converter.convert(make_letter())
    before = offices_of(converter)
    assert code_of(converter, b"these are no letters") == "unreadable-docx"
    assert "REF-00002" in text_of(converter.convert(make_letter(number=2)))
    assert offices_of(converter) == before
