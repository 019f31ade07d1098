"""A Core ML program as text: the values that it keeps in files beside, by dtype, shape and place. The text is scanned, never parsed whole.

Source: programs that coremltools' compiler writes as `model.mil`, versions 1.0 to 1.3; coremltools' storage format of weights.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from math import prod

from inspector.bundle import File
from inspector.errors import TooLarge

BLOCK, LONGEST_VALUE = 1 << 20, 2048  # bytes
LARGEST, MOST_VALUES = 1 << 30, 500_000
HEADER = 64  # bytes of a header in a file of weights
VALUE = re.compile(
    rb"tensor<(\w{2,12}), \[([\d, ]{0,200})\]>\(BLOBFILE\("
    rb'path = (?:tensor<string, \[\]>|string)\("([^"\n]{1,600})"\), offset = (?:tensor<uint64, \[\]>|uint64)\((\d{1,19})\)\)\)'
)
BEGIN = re.compile(rb"program\(\d+\.\d+\)\s")
# Types by name: the name in our words, and how many bits an element has.
TYPES = {
    "bool": ("BOOL", 8), "fp16": ("F16", 16), "fp32": ("F32", 32), "fp64": ("F64", 64), "bf16": ("BF16", 16), "int4": ("I4", 4),
    "int8": ("I8", 8), "int16": ("I16", 16), "int32": ("I32", 32), "int64": ("I64", 64), "uint1": ("U1", 1), "uint2": ("U2", 2),
    "uint3": ("U3", 3), "uint4": ("U4", 4), "uint6": ("U6", 6), "uint8": ("U8", 8), "uint16": ("U16", 16), "uint32": ("U32", 32),
    "uint64": ("U64", 64),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Kept:
    """A value that is kept in a file: its dtype, its shape, the file's name, the byte of its header there, its bytes in the text."""

    dtype: str
    shape: tuple[int, ...]
    name: str
    offset: int
    start: int
    end: int

    @property
    def needed(self) -> int:
        """Compute how many bytes the file must have for it, at least."""
        bits = dict(TYPES.values()).get(self.dtype, 0)
        return self.offset + HEADER + -(-prod(self.shape) * bits // 8)


def is_program(head: bytes) -> bool:
    """Say whether a text begins as a program does."""
    return BEGIN.match(head) is not None


def read_kept(file: File) -> Iterator[Kept]:
    """Give the values that are kept in files, in the order of the text.

    Raises TooLarge above 1 GiB of text and half a million values.
    """
    if file.size > LARGEST:
        raise TooLarge(f"a program of {file.size} bytes, the limit is {LARGEST}")
    start, count = 0, 0
    while start < file.size:
        data, last = file.read(start, min(BLOCK + LONGEST_VALUE, file.size - start)), 0
        for match in VALUE.finditer(data):
            count += 1
            if count > MOST_VALUES:
                raise TooLarge(f"more than {MOST_VALUES} values")
            last = match.end()
            kind, sizes, name, offset = match.groups()
            shape = tuple(int(word) for word in sizes.decode().replace(" ", "").split(",") if word and len(word) < 19)
            word = TYPES.get(kind.decode(), (kind.decode(), 0))[0]
            yield Kept(word, shape, name.decode("utf-8", "replace"), int(offset), start + match.start(), start + last)
        start += max(BLOCK, last)
