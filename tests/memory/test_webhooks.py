"""Webhooks: told once it is so, signed, tried again, and never sent to a machine of the network within."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from service.errors import RequestError
from service.memory.hooks import posting
from service.memory.hooks.delivering import PAUSES, deliver_due, message_of
from service.memory.hooks.posting import NotSentError, is_public, post
from service.memory.hooks.webhooks import (
    EVENTS,
    add_webhook,
    change_secret,
    deliveries_of,
    forget_old_deliveries,
    remove_webhook,
    resend,
    sign,
    webhooks_of,
)
from service.memory.memory import Memory, open_school
from service.memory.reversing import take_back
from service.storage.failpoints import DELIVERING, FAIL_AT
from service.storage.schema import delivery
from tests.memory.living import ill, issue, memory_of, settings_for, take
from tests.receiving import receiving

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "webhooks.md").read_text(encoding="utf-8")


@pytest.fixture
def memory(tmp_path, url) -> Iterator[Memory]:
    with memory_of(tmp_path, url, WEBHOOKS_TO="localhost, hooks.example.org") as memory:
        yield memory


def issue_one(memory: Memory) -> str:
    take(memory, ill())
    (kept,) = issue(memory).kept
    return str(kept.letter.reference)


def take_one_back(memory: Memory) -> str:
    """A letter that was issued and taken back; its reference."""
    reference = issue_one(memory)
    take_back(memory, open_school(memory), reference, "sent to the wrong address", "JM")
    return reference


def make_due(memory: Memory) -> None:
    """As if every pause were over."""
    with memory.database.write(open_school(memory).id) as connection:
        connection.execute(update(delivery).values(due_at="2020"))


def test_a_letter_that_was_taken_back_is_told_with_its_reference_and_no_name(memory) -> None:
    with receiving() as receiver:
        hook, secret = add_webhook(memory, open_school(memory), receiver.address)
        reference = take_one_back(memory)
        assert deliver_due(memory) == 1
        assert deliver_due(memory) == 0
    ((signature, body),) = receiver.got
    told = json.loads(body)
    assert told.pop("at").startswith("20")
    assert told == {"delivery": 1, "event": "letter.reversed", "references": [reference]}
    (one,) = deliveries_of(memory, open_school(memory), hook.id)
    assert (one.state, one.attempts, one.answer) == ("taken", 1, "status 204")
    check = read_check()
    assert check(secret, signature, body)
    assert not check(secret, signature, body + b" ")
    assert not check("whsec_another", signature, body)


def read_check() -> Any:
    """The program of the page that checks a signature."""
    (code,) = re.findall(r"^```python\n(.*?)^```", PAGE, flags=re.DOTALL | re.MULTILINE)
    names: dict[str, Any] = {}
    exec(code, names)  # noqa: S102  # the page's own program
    return names["is_from_attendance_letters"]


def test_only_what_was_asked_for_is_told(memory) -> None:
    with receiving() as receiver:
        add_webhook(memory, open_school(memory), receiver.address, ["batch.finished"])
        take_one_back(memory)
        assert deliver_due(memory) == 0


def test_what_was_undone_is_not_told(memory) -> None:
    add_webhook(memory, open_school(memory), "https://hooks.example.org/")
    reference = issue_one(memory)

    def fail(*_: Any) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        take_back(memory, open_school(memory), reference, "a mistake", "JM", fail)
    assert deliveries_of(memory, open_school(memory), 1) == []


@pytest.mark.parametrize("status", [302, 404, 500])
def test_what_was_not_taken_is_sent_again_with_growing_pauses_and_given_up(memory, status) -> None:
    with receiving(*[status] * 20) as receiver:
        hook, _ = add_webhook(memory, open_school(memory), receiver.address)
        take_one_back(memory)
        seen = []
        while deliver_due(memory):
            (one,) = deliveries_of(memory, open_school(memory), hook.id)
            seen.append((one.state, one.attempts, one.answer))
            assert deliver_due(memory) == 0  # not before the pause is over
            make_due(memory)
    times = len(PAUSES) + 1
    assert seen == [("waiting", n, f"status {status}") for n in range(1, times)] + [
        ("given up", times, f"status {status}")
    ]
    assert len(receiver.got) == times
    assert len({body for _, body in receiver.got}) == 1
    assert list(PAUSES) == sorted(PAUSES)
    assert 20 * 3_600 < sum(PAUSES) <= 24 * 3_600


def test_what_was_given_up_can_be_sent_again(memory) -> None:
    with receiving(500) as receiver:
        hook, _ = add_webhook(memory, open_school(memory), receiver.address)
        take_one_back(memory)
        deliver_due(memory)
        resend(memory, open_school(memory), hook.id, 1)
        deliver_due(memory)
    assert [json.loads(body)["delivery"] for _, body in receiver.got] == [1, 1]
    assert deliveries_of(memory, open_school(memory), hook.id)[0].state == "taken"
    with pytest.raises(RequestError, match="no such delivery"):
        resend(memory, open_school(memory), hook.id, 9)


@pytest.mark.parametrize("place", DELIVERING)
def test_killed_while_it_sends_the_message_arrives_all_the_same(tmp_path, place) -> None:
    with receiving() as receiver:
        with memory_of(tmp_path, WEBHOOKS_TO="localhost") as memory:
            add_webhook(memory, open_school(memory), receiver.address)
            take_one_back(memory)
        program = (
            "from service.desk import Desk; from service.settings import read_settings; "
            "from service.memory.memory import open_memory; from service.memory.hooks.delivering import deliver_due\n"
            "with open_memory(Desk(read_settings())) as memory: deliver_due(memory)"
        )
        settings = {**os.environ, **settings_for(tmp_path, WEBHOOKS_TO="localhost"), FAIL_AT: place}
        killed = subprocess.run([sys.executable, "-c", program], cwd=ROOT, env=settings, check=False)
        assert killed.returncode == -signal.SIGKILL
        before = len(receiver.got)
        assert before == (place == "delivery-sent")
        with memory_of(tmp_path, WEBHOOKS_TO="localhost") as memory:
            assert deliver_due(memory) == 0  # it may still be at work
            make_due(memory)
            assert deliver_due(memory) == 1
            assert deliveries_of(memory, open_school(memory), 1)[0].state == "taken"
        assert len({body for _, body in receiver.got}) == 1
        assert len(receiver.got) == before + 1


def test_two_that_send_share_the_work(memory) -> None:
    with receiving(wait=0.05) as receiver:
        add_webhook(memory, open_school(memory), receiver.address)
        for _ in range(3):
            reference = take_one_back(memory)
            assert reference
        threads = [threading.Thread(target=deliver_due, args=(memory,)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(json.loads(body)["delivery"] for _, body in receiver.got) == [1, 2, 3]


def test_for_a_day_after_a_change_both_secrets_sign(memory) -> None:
    school = open_school(memory)
    hook, old = add_webhook(memory, school, "https://hooks.example.org/")
    new = change_secret(memory, school, hook.id)
    (hook,) = webhooks_of(memory, school)
    check, body, now = read_check(), b"{}", datetime.now(UTC)
    assert old != new
    assert check(old, sign(memory, hook, body, now), body)
    assert check(new, sign(memory, hook, body, now), body)
    assert sign(memory, hook, body, now + timedelta(hours=25)).count("v1=") == 1


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("http://hooks.example.org/", "wrong-address"),
        ("https://elsewhere.example.org/", "address-not-allowed"),
        ("https://127.0.0.1/", "address-not-allowed"),
        ("https://hooks.example.org@10.0.0.1/", "wrong-address"),
        ("https://hooks.example.org:0/", "wrong-address"),
        ("https://hooks.example.org:99999/", "wrong-address"),
        ("https://hooks.example.org/\r\nX: y", "wrong-address"),
        ("ftp://hooks.example.org/", "wrong-address"),
        ("hooks.example.org", "wrong-address"),
        ("https://hooks.example.org/" + "a" * 500, "wrong-address"),
        ("https://[::1", "wrong-address"),
    ],
)
def test_addresses_to_which_nothing_may_be_sent_are_refused(memory, address, code) -> None:
    with pytest.raises(RequestError) as refused:
        add_webhook(memory, open_school(memory), address)
    assert [problem.code for problem in refused.value.problems] == [code]


def test_an_event_that_there_is_not_is_told_with_the_likely_one(memory) -> None:
    with pytest.raises(RequestError) as refused:
        add_webhook(memory, open_school(memory), "https://hooks.example.org/", ["batch.finishd"])
    assert 'Did you mean "batch.finished"?' in refused.value.problems[0].detail
    assert set(EVENTS) == {"batch.finished", "letter.reversed"}


@pytest.mark.parametrize(
    "address",
    ["10.0.0.1", "127.0.0.1", "169.254.169.254", "192.168.1.1", "100.64.0.1", "0.0.0.1", "224.0.0.1", "::1",
     "fe80::1%eth0", "fd00::1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:0a00:0001::1", "ff02::1"],
)  # fmt: skip
def test_no_address_of_a_network_within_is_taken_for_a_public_one(address) -> None:
    assert not is_public(address)


def test_addresses_of_the_open_internet_are_public() -> None:
    assert is_public("93.184.215.14")
    assert is_public("2606:2800:21f:cb07:6820:80da:af6b:8b2c")


def test_a_name_that_means_a_machine_within_is_not_sent_to(monkeypatch) -> None:
    """Whatever it meant when it was added."""
    with receiving() as receiver:
        port = receiver.server.server_port
        found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]
        monkeypatch.setattr(posting.socket, "getaddrinfo", lambda *_, **__: found)
        with pytest.raises(NotSentError, match="not a public one"):
            post(f"http://hooks.example.org:{port}/", b"{}", {})
    assert receiver.got == []


@pytest.mark.parametrize(("first", "more"), [(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n"), (b"HTTP", b"P")])
def test_one_who_drips_is_cut_off(monkeypatch, first, more) -> None:
    monkeypatch.setattr(posting, "WHOLE_SECONDS", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as server:
        cut = threading.Event()

        def drip() -> None:
            connection, _ = server.accept()
            with connection:
                try:
                    connection.sendall(first)
                    while not cut.wait(0.05):
                        connection.sendall(more)
                except OSError:
                    cut.set()

        thread = threading.Thread(target=drip)
        thread.start()
        with suppress(NotSentError):
            assert post(f"http://localhost:{server.getsockname()[1]}/", b"{}", {}) == 200
        assert cut.wait(60)
        thread.join()


def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "own.pem"
    words = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate, "-days", "2"]
    subprocess.run(["openssl", *words, "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"],
                   check=True, capture_output=True)  # fmt: skip
    with receiving() as receiver:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        receiver.server.socket = context.wrap_socket(receiver.server.socket, server_side=True)
        address = receiver.address.replace("http:", "https:")
        with pytest.raises(NotSentError, match="SSLCertVerificationError"):
            post(address, b"{}", {})
        known = ssl.create_default_context(cafile=str(certificate))
        assert post(address, b"{}", {"Attendance-Letters-Signature": "t=1"}, known) == 204
    assert receiver.got == [("t=1", b"{}")]


def test_what_ended_a_month_ago_is_forgotten_and_a_webhook_goes_with_everything(memory) -> None:
    school = open_school(memory)
    with receiving() as receiver:
        hook, _ = add_webhook(memory, school, receiver.address)
        take_one_back(memory)
        deliver_due(memory)
    with memory.database.write(school.id) as connection:
        forget_old_deliveries(connection, school.id)
        assert len(deliveries_of(memory, school, hook.id)) == 1
        connection.execute(update(delivery).values(ended_at="2020-01-01T00:00:00.000Z"))
        forget_old_deliveries(connection, school.id)
    assert deliveries_of(memory, school, hook.id) == []
    remove_webhook(memory, school, hook.id)
    assert webhooks_of(memory, school) == []
    with pytest.raises(RequestError, match="no such webhook"):
        remove_webhook(memory, school, hook.id)


def test_a_message_is_about_numbers_alone(memory) -> None:
    hook, _ = add_webhook(memory, open_school(memory), "https://hooks.example.org/")
    take_one_back(memory)
    (one,) = deliveries_of(memory, open_school(memory), hook.id)
    assert not [name for name in (b"Robin", b"Ash", b"4711", b"wrong address", b"JM") if name in message_of(one)]
