"""Tensors of a numpy archive whose arrays are kept as they are; deflated arrays would have to be inflated first and are left out."""

from collections.abc import Iterator

from inspector.archives.directory import MAGIC, STORED, Directory, read_directory
from inspector.bundle import File
from inspector.errors import Malformed
from inspector.tensors.containers.npy import place_array
from inspector.tensors.tensor import Tensor

HEAD = 4096


def list_tensors(file: File) -> Iterator[Tensor] | None:
    """List the tensors, or None for another file."""
    if not file.head.startswith(MAGIC):
        return None
    try:
        directory = read_directory(file)
    except Malformed:
        return None
    return _read(file, directory) if all(member.name.endswith(".npy") for member in directory.members) else None


def _read(file: File, directory: Directory) -> Iterator[Tensor]:
    for member in directory.members:
        if member.method == STORED:
            head = file.read(member.start, min(HEAD, member.stored))
            yield from place_array(head, member.name.removesuffix(".npy"), member.start, member.stored)
