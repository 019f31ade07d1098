"""The files of a CMU Sphinx model: a text header, a mark of the byte order, sizes, numbers.

Source: SphinxBase's `bio.c` (headers and checksums), PocketSphinx's `ms_gauden.c`, `ptm_mgau.c`, `tmat.c` and `bin_mdef.c`.
"""

from math import prod
from typing import NamedTuple

from inspector.errors import Malformed
from inspector.serialization.fields import Fields

MAGIC, DUMP, DEFINITION = b"s3\n", b"BEGIN FILE FORMAT DESCRIPTION\0", (b"BMDF", b"FDMB")
ORDERS = {b"\x44\x33\x22\x11": "<", b"\x11\x22\x33\x44": ">"}
LONGEST_HEADER = 4096
LARGEST = 1 << 28
MOST_TEXTS = 200
LONGEST_TEXT = 2000
CHECKSUM = 4  # bytes
DEFINED = ("phones", "phones_in_context", "states", "senones_alone", "senones", "transitions")


class Numbers(NamedTuple):
    """What a file holds: its shape, its dtype, at which byte the numbers begin and end."""

    shape: tuple[int, ...]
    dtype: str
    start: int
    end: int


def read_numbers(fields: Fields, head: bytes) -> Numbers:
    """Read means, variances, weights of mixtures or transitions: two kinds of sizes, of which one fits its own count.

    Raises Malformed where neither does.
    """
    end = head.find(b"endhdr\n")
    if end < 0:
        raise Malformed("its header has no end")
    fields.skip(end + len(b"endhdr\n"))
    order = ORDERS.get(fields.take(4))
    if order is None:
        raise Malformed(f"no mark of the byte order stands at byte {fields.position - 4}")
    fields.order = order
    checksum = CHECKSUM if b"chksum0 yes" in head[:end] else 0
    first = fields.numbers("I", 3)
    if max(first) > LARGEST:
        raise Malformed(f"sizes of {first} before byte {fields.position}")
    count = fields.number("I")
    if count == prod(first):
        return _numbers(fields, first, count, checksum)
    lengths = (count, *fields.numbers("I", min(first[1], 64) - 1)) if first[1] else ()
    count = fields.number("I")
    if len(lengths) != first[1] or count != first[0] * first[2] * sum(lengths):
        raise Malformed(f"{count} numbers are announced, sizes of {first} and {lengths} need others")
    return _numbers(fields, (first[0], first[2], sum(lengths)), count, checksum)


def _numbers(fields: Fields, shape: tuple[int, ...], count: int, checksum: int) -> Numbers:
    return Numbers(shape, "F32", fields.position, fields.position + 4 * count + checksum)


def read_dump(fields: Fields) -> Numbers:
    """Read the weights of mixtures in one byte each, behind texts that describe them.

    Raises Malformed for another form of them.
    """
    features = 1
    for _ in range(MOST_TEXTS):
        length = fields.number("I")
        if length == 0:
            break
        text = fields.text(length, LONGEST_TEXT, "a text").rstrip("\0")
        if text.startswith("feature_count "):
            features = _count(text)
        elif text.startswith("cluster_count ") and _count(text):
            raise Malformed("weights of mixtures in clusters, which are not read")
    rows, columns = fields.numbers("I", 2)
    if max(rows, columns) > LARGEST:
        raise Malformed(f"sizes of {rows} and {columns} before byte {fields.position}")
    start = fields.position
    return Numbers((features, rows, columns), "U8", start, start + features * rows * columns)


def _count(text: str) -> int:
    word = text.partition(" ")[2].strip()
    if not word.isascii() or not word.isdigit() or len(word) > 8:
        raise Malformed(f"no count: {text[:80]!r}")
    return int(word)


def read_definition(fields: Fields) -> dict[str, int]:
    """Read how many phones and states a model has."""
    fields.order = "<" if fields.take(4) == DEFINITION[0] else ">"
    fields.number("I")
    fields.pass_over(fields.number("i"))
    return dict(zip(DEFINED, fields.numbers("i", len(DEFINED)), strict=True))
