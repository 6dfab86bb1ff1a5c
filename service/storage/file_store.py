"""Finished documents by the hash of their content: in a folder, or in S3-compatible storage.

A file is there whole or not at all: written under another name, synced, then given its own.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol, TypeVar

from service.errors import Problem, RequestError, SettingsError
from service.storage.failpoints import reach

_HASH = re.compile(r"[0-9a-f]{64}")
_UNFINISHED = ".unfinished-"
_AT_ONCE = 16
_MOST_AT_ONCE = 1 << 20
"""Bytes that are put in one request; what has more is asked for first, and not sent for nothing."""
_NOT_IMPLEMENTED = "<Code>NotImplemented</Code>"
"""What storage answers whose maker does not know a PUT that writes nothing over."""
_T = TypeVar("_T")
_S = TypeVar("_S")


class FileStore(Protocol):
    """Where files are kept, apart by school."""

    def put(self, school: int, content: bytes) -> str:
        """Keep a file; its hash."""

    def get(self, school: int, name: str) -> bytes | None:
        """The content, None when there is no such file or it was damaged."""

    def has(self, school: int, name: str) -> bool:
        """Whether the file is there."""

    def missing(self, school: int, names: Iterable[str]) -> list[str]:
        """Those of some files that are not there."""

    def delete(self, school: int, name: str) -> None:
        """Take a file away; nothing happens when it is not there."""

    def hashes(self, school: int) -> Iterator[str]:
        """Every file of a school."""

    def clear_unfinished(self, older_than: int) -> int:
        """Take away what was begun so many seconds ago and never finished; how many there were."""

    def why_not(self) -> str:
        """Why files cannot be kept at the moment and what to do, or nothing when they can."""


def hash_of(content: bytes) -> str:
    """What a file is called: the SHA-256 of its content."""
    return hashlib.sha256(content).hexdigest()


def put_together(store: FileStore, school: int, contents: Sequence[bytes]) -> list[str]:
    """Keep many files at the same time: a disk that is asked to sync sixteen at once needs a fifth of the time."""
    return _at_once(lambda content: store.put(school, content), contents)


def _at_once(act: Callable[[_T], _S], things: Sequence[_T]) -> list[_S]:
    """Do the same to each of some things, to some at the same time; where one fails the others are done first."""
    if len(things) < 2:
        return list(map(act, things))

    def act_on(some: Sequence[_T]) -> list[_S]:
        return [act(one) for one in some]

    threads = _threads(os.getpid())
    parts = [threads.submit(act_on, things[place::_AT_ONCE]) for place in range(min(_AT_ONCE, len(things)))]
    wait(parts)
    done = [iter(part.result()) for part in parts]
    return [next(done[place % _AT_ONCE]) for place in range(len(things))]


@lru_cache(maxsize=1)
def _threads(_process: int) -> ThreadPoolExecutor:
    """Threads that stay, for to begin one takes longer than to keep a file; a process that was forked has none yet."""
    return ThreadPoolExecutor(_AT_ONCE, "files")


class FolderStore:
    """Files in a folder of this machine, or of one that several machines share."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, school: int, content: bytes) -> str:
        """Keep a file; its hash."""
        name = hash_of(content)
        path = self._path(school, name)
        unfinished = path.parent / f"{_UNFINISHED}{secrets.token_hex(8)}"
        try:
            with open(_begin(unfinished), "wb") as file:
                reach("file-begun")
                file.write(content)
                file.flush()
                reach("file-written")
                os.fsync(file.fileno())
            reach("file-synced")
            unfinished.replace(path)
        except BaseException:
            unfinished.unlink(missing_ok=True)
            raise
        _sync(path.parent)
        reach("file-named")
        return name

    def get(self, school: int, name: str) -> bytes | None:
        """The content, None when there is no such file or it was damaged."""
        try:
            return _as_kept(self._path(school, name).read_bytes(), name)
        except FileNotFoundError:
            return None

    def has(self, school: int, name: str) -> bool:
        """Whether the file is there."""
        return self._path(school, name).is_file()

    def missing(self, school: int, names: Iterable[str]) -> list[str]:
        """Those of some files that are not there."""
        return [name for name in names if not self.has(school, name)]

    def delete(self, school: int, name: str) -> None:
        """Take a file away."""
        self._path(school, name).unlink(missing_ok=True)

    def hashes(self, school: int) -> Iterator[str]:
        """Every file of a school."""
        found = sorted(self.folder.glob(f"{school}/*/*"))
        return (path.name for path in found if _HASH.fullmatch(path.name))

    def clear_unfinished(self, older_than: int) -> int:
        """Take away what was begun so many seconds ago and never finished; how many there were."""
        latest = time.time() - older_than
        found = [path for path in self.folder.glob(f"*/*/{_UNFINISHED}*") if path.stat().st_mtime <= latest]
        for path in found:
            path.unlink(missing_ok=True)
        return len(found)

    def why_not(self) -> str:
        """Why files cannot be kept at the moment and what to do, or nothing when they can."""
        there = next(folder for folder in (self.folder, *self.folder.absolute().parents) if folder.exists())
        if there.is_dir() and os.access(there, os.W_OK | os.X_OK):
            return ""
        return "The folder for letters cannot be written to. Check the setting FILES, and who may write there."

    def _path(self, school: int, name: str) -> Path:
        return self.folder / str(school) / name[:2] / name


