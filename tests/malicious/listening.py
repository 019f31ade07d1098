"""Inspect a bundle while an audit hook listens: `python -m tests.malicious.listening DIRECTORY`. What is heard is printed, and the answer is 1.

The hook stands in this process, which reads the files itself; a process of the program's own would be started with `subprocess.Popen`, which is
heard, too, and allowed for its own modules only.
"""

import sys
import tempfile
from pathlib import Path

from inspector import inspect, judge
from inspector.registry import load_registry

FORBIDDEN = frozenset({
    "os.system", "os.exec", "os.spawn", "os.posix_spawn", "os.fork", "os.forkpty", "pty.spawn", "pickle.find_class", "marshal.loads",
    "socket.connect", "socket.bind", "socket.getaddrinfo", "ctypes.dlopen", "urllib.Request", "code.__new__", "webbrowser.open", "shutil.rmtree",
})  # fmt: skip
OWN_ROOMS = (f"{tempfile.gettempdir()}/inspector-", "/dev/")  # where the program keeps what it unpacks, and devices
WRITING = 0x1 | 0x2  # O_WRONLY and O_RDWR
HEARD: list[str] = []
LISTENING: list[str] = []


def listen(event: str, arguments: tuple[object, ...]) -> None:
    """Note what must not happen: what runs code or opens connections, code or modules of the bundle, files that are written, other processes."""
    if not LISTENING:
        return
    told = repr(arguments)
    writes = event == "open" and isinstance(arguments[2], int) and arguments[2] & WRITING and not str(arguments[0]).startswith(OWN_ROOMS)
    foreign = event == "subprocess.Popen" and "inspector" not in told
    runs = event in {"exec", "compile"} or (event == "import" and LISTENING[0] in told)
    if event in FORBIDDEN or writes or foreign or runs:
        HEARD.append(f"{event} {told}"[:300])


def act() -> None:
    """Do what is forbidden, harmlessly, so that it is known to be heard."""
    for event in ("os.system", "pickle.find_class", "marshal.loads"):
        sys.audit(event, "true")
    exec("pass")  # noqa: S102  it is what the hook has to hear
    with tempfile.TemporaryFile() as file:
        file.write(b"x")


def main(place: str) -> int:
    """Inspect twice: what the program itself imports is loaded the first time."""
    load_registry()
    sys.addaudithook(listen)
    if place == "--try":
        LISTENING.append("bundle-under-test")
        act()
    else:
        judge(inspect([Path(place)]))
        LISTENING.append("bundle-under-test")
        judge(inspect([Path(place)]))
    LISTENING.clear()
    print("\n".join(HEARD) or "nothing was heard")
    return 1 if HEARD else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
