"""A file of torch of 2016: a tar file with a pickle, and two members of pickles with raw numbers between them."""

import io
import struct
import tarfile
from collections.abc import Mapping

SHAPES = ((4, 3), (4,))


def _number(value: int) -> bytes:
    return b"\x80\x02K" + bytes([value]) + b"."


def members(shapes: tuple[tuple[int, ...], ...] = SHAPES, length: int = 12) -> dict[str, bytes]:
    """Write the members: one storage of F32 and one tensor for each shape."""
    storages, tensors = _number(len(shapes)), _number(len(shapes))
    for number, shape in enumerate(shapes):
        key = b"K" + bytes([number + 1])
        storages += b"\x80\x02" + key + b"X\x03\x00\x00\x00cpuctorch\nFloatStorage\n\x87." + struct.pack("<q", length) + bytes(4 * length)
        strides = tuple(struct.pack("<q", 1) for _ in shape)
        tensors += b"\x80\x02K" + bytes([number + 100]) + key + b"ctorch\nFloatTensor\n\x87."
        tensors += struct.pack("<ii", len(shape), 0) + b"".join(struct.pack("<q", size) for size in shape) + b"".join(strides) + bytes(8)
    state = b"".join(b"X\x01\x00\x00\x00" + bytes([97 + number]) + b"K" + bytes([number + 100]) + b"Q" for number in range(len(shapes)))
    info = b"\x80\x02}X\x10\x00\x00\x00protocol_versionM\xe8\x03s."
    return {"sys_info": info, "pickle": b"\x80\x02}(" + state + b"u.", "storages": storages + b"\x80\x02].", "tensors": tensors}


def tar_bytes(content: Mapping[str, bytes]) -> bytes:
    """Write members as a tar file."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name, data in content.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return stream.getvalue()


FILES = {"model-2016.pth": tar_bytes(members())}
