"""Files are kept whole or not at all, in a folder and in storage that speaks S3; both are real."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from service.errors import RequestError, SettingsError
from service.storage.file_store import FileStore, hash_of, open_files
from tests.storage.own_s3 import breaking_off, without_conditions

LETTER = b"Dear Ms Ash" * 1000


@pytest.fixture(params=["folder", "s3"])
def store(request, tmp_path) -> FileStore:
    return open_files("" if request.param == "folder" else request.getfixturevalue("bucket"), tmp_path)


def test_a_file_is_kept_under_its_hash_and_read_as_it_was(store) -> None:
    name = store.put(1, LETTER)
    assert name == hash_of(LETTER)
    assert store.get(1, name) == LETTER
    assert store.has(1, name)
    assert list(store.hashes(1)) == [name]


def test_it_says_that_files_can_be_kept(store) -> None:
    assert store.why_not() == ""


def test_it_says_why_files_cannot_be_kept(bucket, tmp_path, monkeypatch) -> None:
    (tmp_path / "files").write_bytes(b"no folder")
    assert "FILES" in open_files("", tmp_path).why_not()
    assert "Check FILES" in open_files("s3://nowhere/at-all", tmp_path).why_not()
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    assert "cannot be reached, or refuses" in open_files(bucket, tmp_path).why_not()


def test_the_same_content_is_kept_once(store) -> None:
    assert store.put(1, LETTER) == store.put(1, LETTER)
    assert len(list(store.hashes(1))) == 1


def test_schools_never_see_each_others_files(store) -> None:
    name = store.put(1, LETTER)
    assert (store.get(11, name), store.has(11, name), list(store.hashes(11))) == (None, False, [])
    store.delete(11, name)
    assert store.get(1, name) == LETTER


def test_those_that_are_not_there_are_told(store) -> None:
    name, other = store.put(1, LETTER), hash_of(b"another")
    assert store.missing(1, [name, other]) == [other]
    assert store.missing(1, [name]) == store.missing(1, []) == []


def test_what_is_taken_away_is_gone_and_may_be_taken_away_twice(store) -> None:
    name = store.put(1, LETTER)
    store.delete(1, name)
    store.delete(1, name)
    assert (store.get(1, name), store.has(1, name), list(store.hashes(1))) == (None, False, [])


def test_many_files_are_all_listed(store) -> None:
    names = {store.put(1, f"letter {number}".encode()) for number in range(120)}
    assert set(store.hashes(1)) == names


@pytest.mark.parametrize("after", [0, 400, 4000])
def test_an_upload_that_breaks_off_is_said_and_never_read_as_a_letter(after, bucket, s3_server, monkeypatch) -> None:
    with breaking_off(s3_server, after) as way, monkeypatch.context() as broken:
        broken.setenv("AWS_ENDPOINT_URL", way)
        with pytest.raises(RequestError, match="cannot be reached, or refuses"):
            open_files(bucket, Path()).put(1, LETTER)
    store = open_files(bucket, Path())
    assert store.get(1, hash_of(LETTER)) is None
    store.put(1, LETTER)
    assert store.get(1, hash_of(LETTER)) == LETTER


def test_an_upload_that_breaks_off_does_not_spoil_the_file_that_is_there(bucket, s3_server, monkeypatch) -> None:
    name = open_files(bucket, Path()).put(1, LETTER)
    with breaking_off(s3_server, 4000) as way, monkeypatch.context() as broken:
        broken.setenv("AWS_ENDPOINT_URL", way)
        with pytest.raises(RequestError, match="cannot be reached, or refuses"):
            open_files(bucket, Path()).put(1, LETTER)
    store = open_files(bucket, Path())
    assert store.get(1, name) == LETTER
    assert store.put(1, LETTER) == name


def test_storage_that_cannot_be_told_to_write_nothing_over_is_asked_first(bucket, s3_server, monkeypatch) -> None:
    with without_conditions(s3_server) as (way, asked):
        monkeypatch.setenv("AWS_ENDPOINT_URL", way)
        store = open_files(bucket, Path())
        name, other = store.put(1, LETTER), store.put(1, LETTER + b"PS")
        assert (store.get(1, name), store.get(1, other)) == (LETTER, LETTER + b"PS")
        assert asked[-6:] == ["HEAD", "PUT", "HEAD", "PUT", "GET", "GET"]
        assert set(asked[:-6]) == {"PUT *"}
        store.put(1, LETTER)
        assert asked[-1] == "HEAD"


def test_what_is_large_is_kept_as_well(store) -> None:
    large = os.urandom(11 << 20)
    assert store.get(1, store.put(1, large)) == large


def test_a_damaged_file_is_not_given_out(tmp_path) -> None:
    store = open_files("", tmp_path)
    name = store.put(1, LETTER)
    (path,) = (tmp_path / "files").glob("*/*/*")
    path.write_bytes(LETTER[:-1])
    assert store.get(1, name) is None


def test_a_bucket_that_is_not_there_is_said(bucket) -> None:
    with pytest.raises(RequestError, match="There is no such bucket"):
        open_files("s3://nowhere/at-all", Path()).put(1, LETTER)


def test_storage_that_does_not_answer_is_said(bucket, monkeypatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    store = open_files(bucket, Path())
    for ask in (lambda: store.put(1, LETTER), lambda: store.get(1, "0" * 64), lambda: list(store.hashes(1))):
        with pytest.raises(RequestError, match="cannot be reached, or refuses"):
            ask()


def test_files_in_a_folder_are_for_their_owner_alone(tmp_path) -> None:
    open_files("", tmp_path).put(1, LETTER)
    (path,) = (tmp_path / "files").glob("*/*/*")
    assert (os.stat(path).st_mode & 0o777, os.stat(path.parent).st_mode & 0o777) == (0o600, 0o700)


def test_another_kind_of_place_is_refused(tmp_path) -> None:
    with pytest.raises(SettingsError, match="s3://bucket/prefix or as a folder"):
        open_files("ftp://somewhere/else", tmp_path)
