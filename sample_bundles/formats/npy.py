"""Arrays as NumPy writes them: a parameter by its name, and objects, which are a pickle."""

import struct

from sample_bundles.formats.skops import npy_bytes


def objects_bytes(pickle: bytes, shape: tuple[int, ...] = (1,)) -> bytes:
    """Write an array of objects around a pickle."""
    header = f"{{'descr': '|O', 'fortran_order': False, 'shape': {shape}, }}"
    header += " " * (-(len(header) + 11) % 64) + "\n"
    return b"\x93NUMPY\x01\0" + struct.pack("<H", len(header)) + header.encode() + pickle


OBJECTS = objects_bytes(b"\x80\x02]q\x00(K\x01K\x02e.")
FILES = {
    "layers.0.attention.wq.weight.npy": npy_bytes("<f4", (4, 8)),
    "scores.npy": npy_bytes("<f8", (5,)),
}
