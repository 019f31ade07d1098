"""Two formats in one file: an archive at the end of what begins as something else.

What it sees: files that begin as a model, an image, a document, a page, a program or a script.
What it says: an issue where the same file ends as a zip archive with members, so that a reader of archives opens what a reader of the first format
never shows. A program that carries a GGUF model is a llamafile, which is a note.
What it cannot know: what the second reader would do with it. TFLite models with files behind them are known and are read by their detector.
Source: PKWARE's APPNOTE, 4.3: a zip archive is found from its end; Mozilla's llamafile.
"""

from collections.abc import Iterator

from inspector.bundle import File
from inspector.detector import Magic, Said, Wants, detector
from inspector.model import Severity
from inspector.sightings import Sightings

FIRST = {
    b"GGUF": "a GGUF model",
    b"\x89HDF\r\n\x1a\n": "an HDF5 file",
    b"\x93NUMPY": "an array",
    b"%PDF": "a PDF document",
    b"GIF8": "a picture",
    b"\x89PNG\r\n": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"<html": "a page",
    b"<!DOCTYPE": "a page",
    b"<!doctype": "a page",
    b"MZ": "a program",
    b"\x7fELF": "a program",
    b"#!": "a script",
}
SAFETENSORS = Magic(b'{"', 8)
END, ENTRY = b"PK\x05\x06", b"PK\x01\x02"
TAIL = 22 + 0xFFFF
LARGEST_LIST = 4 * 2**20
SETTLE = "Open neither until it is known why: ask the publisher for the parts as files of their own."


@detector("second-format", wants=Wants(magic=(*(Magic(data) for data in FIRST), SAFETENSORS)), formats=())
def second_format(file: File) -> Iterator[Said]:
    """Look for the directory of an archive at the end."""
    begins = [name for data, name in FIRST.items() if file.head.startswith(data)]
    first = begins[0] if begins else "a safetensors file" if SAFETENSORS.stands_in(file.head) else None
    found = _find_list(file)
    if first is None or found is None:
        return
    start, size = found
    names = file.read(start, size)
    sightings = Sightings(file)
    if first in {"a program", "a script"} and b".gguf" in names.lower():
        sightings.add(
            "files.second-format", Severity.NOTE, "a llamafile: a program that carries its model in an archive", span=(start, start + size)
        )
    else:
        message = f"it begins as {first} and ends as a zip archive: what is opened depends on the reader"
        sightings.add("files.second-format", Severity.MEDIUM, message, span=(start, start + size))
    yield from sightings.issues(SETTLE)


def _find_list(file: File) -> tuple[int, int] | None:
    """Find the directory of an archive: its place and size in bytes. An archive without members is none."""
    length = min(file.size, TAIL)
    tail = file.read(file.size - length, length)
    at = tail.rfind(END)
    while at >= 0:
        if at + 22 <= length and at + 22 + int.from_bytes(tail[at + 20 : at + 22], "little") == length:
            size = int.from_bytes(tail[at + 12 : at + 16], "little")
            start = file.size - length + at - size
            if 46 <= size <= LARGEST_LIST and start >= 0 and file.read(start, 4) == ENTRY:
                return start, size
        at = tail.rfind(END, 0, at)
    return None
