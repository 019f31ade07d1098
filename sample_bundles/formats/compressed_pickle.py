"""Arrays as joblib writes them, plain and compressed in each way that Python itself can write."""

import bz2
import gzip
import lzma
import struct
import zlib
from collections.abc import Mapping
from math import prod

ALIGNMENT = 16
SIZES = {"f4": 4, "f8": 8, "i8": 8}
ESTIMATOR = b"csklearn.linear_model._logistic\nLogisticRegression\n)\x81"


def joblib_bytes(arrays: Mapping[str, tuple[str, tuple[int, ...]]], *, aligned: bool = True, owner: bytes = b"") -> bytes:
    """Write a mapping of names to arrays, each by its dtype and shape, or the state of an owner.

    The elements stand between the opcodes, padded to 16 bytes where they are aligned.
    """
    data = b"\x80\x02" + owner + b"}("
    for name, (dtype, shape) in arrays.items():
        data += _text(name) + wrapper(dtype, shape, aligned)
        if aligned:
            padding = ALIGNMENT - (len(data) + 1) % ALIGNMENT
            data += bytes([padding]) + b"\xff" * padding
        data += bytes(range(256))[: prod(shape) * SIZES[dtype]].ljust(prod(shape) * SIZES[dtype], b"\x01")
    return data + (b"ub." if owner else b"u.")


def wrapper(dtype: str, shape: tuple[int, ...], aligned: bool) -> bytes:
    """Write the object that says what array follows: numpy's class, shape, order, dtype, and how the elements are aligned."""
    kind = b"cnumpy\ndtype\n(" + _text(dtype) + b"I00\nI01\ntR(K\x03" + _text("<") + b"NNN" + struct.pack("<bi", 74, -1) * 2 + b"K\x00tb"
    sizes = b"(" + b"".join(b"J" + struct.pack("<i", size) for size in shape) + b"t"
    fields = _text("subclass") + b"cnumpy\nndarray\n" + _text("shape") + sizes + _text("order") + _text("C") + _text("dtype") + kind
    fields += _text("allow_mmap") + b"\x88" + _text("numpy_array_alignment_bytes") + (b"K\x10" if aligned else b"N")
    return b"cjoblib.numpy_pickle\nNumpyArrayWrapper\n)\x81}(" + fields + b"ub"


def objects(inner: bytes) -> bytes:
    """Write an array of objects: a whole pickle in place of the elements."""
    return b"\x80\x02" + wrapper("O8", (1,), aligned=True) + inner + b"."


def _text(text: str) -> bytes:
    return b"X" + struct.pack("<I", len(text.encode())) + text.encode()


PLAIN = joblib_bytes({"coef": ("f8", (3, 4)), "intercept": ("f4", (3,))}, owner=ESTIMATOR)
FILES = {
    "model.zlib.joblib": zlib.compress(PLAIN),
    "model.gz.joblib": gzip.compress(PLAIN, mtime=0),
    "model.bz2.joblib": bz2.compress(PLAIN),
    "model.xz.joblib": lzma.compress(PLAIN),
    "model.lzma.joblib": lzma.compress(PLAIN, lzma.FORMAT_ALONE),
    "model.joblib": PLAIN,
}
