"""Tiny models as R serializes them: a list of two vectors with the class of a linear model, as an object and as a workspace."""

import gzip
import struct
from collections.abc import Mapping
from math import prod

NIL = struct.pack(">i", 254)
UNBOUND = struct.pack(">i", 252)
GLOBAL = struct.pack(">i", 253)


def head(*, version: int = 3) -> bytes:
    """Write the header of an XDR stream."""
    return b"X\n" + struct.pack(">3i", version, 0x40300, 0x20300) + (struct.pack(">i", 5) + b"UTF-8" if version == 3 else b"")


def chars(text: str) -> bytes:
    """Write one text."""
    return struct.pack(">2i", 0x40009, len(text)) + text.encode()


def symbol(name: str) -> bytes:
    """Write a name that was not named before."""
    return struct.pack(">i", 1) + chars(name)


def texts(*words: str) -> bytes:
    """Write a vector of texts."""
    return struct.pack(">2i", 16, len(words)) + b"".join(map(chars, words))


def pairs(items: Mapping[str, bytes]) -> bytes:
    """Write a list of named pairs."""
    return b"".join(struct.pack(">i", 0x402) + symbol(name) + value for name, value in items.items()) + NIL


def numbers(*shape: int) -> bytes:
    """Write zeros as numbers with fractions; more than one size makes an array."""
    flags = 14 | (0x200 if len(shape) > 1 else 0)
    sizes = pairs({"dim": struct.pack(f">{len(shape) + 2}i", 13, len(shape), *shape)}) if len(shape) > 1 else b""
    return struct.pack(">2i", flags, prod(shape)) + bytes(8 * prod(shape)) + sizes


def model(name: str = "lm") -> bytes:
    """Write a list with a class."""
    parts = numbers(3) + numbers(4, 5)
    return struct.pack(">2i", 0x313, 2) + parts + pairs({"class": texts(name)})


def call(name: str, argument: str) -> bytes:
    """Write a call with one text."""
    return struct.pack(">i", 6) + symbol(name) + struct.pack(">i", 2) + texts(argument) + NIL


def promise(value: bytes = UNBOUND) -> bytes:
    """Write an expression that waits to be evaluated."""
    return struct.pack(">i", 0x405) + GLOBAL + value + call("date", "x")


def bytecode() -> bytes:
    """Write compiled code: two instructions and one text that they refer to."""
    instructions = struct.pack(">4i", 13, 2, 12, 1)
    return struct.pack(">2i", 21, 1) + instructions + struct.pack(">2i", 1, 16) + texts("x")


def function() -> bytes:
    """Write a function without arguments."""
    return struct.pack(">i", 0x403) + GLOBAL + NIL + call("date", "x")


def text_bytes() -> bytes:
    """Write a model as text."""
    lines = ["A", "2", "262144", "131840", "787", "2", "14", "2", "0.5", "NA", "13", "3", "1", "2", "NA"]
    lines += ["1026", "1", "262153", "5", "class", "16", "1", "262153", "3", "glm", "254"]
    return ("\n".join(lines) + "\n").encode()


FILES = {
    "fit.rds": gzip.compress(head() + model(), mtime=0),
    "fit.RData": gzip.compress(b"RDX3\n" + head() + pairs({"fit": model("randomForest")}), mtime=0),
    "text.rds": text_bytes(),
}
