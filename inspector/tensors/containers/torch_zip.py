"""Tensors of a torch archive whose storages are kept as they are. Source: torch's `serialization`; the pickle is followed, never loaded."""

from collections.abc import Iterator
from pathlib import PurePosixPath

from inspector.archives.directory import MAGIC, STORED, Directory, Member, read_directory, read_member
from inspector.bundle import File
from inspector.errors import Malformed
from inspector.pickles.opcodes import list_pickle
from inspector.pickles.symbols import SIZES
from inspector.pickles.symbols import Tensor as Described
from inspector.serialization.stream import stream_of
from inspector.tensors.tensor import Tensor, usual_strides

LARGEST_PICKLE = 32 * 2**20  # bytes


def list_tensors(file: File) -> Iterator[Tensor] | None:
    """List the tensors, or None for another file."""
    if not file.head.startswith(MAGIC):
        return None
    try:
        directory = read_directory(file)
    except Malformed:
        return None
    main = next((member for member in directory.members if _is_main(member.name)), None)
    return None if main is None else _read(file, directory, main)


def _is_main(name: str) -> bool:
    path = PurePosixPath(name)
    return len(path.parts) == 2 and path.name.casefold() == "data.pkl"


def _read(file: File, directory: Directory, main: Member) -> Iterator[Tensor]:
    members = {member.name: member for member in directory.members}
    root, (data, _) = main.name.partition("/")[0], read_member(file, main, LARGEST_PICKLE)
    order = members.get(f"{root}/byteorder")
    little = order is None or read_member(file, order, 64)[0].strip() != b"big"
    for name, described in list_pickle(stream_of(data)).named.items():
        member = members.get(f"{root}/data/{described.storage.key}")
        if (
            member is not None
            and member.method == STORED
            and (found := place_view(name, described, member.start, member.size, little=little))
        ):
            yield found


def place_view(name: str, view: Described, start: int, size: int, *, little: bool) -> Tensor | None:
    """Place a view of a storage that stands at a byte of the file; None for one that does not fit in it, or whose elements have no known size."""
    width = SIZES.get(view.dtype)
    if width is None or not view.shape or 0 in view.shape:
        return None
    reach = view.offset + 1 + sum((length - 1) * step for length, step in zip(view.shape, view.strides, strict=True))
    if reach * width > size:
        return None
    strides = None if view.strides == usual_strides(view.shape) else view.strides
    begin = start + view.offset * width
    return Tensor(name, view.dtype, view.shape, begin, (reach - view.offset) * width, strides, little=little)
