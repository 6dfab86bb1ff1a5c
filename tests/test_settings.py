"""Settings are read from the environment, each by its own rule, and every fault is said at once."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from service.errors import SettingsError
from service.settings import PREFIX, SETTINGS, Settings, read_settings, shipped


def faults(**given: str) -> dict[str, str]:
    """What is wrong with an environment, by the setting's name."""
    with pytest.raises(SettingsError) as caught:
        read_settings({PREFIX + name: text for name, text in given.items()})
    return {problem.column.removeprefix(PREFIX): problem.detail for problem in caught.value.problems}


def test_an_empty_environment_gives_the_defaults() -> None:
    found = read_settings({"PATH": "/usr/bin"})
    assert found == Settings()
    assert (found.host, found.port, found.threads, found.largest_request) == ("127.0.0.1", 8017, 4, 10_485_760)
    assert (found.school, found.form_fonts, found.pdf_a) == (None, (), False)
    assert (found.rules, found.letters) == (shipped("rules"), shipped("letter_templates"))


def test_the_default_that_is_told_is_the_default_in_force() -> None:
    told = {PREFIX + setting.name: setting.default for setting in SETTINGS}
    assert read_settings(told) == read_settings({})


def test_every_setting_is_read_from_its_own_name(tmp_path: Path) -> None:
    fonts = [tmp_path / "a.ttf", tmp_path / "b.ttf"]
    for font in fonts:
        font.touch()
    texts = {
        "HOST": "localhost",
        "PORT": "0",
        "TRUSTED_PROXY": "10.0.0.2",
        "THREADS": " 64 ",
        "SCHOOL": "school.toml",
        "RULES": "our_rules",
        "LETTERS": "our_letters",
        "PDF_BY": "libreoffice",
        "PDF_PROCESSES": "3",
        "PDF_SECONDS": "7",
        "PDF_A": "yes",
        "PDF_TAGGED": "yes",
        "FORMS": "our_forms",
        "FORM_FONTS": os.pathsep.join(map(str, fonts)),
        "DATA": "our_data",
        "DATABASE": "postgresql://somebody@host/name",
        "FILES": "s3://bucket/prefix",
        "KEEP_LETTERS": "0",
        "KEEP_HISTORY": "8",
        "KEEP_REGISTERS": "9",
        "OIDC_ISSUER": "https://accounts.google.com",
        "OIDC_CLIENT": "our-client",
        "OIDC_SECRET": "our-words",
        "ENGINE": "celery",
        "QUEUE": "amqps://letters:invented@queue.example/letters",
        "CHUNK_SECONDS": "60",
        "BATCH_PROCESSES": "2",
        "WEBHOOKS_TO": "hooks.example.org, localhost",
        "METRICS": "yes",
        "REQUESTS_A_MINUTE": "10",
        "LARGEST_REQUEST": "1000",
        "HEADER_SECONDS": "3",
        "BODY_SECONDS": "4",
        "CONNECTIONS": "5",
        "STOP_SECONDS": "6",
    }
    assert set(texts) == {setting.name for setting in SETTINGS}
    assert read_settings({PREFIX + name: text for name, text in texts.items()}) == Settings(
        host="localhost",
        port=0,
        trusted_proxy="10.0.0.2",
        threads=64,
        school=Path("school.toml"),
        rules=Path("our_rules"),
        letters=Path("our_letters"),
        pdf_by="libreoffice",
        pdf_processes=3,
        pdf_seconds=7,
        pdf_a=True,
        pdf_tagged=True,
        forms=Path("our_forms"),
        form_fonts=tuple(fonts),
        data=Path("our_data"),
        database="postgresql://somebody@host/name",
        files="s3://bucket/prefix",
        keep_letters=0,
        keep_history=8,
        keep_registers=9,
        oidc_issuer="https://accounts.google.com",
        oidc_client="our-client",
        oidc_secret="our-words",  # noqa: S106
        engine="celery",
        queue="amqps://letters:invented@queue.example/letters",
        chunk_seconds=60,
        batch_processes=2,
        webhooks_to=("hooks.example.org", "localhost"),
        metrics=True,
        requests_a_minute=10,
        largest_request=1000,
        header_seconds=3,
        body_seconds=4,
        connections=5,
        stop_seconds=6,
    )


@pytest.mark.parametrize(
    ("name", "text", "detail"),
    [
        (
            "HOST",
            "192.0.2",
            "Use the address to listen on, for example 127.0.0.1, not '192.0.2'.",
        ),
        ("TRUSTED_PROXY", "*", "Use the address from which the proxy connects, for example 127.0.0.1, not '*'."),
        ("PORT", "65536", "Use a whole number from 0 to 65535, not '65536'."),
        ("THREADS", "0", "Use a whole number from 1 to 64, not '0'."),
        ("PDF_SECONDS", "", "Use a whole number from 1 to 1073741824, not ''."),
        ("PDF_PROCESSES", "-1", "Use a whole number from 0 to 1073741824, not '-1'."),
        ("PDF_BY", "word", "Use typst or libreoffice, not 'word'."),
        ("PDF_A", "true", "Use yes or no, not 'true'."),
        ("FORM_FONTS", "none.ttf", "There is no file none.ttf."),
        ("ENGINE", "redis", "Use local or celery, not 'redis'."),
        (
            "QUEUE",
            "http://letters:invented@host",
            "Write the queue as redis://host:6379/0 or amqp://user@host:5672/name (rediss or amqps for TLS).",
        ),
        ("PORTS", "1", 'There is no such setting. Did you mean "ATTENDANCE_LETTERS_PORT"?'),
    ],
)
def test_a_setting_that_cannot_be_used_says_what_to_write(name: str, text: str, detail: str) -> None:
    assert faults(**{name: text}) == {name: detail}


def test_every_fault_is_said_at_once() -> None:
    assert list(faults(PORTS="1", PORT="x", PDF_A="x", FORM_FONTS="none.ttf")) == [
        "PORTS",
        "PORT",
        "PDF_A",
        "FORM_FONTS",
    ]


def test_each_meaning_is_a_sentence_of_its_own() -> None:
    meanings = [setting.meaning for setting in SETTINGS]
    assert all(meaning[0].isupper() and meaning.endswith(".") for meaning in meanings)
    assert len(set(meanings)) == len(meanings)


def test_what_is_remembered_is_kept_in_the_users_own_folder_wherever_the_command_is_started(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_DATA_HOME")
    assert read_settings({}).data == tmp_path / ".local" / "share" / "attendance-letters"
    assert read_settings({f"{PREFIX}DATA": "~/letters"}).data == tmp_path / "letters"
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert read_settings({}).data == tmp_path / "data" / "attendance-letters"
