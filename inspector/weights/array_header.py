"""The header of a numpy array on its own: dtype and shape, read as text and never evaluated. Source: numpy's description of the `.npy` format.

numpy reads it as a literal of Python. What its writers write is read the same way here, to the last of two equal keys; other spellings of
literals (escapes, comments, texts that are joined) are refused, so that none of them says one thing here and another there.
"""

import json
import re
from collections.abc import Iterator
from math import prod
from typing import NamedTuple

from inspector.errors import Malformed
from inspector.pickles.symbols import DTYPES, SIZES
from inspector.serialization.strict_json import Json

MAGIC = b"\x93NUMPY"
LONGEST = 1 << 16  # bytes
CODE = re.compile(r"[<>=|]?([^<>=|].{0,31})")
TOKEN = re.compile(r"""\s*(?:'([^'\\\n]*)'|"([^"\\\n]*)"|(\d{1,18})L?(?!\w)|(True|False)\b|([{}()\[\],:]))""")
IN_JSON = {"True": "true", "False": "false", "(": '{"tuple":[', ")": "]}"}
WIDE = re.compile(r"(?:text )?([USV])(\d{1,9})")  # texts and bytes of no kind: bfloat16 is `V2`
OBJECT = re.compile(r"O|object")  # in no other dtype's name or code


class ArrayHeader(NamedTuple):
    """An array's dtype in our words (`records` for structures, `objects` for pickled ones), its shape, and where its elements begin (bytes)."""

    dtype: str
    shape: tuple[int, ...]
    start: int

    @property
    def size(self) -> int | None:
        """Compute the size of the elements in bytes; `None` for a dtype that is not known, as structures and objects are."""
        wide = WIDE.fullmatch(self.dtype)
        width = SIZES.get(self.dtype) if wide is None else int(wide[2]) * (4 if wide[1] == "U" else 1)
        return None if width is None else prod(self.shape) * width


def read_array_header(head: bytes) -> ArrayHeader:
    """Read the header from the first bytes of an array.

    Raises Malformed where they are none.
    """
    if not head.startswith(MAGIC) or len(head) < 12 or head[6] not in {1, 2, 3}:
        raise Malformed("no numpy array")
    width = 2 if head[6] == 1 else 4
    length = int.from_bytes(head[8 : 8 + width], "little")
    start = 8 + width + length
    if length > LONGEST or start > len(head):
        raise Malformed(f"truncated: the header of an array has {length} bytes")
    descr, shape = _read_literal(head[8 + width : start].decode("latin-1"))
    return ArrayHeader(_word(descr), shape, start)


def _read_literal(text: str) -> tuple[Json, tuple[int, ...]]:
    """Read the mapping that a header is."""
    try:
        header: Json = json.loads(_write_json(text.rstrip()))
    except (ValueError, RecursionError) as error:
        raise Malformed(f"the header of an array cannot be read: {text[:80]!r}") from error
    match header:
        case {"descr": descr, "shape": {"tuple": list(shape)}}:
            sizes = tuple(size for size in shape if type(size) is int)
            if len(sizes) == len(shape):
                return descr, sizes
    raise Malformed(f"the header of an array names no dtype or no shape: {text[:80]!r}")


def _write_json(text: str) -> str:
    """Write a literal as JSON, a tuple as a mapping with its items; the comma before an end is left out."""
    words, at = [""], 0
    while at < len(text):
        if (match := TOKEN.match(text, at)) is None:
            raise ValueError(f"character {at} of the header")
        at = match.end()
        one, two, number, word, mark = match.groups()
        quoted = one if one is not None else two
        if words[-1] == "," and mark in {")", "]", "}"}:
            words.pop()
        plain = number or word or mark or ""
        words.append(json.dumps(quoted) if quoted is not None else IN_JSON.get(plain, plain))
    return "".join(words)


def _word(descr: Json) -> str:
    """Name a dtype; a structure that holds objects anywhere is pickled whole."""
    if not isinstance(descr, str):
        return "objects" if any(map(OBJECT.search, _list_dtypes(descr))) else "records"
    if OBJECT.search(descr):
        return "objects"
    if (match := CODE.fullmatch(descr)) is None:
        raise Malformed(f"a dtype that cannot be read: {descr[:80]!r}")
    text = match[1]
    return DTYPES.get(text, text if text[0] not in "SU" else f"text {text}")


def _list_dtypes(descr: Json) -> Iterator[str]:
    """List the dtypes in a structure, which is a list of fields (name, dtype and perhaps shape), or in a pair of dtype and shape."""
    match descr:
        case str():
            yield descr
        case [*fields] if all(isinstance(field, dict) for field in fields):
            for field in fields:
                match field:
                    case {"tuple": [_, dtype, *_]}:
                        yield from _list_dtypes(dtype)
                    case _:
                        raise Malformed(f"a field of an array that cannot be read: {str(field)[:80]!r}")
        case {"tuple": [dtype, _]}:
            yield from _list_dtypes(dtype)
        case _:
            raise Malformed(f"a dtype that cannot be read: {str(descr)[:80]!r}")
