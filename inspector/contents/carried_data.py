"""Texts of metadata that carry something: a program, an archive or a pickle, as it is or written in base64 or hexadecimal digits."""

import base64
import binascii
import re

from inspector.model import Severity
from inspector.observation import Observation

SHORTEST = 64  # characters of a text that is decoded
LONG_CODE = 4096  # characters in code that are remarked by their length alone
LARGE = 2**20
BASE64 = re.compile(r"[A-Za-z0-9+/_-]+={0,2}")
HEX = re.compile(r"(?:[0-9a-fA-F]{2})+")
PICTURES = ("data:image/", "data:audio/")
STARTS = {
    b"MZ": "a program",
    b"\x7fELF": "a program",
    b"\xcf\xfa\xed\xfe": "a program",
    b"PK\x03\x04": "an archive",
    b"\x1f\x8b\x08": "an archive",
    b"7z\xbc\xaf": "an archive",
    b"#!/": "a script",
}
PICKLE = re.compile(rb"\x80[\x02-\x05](?:[\x8c\x8d\x94\x95cX(}\]K]|\x80)")


def judge_text(text: str, size: int) -> Observation | None:
    """Say what a text of metadata carries; its beginning is enough, and `size` is that of the whole in bytes."""
    if text.startswith(PICTURES):
        return None
    raw = text[:64].encode("latin-1", "replace")
    if (what := _name_start(raw)) is not None and what != "an archive":
        return Observation("metadata.carries-code", Severity.HIGH, f"a text of the metadata is {what}")
    packed = "".join(text.split())
    if len(packed) >= SHORTEST and (form := _form(packed)) is not None:
        what = _name_start(_decode(packed[:SHORTEST], form))
        if what is not None:
            return Observation("metadata.carries-code", Severity.HIGH, f"a text of the metadata is {what}, written in {form}")
        if size >= LONG_CODE and len(set(packed[:LONG_CODE])) > 12:
            return Observation("metadata.encoded", Severity.LOW, f"a long text of the metadata is written in {form}, and nobody reads it")
    if size > LARGE:
        return Observation("metadata.oversized", Severity.LOW, "a text of the metadata is larger than 1 MiB")
    return None


def _form(packed: str) -> str | None:
    if HEX.fullmatch(packed):
        return "hexadecimal digits"
    return "base64" if BASE64.fullmatch(packed) else None


def _decode(packed: str, form: str) -> bytes:
    try:
        if form == "base64":
            return base64.b64decode(packed.translate(str.maketrans("-_", "+/")), validate=False)
        return bytes.fromhex(packed)
    except (binascii.Error, ValueError):
        return b""


def _name_start(data: bytes) -> str | None:
    if PICKLE.match(data):
        return "a pickle"
    return next((what for start, what in STARTS.items() if data.startswith(start) and (start != b"MZ" or b"\0" in data[:16])), None)
