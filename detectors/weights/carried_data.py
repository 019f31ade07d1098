"""Carried data: texts in the metadata of weights that are something else.

What it sees: the metadata of safetensors and GGUF files.
What it says: an issue where a text is a program, a script, an archive or a pickle, as it is or encoded; where it is long and encoded, or very large.
What it cannot know: what a long code means; whether a loader looks at it. Pictures as data addresses are known and not reported.
Source: the safetensors README, "Format"; the GGUF specification.
"""

from collections.abc import Iterator

from inspector.bundle import File
from inspector.contents.carried_data import SHORTEST, judge_text
from inspector.detector import Magic, Said, Wants, detector
from inspector.errors import Malformed
from inspector.sightings import Sightings
from inspector.weights.gguf_header import MAGIC, TEXT, open_header, read_values
from inspector.weights.safetensors_header import Header, read_entries

LARGEST = 16 * 2**20
KEPT = 1 << 16  # bytes of a text that are looked at
SETTLE = "Look at what it is; ask for the weights without it."


@detector("carried-data", wants=Wants(magic=(Magic(MAGIC), Magic(b'{"', 8))), formats=())
def carried_data(file: File) -> Iterator[Said]:
    """Judge each text by itself. What breaks the format is said by its own detector."""
    sightings = Sightings(file)
    try:
        for name, text, size in _in_gguf(file) if file.head.startswith(MAGIC) else _in_safetensors(file):
            if (seen := judge_text(text, size)) is not None:
                sightings.add(seen.rule, seen.severity, seen.message, name)
    except Malformed:
        pass
    yield from sightings.issues(SETTLE)


def _in_gguf(file: File) -> Iterator[tuple[str, str, int]]:
    cursor, header, _, keys = open_header(file)
    read_values(cursor, header, keys)
    for key, value in header.values.items():
        start = value.begin + 4 + cursor.word.size
        size = value.end - start
        if value.kind == TEXT and size >= SHORTEST:
            yield key, file.read(start, min(size, KEPT)).decode("utf-8", "replace"), size


def _in_safetensors(file: File) -> Iterator[tuple[str, str, int]]:
    length = int.from_bytes(file.read(0, 8), "little")
    if not 0 < length <= min(LARGEST, file.size - 8) or b'"__metadata__"' not in (data := file.read(8, length)):
        return
    header = Header()
    for _ in read_entries(data, header):
        pass
    for key, text in header.metadata.items():
        if len(text) >= SHORTEST:
            yield f"__metadata__/{key}", text[:KEPT], len(text)
