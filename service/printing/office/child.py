"""One LibreOffice, driven over a UNO pipe, for as long as somebody holds this program's input open.

Runs under the system's Python, the one that has the UNO bindings, so it imports nothing but the standard library.
Started with one JSON argument: {"soffice", "folder", "seconds_to_start", "most_file"}. It leads its own
process group, LibreOffice is in it too, and `folder` is thrown away with it. Speaks lines of JSON:

    <- {"ready": "7.4.7.2"}
    -> {"source": "letter.docx", "target": "letter.pdf", "export": {…}}
    <- {"done": "letter.pdf"}        or {"failed": "load" | "export", "why": "…"}
    -> {"check": "alive"}            asked after a failure; a LibreOffice that has ended gives no answer
    <- {"alive": "7.4.7.2"}
"""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import json
import os
import resource
import select
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

CLONE_NEWUSER = 0x10000000
CLONE_NEWNET = 0x40000000
PR_SET_PDEATHSIG = 1
PIPE_FOLDERS = ("/tmp", "/var/tmp")  # noqa: S108 - where LibreOffice puts its sockets, whatever TMPDIR says
NEVER_RUN_MACROS = 0
NEVER_UPDATE_LINKS = 0
FLAGS = "headless invisible nocrashreport nodefault nologo nofirststartwizard norestore nolockcheck"
# What a document may make this LibreOffice do: nothing but be laid out.
PROFILE: dict[str, dict[str, bool | int]] = {
    "/org.openoffice.Office.Common/Security/Scripting": {
        "BlockUntrustedRefererLinks": True,
        "DisableMacrosExecution": True,
        "DisableActiveContent": True,
        "MacroSecurityLevel": 3,
    },
    "/org.openoffice.Office.Writer/Content/Update": {"Link": 2, "Field": True, "Chart": False},
    "/org.openoffice.Office.Java/VirtualMachine": {"Enable": False},
    "/org.openoffice.Office.Recovery/AutoSave": {"Enabled": False},
    "/org.openoffice.Office.Recovery/RecoveryInfo": {"Enabled": False},
    "/org.openoffice.Office.Common/Save/Document": {"AutoSave": False, "CreateBackup": False},
    "/org.openoffice.Office.Common/Misc": {
        "FirstRun": False,
        "ShowTipOfTheDay": False,
        "CollectUsageInformation": False,
    },
    "/org.openoffice.Office.Common/History": {"PickListSize": 0},
}


def main() -> None:
    """Serve until the input closes, then end this process group and everything in it."""
    settings = json.loads(sys.argv[1])
    folder = Path(settings["folder"])
    pipe = f"letters{os.getpid()}x{os.urandom(6).hex()}"
    watch_over(folder, pipe)
    leave_the_network()
    write_profile(folder)
    office = start_office(settings, folder, pipe)
    threading.Thread(target=end_with, args=(office,), daemon=True).start()
    context = connect(pipe, settings["seconds_to_start"])
    frame = open_frame(context)
    say({"ready": office_version(context)})
    for line in sys.stdin:
        job = json.loads(line)
        if "check" in job:
            say({"alive": office_version(context)})
        else:
            convert(frame, folder, job)
    os.killpg(0, signal.SIGKILL)


def watch_over(folder: Path, pipe: str) -> None:
    """Fork a guard that ends the group when this program's input closes or this program dies, however it dies."""
    group = os.getpid()
    alive, ours = os.pipe()  # closed by the kernel with this program; nothing started later inherits it
    if os.fork():
        os.close(alive)
        return
    os.close(ours)
    os.setpgid(0, 0)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    waiting = select.poll()
    for end in (0, alive):
        waiting.register(end, 0)  # only the hanging up of the other side is of interest
    waiting.poll()
    with contextlib.suppress(ProcessLookupError):
        os.killpg(group, signal.SIGKILL)
    clear_away(folder, pipe)
    os._exit(0)


def clear_away(folder: Path, pipe: str) -> None:
    """Remove the folder and the sockets that a killed LibreOffice leaves in the temporary folder."""
    digest = hashlib.md5(profile_url(folder).encode("utf-16-le"), usedforsecurity=False).digest()
    single = "SingleOfficeIPC_" + "".join(f"{byte:x}" for byte in digest)
    for name in (pipe, single):
        for sockets in PIPE_FOLDERS:
            for left in Path(sockets).glob(f"OSL_PIPE_*{name}"):
                left.unlink(missing_ok=True)
    for _ in range(50):  # the killed processes may still be writing
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            return
        time.sleep(0.1)


def leave_the_network() -> None:
    """Enter a network of our own in which there is nothing, where the kernel allows it; the profile holds without."""
    trial = os.fork() if sys.platform.startswith("linux") else None
    if trial == 0:  # a copy of us tries it first: half-way there nothing would work any more
        with contextlib.suppress(OSError):
            enter_empty_network()
            os._exit(0)
        os._exit(1)
    if trial and os.waitpid(trial, 0)[1] == 0:
        enter_empty_network()


def enter_empty_network() -> None:
    """Raises OSError where the kernel does not allow it."""
    system = ctypes.CDLL(None, use_errno=True)
    if system.unshare(CLONE_NEWNET) == 0:
        return
    user, group = os.getuid(), os.getgid()
    if system.unshare(CLONE_NEWUSER | CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), "no network of our own")
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
    Path("/proc/self/gid_map").write_text(f"{group} {group} 1")


