"""The header of a numpy array on its own: dtype and shape, read as text and never evaluated. Source: numpy's description of the `.npy` format."""

import re
from math import prod
from typing import NamedTuple

from inspector.errors import Malformed
from inspector.symbols import DTYPES, SIZES

MAGIC = b"\x93NUMPY"
LONGEST = 1 << 16  # bytes
DESCR = re.compile(r"'descr':\s*(?:'([<>=|]?)([^']{1,32})'|\[)")
WIDE = re.compile(r"(?:text )?([USV])(\d{1,9})")  # texts and bytes of no kind: bfloat16 is `V2`
SHAPE = re.compile(r"'shape':\s*\(([\d,L\s]{0,1000})\)")


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
    text = head[8 + width : start].decode("latin-1")
    descr, shape = DESCR.search(text), SHAPE.search(text)
    if descr is None or shape is None:
        raise Malformed(f"the header of an array names no dtype or no shape: {text[:80]!r}")
    sizes = [word.strip().rstrip("L") for word in shape[1].split(",")]
    if any(len(word) > 18 or not word.isdigit() for word in sizes if word):
        raise Malformed(f"a shape that cannot be read: {shape[1][:80]!r}")
    return ArrayHeader(_word(descr[2]), tuple(int(word) for word in sizes if word), start)


def _word(text: str | None) -> str:
    if text is None:
        return "records"
    if text.startswith("O"):
        return "objects"
    return DTYPES.get(text, text if text[0] not in "SU" else f"text {text}")
