"""The ZIP of a Word document: read with care, written again with only its changed parts packed anew."""

from __future__ import annotations

import itertools
import struct
import zlib
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from service.errors import Problem, TemplateError
from service.word.deflate import checksum, deflate

MAX_PACKED = 20_000_000  # bytes of the file as it arrives
MAX_UNPACKED = 50_000_000  # bytes of all its parts together
MAX_ENTRIES = 2_000
MAX_RATIO = 200  # XML that Word writes packs 10 to 60 to 1; a bomb a thousand to 1
RATIO_MATTERS_FROM = 1_000_000  # bytes unpacked
PEEKED = 64  # bytes that show what a part is

STORED, DEFLATED = 0, 8
ENCRYPTED = 0x0001
UTF8_NAME = 0x0800
NEW_YEAR_1980 = 0x0021  # the same input has to give the same bytes, so no entry carries the time of filling
LOCAL = struct.Struct("<4s5H3L2H")
CENTRAL = struct.Struct("<4s6H3L5H2L")
END = struct.Struct("<4s4H2LH")
END_WITH_LONGEST_COMMENT = END.size + 65_535


@dataclass(frozen=True, slots=True)
class Entry:
    """One part as it lies in the ZIP: still packed, with the sum and size of its unpacked bytes."""

    name: str
    method: int
    crc: int
    size: int
    packed: bytes
    start: int


@dataclass(frozen=True, slots=True)
class Package:
    """The parts of a Word document in their order, not yet unpacked."""

    entries: tuple[Entry, ...]

    @classmethod
    def open(cls, content: bytes) -> Package:
        """The package in these bytes; TemplateError with what is wrong with the ZIP, before anything is unpacked."""
        entries = _read_directory(content)
        problems = [*_name_problems(entries), *_size_problems(entries), *_overlap_problems(entries)]
        if problems:
            raise TemplateError(problems)
        return cls(tuple(entry for entry in entries if not entry.name.endswith("/")))

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the parts, in the order of the file."""
        return tuple(entry.name for entry in self.entries)

    def read(self, name: str) -> bytes:
        """One part unpacked; TemplateError when its bytes are not as declared, KeyError when it is absent."""
        for entry in self.entries:
            if entry.name == name:
                return _unpack(entry)
        raise KeyError(name)

    def peek(self, name: str) -> bytes:
        """The first bytes of a part, without unpacking the rest; none where it is damaged."""
        entry = next(entry for entry in self.entries if entry.name == name)
        if entry.method == STORED:
            return entry.packed[:PEEKED]
        with suppress(zlib.error):
            return zlib.decompressobj(-zlib.MAX_WBITS).decompress(entry.packed[: 4 * PEEKED], PEEKED)
        return b""


class PackageWriter:
    """Writes one package again and again with other contents for the same few parts.

    What stays the same (local headers, packed bytes, directory) is laid out once. The changing parts stand last.
    """

    def __init__(self, package: Package, changing: Sequence[str]) -> None:
        kept = [entry for entry in package.entries if entry.name not in set(changing)]
        offset, body, directory = 0, [], []
        for entry in kept:
            local, central = _headers(entry.name, entry.method)
            directory.append(central(entry.crc, len(entry.packed), entry.size, offset))
            body += [local(entry.crc, len(entry.packed), entry.size), entry.packed]
            offset += len(body[-2]) + len(body[-1])
        self._body = b"".join(body)
        self._directory = b"".join(directory)
        self._changing = tuple(_headers(name, DEFLATED) for name in changing)
        self._latest = [(b"", deflate(b""), checksum(b""))] * len(self._changing)  # a letterhead is the same in each
        self._count = len(kept) + len(changing)

    def write(self, contents: Sequence[bytes]) -> bytes:
        """The bytes of the file with these contents, one for each changing part in the order they were named."""
        body, directory, offset = [self._body], [self._directory], len(self._body)
        for place, ((local, central), content) in enumerate(zip(self._changing, contents, strict=True)):
            latest, packed, crc = self._latest[place]
            if content != latest:
                packed, crc = deflate(content), checksum(content)
                self._latest[place] = content, packed, crc
            header = local(crc, len(packed), len(content))
            directory.append(central(crc, len(packed), len(content), offset))
            body += (header, packed)
            offset += len(header) + len(packed)
        index = b"".join(directory)
        end = END.pack(b"PK\5\6", 0, 0, self._count, self._count, len(index), offset, 0)
        return b"".join((*body, index, end))


SMALLEST, FASTEST = 9, 1  # zlib's levels


def write_parts(parts: Mapping[str, bytes], level: int = SMALLEST) -> bytes:
    """A DOCX with these parts; equal parts in equal order give equal bytes."""
    entries = []
    for name, content in parts.items():
        packer = zlib.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS)
        packed = packer.compress(content) + packer.flush()
        entries.append(Entry(name, DEFLATED, zlib.crc32(content), len(content), packed, 0))
    return PackageWriter(Package(tuple(entries)), ()).write(())


Header = Callable[..., bytes]


def _headers(name: str, method: int) -> tuple[Header, Header]:
    """Two functions for one entry: (crc, packed, size) -> local header, the same and the offset -> directory line."""
    raw = name.encode()
    flags = 0 if name.isascii() else UTF8_NAME

    def local(crc: int, packed: int, size: int) -> bytes:
        return LOCAL.pack(b"PK\3\4", 20, flags, method, 0, NEW_YEAR_1980, crc, packed, size, len(raw), 0) + raw

    def central(crc: int, packed: int, size: int, offset: int) -> bytes:
        fields = (20, 20, flags, method, 0, NEW_YEAR_1980, crc, packed, size, len(raw), 0, 0, 0, 0, 0, offset)
        return CENTRAL.pack(b"PK\1\2", *fields) + raw

    return local, central


def _refuse(code: str, detail: str) -> TemplateError:
    return TemplateError(Problem(code, detail))


def _read_directory(content: bytes) -> list[Entry]:
    """Every entry of the ZIP's directory, in its order."""
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise _refuse(
            "old-or-locked-document",
            "This is an old .doc file or a Word document with a password: open it in Word, take the password off, "
            "and save it as a Word Document (.docx).",
        )
    if not content.startswith(b"PK\3\4"):
        raise _refuse("not-a-word-document", "This is not a Word Document (.docx): save it as one in Word.")
    if len(content) > MAX_PACKED:
        raise _refuse(
            "document-too-large",
            f"The file has {len(content):,} bytes, the limit is {MAX_PACKED:,}: use smaller pictures.",
        )
    count, size, start = _find_directory(content)
    entries, position = [], start
    for _ in range(count):
        entry, position = _read_entry(content, position)
        entries.append(entry)
    if position != start + size:
        raise _damaged()
    return entries


