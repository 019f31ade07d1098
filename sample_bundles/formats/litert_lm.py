"""Small bundles of LiteRT: a file of sections, and a zip of a model and its tokenizer."""

import io
import struct
import zipfile
from collections.abc import Mapping, Sequence

from sample_bundles.formats.tflite import MODEL

BLOCK = 16 * 1024
MODEL_KIND, TOKENIZER_KIND = 3, 4


def header(sections: Sequence[tuple[int, int, int]]) -> bytes:
    """Write the header's tables by hand: of each section where it begins and ends, and its kind."""
    data = bytearray(struct.pack("<I", 12) + struct.pack("<4H", 8, 12, 0, 4))  # the root, and its list of fields: one table
    data += struct.pack("<iII", 8, 4, 0)  # the root table leads to the table of sections
    data[20:24] = struct.pack("<I", 0)
    data += struct.pack("<3HH", 6, 8, 4, 0)
    place = len(data)
    data[16:20] = struct.pack("<I", place - 16)
    data += struct.pack("<iI", 8, 4)
    vector = len(data)
    data += struct.pack("<I", len(sections)) + bytes(4 * len(sections))
    for number, (start, end, kind) in enumerate(sections):
        listing = len(data)
        data += struct.pack("<6H", 12, 24, 0, 8, 16, 4)
        table = len(data)
        data += struct.pack("<iB3xQQ", table - listing, kind, start, end)
        data[vector + 4 + 4 * number : vector + 8 + 4 * number] = struct.pack("<I", table - (vector + 4 + 4 * number))
    return bytes(data)


def litert_lm_bytes(parts: Sequence[tuple[int, bytes]], *, shift: int = 0) -> bytes:
    """Write a file of sections, each a kind and its bytes; `shift` moves what the header says of their ends."""
    places, at = list[tuple[int, int, int]](), BLOCK
    for kind, data in parts:
        places.append((at, at + len(data) + shift, kind))
        at += -(-len(data) // BLOCK) * BLOCK
    tables = header(places)
    out = b"LITERTLM" + struct.pack("<III4xQ", 1, 0, 0, 32 + len(tables)) + tables
    for (start, _, _), (_, data) in zip(places, parts, strict=True):
        out = out.ljust(start, b"\0") + data
    return out


def task_bytes(members: Mapping[str, bytes]) -> bytes:
    """Write a zip of members, none of them packed."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name), data)
    return stream.getvalue()


LITERT = litert_lm_bytes([(TOKENIZER_KIND, b"a tokenizer"), (MODEL_KIND, MODEL)])
TASK = task_bytes({"TF_LITE_PREFILL_DECODE": MODEL, "TOKENIZER_MODEL": b"a tokenizer", "METADATA": b"\x08\x01"})
FILES: dict[str, str | bytes] = {"model.litertlm": LITERT, "model.task": TASK}
