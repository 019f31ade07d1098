"""Files that act where they stand: programs, scripts under the names of data, files that tools run by themselves.

What it sees: the first bytes of programs for Windows, Linux and macOS and of scripts; `.pth` files with text; the names in the table.
What it says: an issue for each, with what runs it. A script under a script's name is what repositories are made of, and is none.
What it cannot know: what a program does.
Source: inspector/standards/placed-files.toml; Python, "site"; the formats PE, ELF and Mach-O.
"""

import re
from collections.abc import Iterator

from inspector.bundle import File
from inspector.detector import Format, Magic, Said, Wants, detector
from inspector.hazards.placed_files import find_placed
from inspector.model import Severity
from inspector.sightings import Sightings

ELF, WINDOWS, SCRIPT = b"\x7fELF", b"MZ", b"#!"
MACHO = (b"\xfe\xed\xfa\xce", b"\xfe\xed\xfa\xcf", b"\xce\xfa\xed\xfe", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe")
DATA = frozenset({
    *(".safetensors", ".gguf", ".onnx", ".ckpt", ".pt", ".bin", ".h5", ".npz", ".npy", ".tflite", ".pkl", ".model", ".json", ".csv", ".parquet"),
    *(".png", ".jpg", ".jpeg", ".pdf", ".md", ".yaml", ".yml", ".msgpack"),
})  # fmt: skip
SITE = re.compile(r"^import[ \t]", re.MULTILINE)
LARGEST = 1 << 20
SETTLE = "Do not run it, and do not open the directory with tools that do; ask the publisher what it is for."


@detector(
    "placed-files",
    wants=Wants(
        names=("sitecustomize.py", "usercustomize.py", "conftest.py", "tasks.json", "devcontainer.json", ".devcontainer.json", ".envrc"),
        suffixes=(".pth",),
        globs=("pre-*", "post-*", "commit-msg", "prepare-commit-msg"),
        magic=tuple(Magic(data) for data in (ELF, WINDOWS, SCRIPT, *MACHO)),
    ),
    formats=("windows-program", "elf-program", "mach-o-program"),
)
def placed_files(file: File) -> Iterator[Said]:
    """Look at the first bytes and at the name."""
    sightings = Sightings(file)
    if kind := _program(file):
        yield Format(f"{kind}-program")
        sightings.add("files.program", Severity.MEDIUM, "a compiled program or library: it acts when it is started or loaded", kind, (0, 4))
    elif file.head.startswith(SCRIPT) and file.suffix in DATA:
        message = "a script under a name that promises data: it acts when it is started by itself"
        sightings.add("files.script-as-data", Severity.HIGH, message, span=(0, 2))
    elif file.suffix == ".pth" and file.size <= LARGEST and b"\0" not in file.head and SITE.search(file.whole(LARGEST).decode("latin-1")):
        message = "a .pth file with import lines: Python runs them at every start, where the file lies among its packages"
        sightings.add("files.runs-by-itself", Severity.HIGH, message)
    elif (placed := find_placed(file.path)) is not None:
        has = not placed.needs or (file.size <= LARGEST and re.search(placed.needs, file.text) is not None)
        sightings.add("files.runs-by-itself", placed.severity if has else Severity.NOTE, placed.why)
    yield from sightings.issues(SETTLE)


def _program(file: File) -> str | None:
    """Name the format of a program; two letters are not enough for one of Windows."""
    head = file.head
    if head.startswith(ELF):
        return "elf"
    if head.startswith(MACHO):
        # The last of them is also the mark of Java's classes, which have a version of 45 or more in this place.
        return None if head.startswith(MACHO[-1]) and int.from_bytes(head[4:8], "big") >= 45 else "mach-o"
    if head.startswith(WINDOWS) and len(head) >= 64:
        place = int.from_bytes(head[60:64], "little")
        if 64 <= place <= file.size - 4 and file.read(place, 4) == b"PE\0\0":
            return "windows"
    return None
