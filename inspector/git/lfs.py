"""Git LFS pointers: the short text that stands in for a file that was not downloaded. Source: git-lfs, docs/spec.md."""

import re

from inspector.bundle import File
from inspector.errors import Malformed
from inspector.model import Pointer

MARKS = (b"version https://git-lfs.github.com/spec/v1", b"version https://hawser.github.com/spec/v1")
LONGEST = 1024  # bytes; a longer file is no pointer
FIELDS = re.compile(rb"^(?:oid sha256:([0-9a-f]{64})|size ([0-9]{1,18}))$", re.MULTILINE)


def is_pointer(file: File) -> bool:
    """Say whether a file is a pointer by its first line and its size; what it should hold is then not here."""
    return file.size < LONGEST and file.head.startswith(MARKS)


def read_pointer(data: bytes) -> Pointer:
    """Read the digest and the size (bytes) of what a pointer stands for.

    Raises Malformed when one of them is not there, or there twice.
    """
    fields = FIELDS.findall(data)
    digests = [digest.decode() for digest, _ in fields if digest]
    sizes = [int(size) for _, size in fields if size]
    if len(digests) != 1 or len(sizes) != 1:
        raise Malformed(f"a Git LFS pointer names one SHA-256 and one size; this one has {len(digests)} and {len(sizes)}")
    return Pointer(sha256=digests[0], size=sizes[0])
