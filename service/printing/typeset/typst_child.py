"""The program that sets letters: a process of its own that can be killed, with nothing of the service in it.

It is started by the path of this file. What it is asked comes on its standard input and what it answers goes to its
standard output, each as JSON with four bytes of its length before it, then the PDF in the same way.
"""

from __future__ import annotations

import json
import signal
import struct
import sys
from typing import Any, BinaryIO

import typst

EMPTY_COMPILES = 3  # Typst keeps what the last compiles used; these let it go
KEPT_BELOW = 40_000  # bytes of source that need not be let go


def main() -> None:
    """Answer until nothing more is asked."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the program that asks, which ends us
    asked, answers = sys.stdin.buffer, sys.stdout.buffer
    compilers: dict[str, Any] = {}
    while (header := _read(asked)) is not None:
        request = json.loads(header)
        try:
            answer, content = _answer(request, compilers)
        except typst.TypstError as error:
            answer, content = {"fault": error.message, "hints": error.hints}, b""
        except BaseException as error:  # a panic of Typst's is no Exception; the compiler works on after it
            if isinstance(error, KeyboardInterrupt | SystemExit):
                raise
            answer, content = {"fault": "", "panic": type(error).__name__}, b""
        said = json.dumps(answer).encode()
        # at once: whoever waits is woken once
        answers.write(b"".join((struct.pack(">L", len(said)), said, struct.pack(">L", len(content)), content)))
        answers.flush()
        if len(request.get("main", "")) > KEPT_BELOW:
            for compiler in compilers.values():
                _forget(compiler)


def _read(source: BinaryIO) -> bytes | None:
    length = source.read(4)
    if len(length) < 4:
        return None
    return source.read(struct.unpack(">L", length)[0])


def _answer(request: dict[str, Any], compilers: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    if request["do"] == "list fonts":
        fonts = typst.Fonts(include_system_fonts=True, include_embedded_fonts=False).fonts()
        names = ("family", "style", "weight", "stretch", "path", "index")
        return {"fonts": [{name: getattr(one, name) for name in names} for one in fonts if one.path]}, b""
    folder = request["folder"]
    if folder not in compilers:
        compilers[folder] = _open(folder, request["fonts"])
    pdf = compilers[folder].compile(
        input={"main.typ": request["main"].encode()},
        format="pdf",
        pdf_standards=request["standards"],
        pdf_tags=request["tags"],
        timestamp=0,
    )
    return {}, pdf


def _open(folder: str, fonts: str) -> Any:
    """A compiler that reads nothing outside its folder and draws with nothing but these fonts."""
    faces = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[fonts])
    return typst.Compiler(root=folder, font_paths=faces, package_path=folder, package_cache_path=folder)


def _forget(compiler: Any) -> None:
    for _ in range(EMPTY_COMPILES):
        compiler.compile(input={"main.typ": b""}, format="pdf", timestamp=0)


if __name__ == "__main__":
    main()