def profile_url(folder: Path) -> str:
    """Where LibreOffice finds its profile, as it wants to be told."""
    return (folder / "profile").as_uri()


def write_profile(folder: Path) -> None:
    """Write the settings into a new profile before LibreOffice first reads it."""
    items = [
        f'<item oor:path="{path}"><prop oor:name="{name}" oor:op="fuse">'
        f"<value>{str(value).lower()}</value></prop></item>"
        for path, values in PROFILE.items()
        for name, value in values.items()
    ]
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<oor:items xmlns:oor="http://openoffice.org/2001/registry" '
        'xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"{''.join(items)}</oor:items>"
    )
    user = folder / "profile" / "user"
    user.mkdir(parents=True)
    (user / "registrymodifications.xcu").write_text(text, encoding="utf-8")


def start_office(settings: dict[str, Any], folder: Path, pipe: str) -> subprocess.Popen[bytes]:
    """LibreOffice, listening on the pipe, in this process group."""

    def bind_limits() -> None:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (settings["most_file"], settings["most_file"]))
        if sys.platform.startswith("linux"):
            ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)

    command = [
        settings["soffice"],
        *(f"--{flag}" for flag in FLAGS.split()),
        f"-env:UserInstallation={profile_url(folder)}",
    ]
    return subprocess.Popen(  # noqa: S603 - the program of the settings
        [*command, f"--accept=pipe,name={pipe};urp;"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        preexec_fn=bind_limits,
    )


def end_with(office: subprocess.Popen[bytes]) -> None:
    """End this group as soon as LibreOffice has ended, so that whoever asks next knows at once."""
    office.wait()
    os.killpg(0, signal.SIGKILL)


def connect(pipe: str, seconds: float) -> Any:
    """The remote component context, once LibreOffice listens."""
    import uno  # type: ignore[import-not-found]
    from com.sun.star.connection import NoConnectException  # type: ignore[import-not-found]

    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    until = time.monotonic() + seconds
    while True:
        try:
            return resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except NoConnectException:
            if time.monotonic() > until:
                sys.exit("LibreOffice did not answer")
            time.sleep(0.02)


def office_version(context: Any) -> str:
    """LibreOffice's own version, as "7.4.7.2"."""
    provider = context.ServiceManager.createInstance("com.sun.star.configuration.ConfigurationProvider")
    node = provider.createInstanceWithArguments(
        "com.sun.star.configuration.ConfigurationAccess", values(nodepath="/org.openoffice.Setup/Product")
    )
    return str(node.getByName("ooSetupVersionAboutBox"))


def open_frame(context: Any) -> Any:
    """The one window, never shown, that every document is loaded into; without the menus and bars that cost time."""
    import uno
    from com.sun.star.awt.WindowClass import TOP  # type: ignore[import-not-found]

    services = context.ServiceManager
    window = uno.createUnoStruct("com.sun.star.awt.WindowDescriptor")
    window.Type, window.WindowServiceName, window.ParentIndex = TOP, "window", -1
    toolkit = services.createInstanceWithContext("com.sun.star.awt.Toolkit", context)
    frame = services.createInstanceWithContext("com.sun.star.frame.Frame", context)
    frame.initialize(toolkit.createWindow(window))
    frame.LayoutManager = None
    services.createInstanceWithContext("com.sun.star.frame.Desktop", context).getFrames().append(frame)
    return frame


def values(**named: Any) -> tuple[Any, ...]:
    """UNO's property values."""
    import uno

    made = []
    for name, value in named.items():
        one = uno.createUnoStruct("com.sun.star.beans.PropertyValue")
        one.Name, one.Value = name, value
        made.append(one)
    return tuple(made)


def convert(frame: Any, folder: Path, job: dict[str, Any]) -> None:
    """Load the DOCX, export the PDF, say what came of it, and only then close: nobody has to wait for that."""
    import uno
    from com.sun.star.lang import DisposedException  # type: ignore[import-not-found]
    from com.sun.star.uno import Exception as UnoException  # type: ignore[import-not-found]

    how = values(
        Hidden=True,
        ReadOnly=True,
        FilterName="MS Word 2007 XML",
        MacroExecutionMode=NEVER_RUN_MACROS,
        UpdateDocMode=NEVER_UPDATE_LINKS,
    )
    doing = "load"
    try:
        document = frame.loadComponentFromURL((folder / job["source"]).as_uri(), "_self", 0, how)
        if document is None:
            say({"failed": doing, "why": "LibreOffice could not read it"})
            return
        doing = "export"
        try:
            export = uno.Any("[]com.sun.star.beans.PropertyValue", values(**job["export"]))
            to = values(FilterName="writer_pdf_Export", FilterData=export)
            document.storeToURL((folder / job["target"]).as_uri(), to)
            say({"done": job["target"]})
            doing = "close"
        finally:
            frame.setComponent(None, None)
            document.close(True)
    except DisposedException:  # LibreOffice has ended: that says nothing about the document
        os.killpg(0, signal.SIGKILL)
        raise
    except UnoException as error:
        if doing == "close":  # the letter is done; a LibreOffice that cannot close it is not used again
            os.killpg(0, signal.SIGKILL)
        say({"failed": doing, "why": f"{type(error).__name__}: {error.Message}"})


def say(answer: dict[str, Any]) -> None:
    """Write one answer as a line of JSON."""
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