def _damaged() -> TemplateError:
    return _refuse("damaged-document", "The file is damaged: open it in Word and save it again.")


def _find_directory(content: bytes) -> tuple[int, int, int]:
    """How many entries the directory has, its length and where it starts."""
    position = content.rfind(b"PK\5\6", max(0, len(content) - END_WITH_LONGEST_COMMENT))
    if position < 0 or position + END.size > len(content):
        raise _damaged()
    _, disk, first_disk, here, count, size, start, _ = END.unpack_from(content, position)
    if count > MAX_ENTRIES:
        raise _refuse("too-many-parts", f"The file has {count:,} parts, the limit is {MAX_ENTRIES:,}.")
    if disk or first_disk or here != count or start + size != position:
        raise _damaged()
    return count, size, start


def _read_entry(content: bytes, position: int) -> tuple[Entry, int]:
    """The entry whose directory line stands at `position`, and where the next line starts."""
    try:
        (signature, _, _, flags, method, _, _, crc, packed, size, name_length, extra, comment, _, _, _, offset) = (
            CENTRAL.unpack_from(content, position)
        )
        local_signature, *_, local_name_length, local_extra = LOCAL.unpack_from(content, offset)
    except struct.error:
        raise _damaged() from None
    name_start = position + CENTRAL.size
    raw = content[name_start : name_start + name_length]
    local_start = offset + LOCAL.size
    start = local_start + local_name_length + local_extra
    if signature != b"PK\1\2" or local_signature != b"PK\3\4" or start + packed > len(content):
        raise _damaged()
    if content[local_start : local_start + local_name_length] != raw:  # two readers would see two files
        raise _damaged()
    if flags & ENCRYPTED or method not in (STORED, DEFLATED):
        raise _refuse(
            "unreadable-part",
            "A part of the file is locked or packed in a way Word does not use: save it again in Word.",
        )
    try:
        name = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise _damaged() from None
    entry = Entry(name, method, crc, size, content[start : start + packed], offset)
    return entry, name_start + name_length + extra + comment


def _name_problems(entries: Collection[Entry]) -> list[Problem]:
    """Names that lead out of the package, and names that stand twice (Word and we might read different ones)."""
    names = [entry.name for entry in entries]
    problems = [
        Problem("unsafe-part-name", f"A part of the file has an unsafe name ({name[:60]!r}): save it again in Word.")
        for name in names
        if name.startswith("/") or {"..", "."} & set(name.split("/")) or any(mark in name for mark in "\\:\0")
    ]
    twice = sorted(name for name, count in Counter(name.lower() for name in names).items() if count > 1)
    return problems + [
        Problem("part-stands-twice", f"The part {name[:60]!r} is in the file twice: save it again in Word.")
        for name in twice
    ]


def _size_problems(entries: Collection[Entry]) -> list[Problem]:
    """What the directory itself declares to be too large."""
    unpacked = sum(entry.size for entry in entries)
    if unpacked > MAX_UNPACKED:
        limit = f"{unpacked:,} bytes when unpacked, the limit is {MAX_UNPACKED:,}"
        return [Problem("document-too-large", f"The file has {limit}: use smaller pictures.")]
    return [
        Problem("packed-too-tightly", f"The part {entry.name[:60]!r} unpacks to more than {MAX_RATIO} times its size.")
        for entry in entries
        if entry.size > RATIO_MATTERS_FROM and entry.size > MAX_RATIO * len(entry.packed)
    ]


def _overlap_problems(entries: Collection[Entry]) -> list[Problem]:
    """Entries that share bytes: a small file could so declare any amount."""
    spans = sorted((entry.start, entry.start + LOCAL.size + len(entry.packed)) for entry in entries)
    starts_first = not spans or spans[0][0] == 0
    if starts_first and all(end <= following for (_, end), (following, _) in itertools.pairwise(spans)):
        return []
    return [Problem("overlapping-parts", "Parts of the file overlap: open it in Word and save it again.")]


def _unpack(entry: Entry) -> bytes:
    if entry.method == STORED:
        content = entry.packed
    else:
        unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            content = unpacker.decompress(entry.packed, entry.size + 1)  # never more than was declared
        except zlib.error:
            raise _damaged() from None
    if len(content) != entry.size or zlib.crc32(content) != entry.crc:
        raise _damaged()
    return content