class ObjectStore:
    """Files in S3-compatible storage. Not every maker's forgets an upload that broke off: size and hash are looked at.

    Every method raises RequestError when the storage cannot be reached or refuses.
    """

    def __init__(self, store: Any) -> None:
        self.store = store
        self._can_create = True

    def put(self, school: int, content: bytes) -> str:
        """Keep a file; its hash. One that is there whole is not written over."""
        name = hash_of(content)
        with _said():
            if not self._create(school, name, content) and self._size(school, name) != len(content):
                self.store.put(_key(school, name), content)
        reach("file-named")
        return name

    def _create(self, school: int, name: str, content: bytes) -> bool:
        """Put a file where there is none of its name, in one request; False where there is, or this cannot be asked."""
        from obstore.exceptions import AlreadyExistsError, GenericError

        if not self._can_create or len(content) > _MOST_AT_ONCE:
            return False
        try:
            self.store.put(_key(school, name), content, mode="create", use_multipart=False)
        except AlreadyExistsError:
            return False
        except GenericError as error:
            if _NOT_IMPLEMENTED not in str(error):
                raise
            self._can_create = False
            return False
        return True

    def get(self, school: int, name: str) -> bytes | None:
        """The content, None when there is no such file or it was damaged."""
        with _said():
            try:
                return _as_kept(bytes(self.store.get(_key(school, name)).bytes()), name)
            except FileNotFoundError:
                return None

    def has(self, school: int, name: str) -> bool:
        """Whether the file is there."""
        with _said():
            return self._size(school, name) is not None

    def missing(self, school: int, names: Iterable[str]) -> list[str]:
        """Those of some files that are not there; many are asked about at the same time."""
        asked = list(names)
        there = _at_once(lambda name: self.has(school, name), asked)
        return [name for name, is_there in zip(asked, there, strict=True) if not is_there]

    def delete(self, school: int, name: str) -> None:
        """Take a file away."""
        with _said(), suppress(FileNotFoundError):
            self.store.delete(_key(school, name))

    def hashes(self, school: int) -> Iterator[str]:
        """Every file of a school."""
        with _said():
            for some in self.store.list(prefix=f"{school}/"):
                yield from (item["path"].rsplit("/", 1)[-1] for item in some)

    def clear_unfinished(self, older_than: int) -> int:
        """Nothing is ever unfinished there."""
        return 0

    def why_not(self) -> str:
        """Why files cannot be kept at the moment and what to do, or nothing when they can."""
        try:
            next(self.hashes(0), None)  # no school has that number: it asks for nothing but an answer
        except RequestError as error:
            return error.problems[0].detail
        return ""

    def _size(self, school: int, name: str) -> int | None:
        try:
            return int(self.store.head(_key(school, name))["size"])
        except FileNotFoundError:
            return None


@contextmanager
def _said() -> Iterator[None]:
    """Storage that cannot do what it should is said in a sentence."""
    from obstore.exceptions import BaseError

    try:
        yield
    except FileNotFoundError as error:
        raise _trouble("There is no such bucket. Make it, or correct the setting FILES.") from error
    except BaseError as error:
        sentence = (
            "The storage for letters cannot be reached, or refuses. Check FILES and the AWS_… variables, and try again."
        )
        raise _trouble(sentence) from error


def _trouble(sentence: str) -> RequestError:
    return RequestError(
        "files-trouble", "The storage for letters could not do this", Problem("files-trouble", sentence)
    )


def _as_kept(content: bytes, name: str) -> bytes | None:
    """The content where it is what was kept under this name."""
    return content if hash_of(content) == name else None


def open_files(place: str, data: Path) -> FileStore:
    """The files of a setting: s3://bucket/prefix, or a folder; that of the data folder when it is empty.

    Credentials, region and endpoint come from the usual AWS_… variables. Raises SettingsError when it is neither.
    """
    if place.startswith("s3://"):
        return ObjectStore(_open_bucket(place))
    if "://" in place:
        sentence = "Write where files are kept as s3://bucket/prefix or as a folder."
        raise SettingsError(Problem("wrong-setting", sentence, column="FILES"))
    return FolderStore(Path(place) if place else data / "files")


def _open_bucket(place: str) -> Any:
    from obstore.store import S3Store  # a program that keeps files in a folder does without it

    is_plain = os.environ.get("AWS_ENDPOINT_URL", "").startswith("http://")
    retries: Any = {"max_retries": 4, "retry_timeout": timedelta(seconds=30)}
    return S3Store.from_url(place, client_options={"allow_http": is_plain}, retry_config=retries)


def _key(school: int, name: str) -> str:
    return f"{school}/{name[:2]}/{name}"


def _begin(path: Path) -> int:
    """A new file of the owner's, in a folder that is made where it is not there."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    try:
        return os.open(path, flags, 0o600)
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        for folder in path.parents[1:3]:
            _sync(folder)
        return os.open(path, flags, 0o600)


def _sync(folder: Path) -> None:
    """Make a new name last through a power cut, where the system can."""
    if hasattr(os, "O_DIRECTORY"):
        handle = os.open(folder, os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
