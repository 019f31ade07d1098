"""What a member is, by its first bytes and never by its name."""

import re
from enum import Enum
from pathlib import PurePosixPath

from inspector.archives.inflated import name_method
from inspector.archives.tar import is_tar_head
from inspector.bundle import File
from inspector.pickles.hidden import STARTS, acts
from inspector.pickles.opcodes import list_pickle
from inspector.pickles.payloads import PROTOCOL
from inspector.serialization.stream import stream_of
from inspector.weights.array_header import MAGIC as ARRAY

ZIP = (b"PK\x03\x04", b"PK\x05\x06")
SEALED = (b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07")  # 7z and RAR, which nothing here reads
ZSTANDARD = b"\x28\xb5\x2f\xfd"  # nor this: of data it is common, and of a model it hides what some readers unpack by themselves
MODELS = frozenset({".pt", ".pth", ".bin", ".ckpt", ".pkl", ".pickle", ".joblib", ".npz", ".npy", ".keras", ".nemo", ".model", ".h5"})
MOST_OPCODES = 200
UNMARKED = re.compile(rb"[%s]" % re.escape(STARTS))


class Kind(Enum):
    """What can hold a pickle, or is one."""

    ZIP = "zip"
    TAR = "tar"
    PACKED = "packed"
    ARRAY = "array"
    PICKLE = "pickle"
    UNMARKED = "unmarked"
    OPAQUE = "opaque"


def name_kind(file: File) -> Kind | None:
    """Name what a file is, where it can hold a pickle; `None` for anything else. Two bytes of zlib, and an opcode at the start, are no proof."""
    head = file.head
    if head.startswith(ZIP):
        return Kind.ZIP
    if head.startswith(SEALED) or (head.startswith(ZSTANDARD) and not MODELS.isdisjoint(PurePosixPath(file.name.casefold()).suffixes)):
        return Kind.OPAQUE
    if is_tar_head(head):
        return Kind.TAR
    if head.startswith(ARRAY):
        return Kind.ARRAY
    if name_method(head) is not None:
        return Kind.PACKED
    if PROTOCOL.match(head):
        return Kind.PICKLE
    return Kind.UNMARKED if UNMARKED.match(head) and _goes_on(head) else None


def _goes_on(head: bytes) -> bool:
    """Say whether bytes without a mark can be opcodes: more than the first two are, or they call what acts before they break."""
    listing = list_pickle(stream_of(head), 0, MOST_OPCODES)
    return listing.fault is None or listing.opcodes > 3 or acts(listing)
