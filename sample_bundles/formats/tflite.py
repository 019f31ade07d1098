"""A small TFLite model with metadata and an appended zip of labels."""

import io
import zipfile
from collections.abc import Sequence

from sample_bundles.flat_buffers import Numbers, Table, flat_bytes

F32, I32 = 0, 2
ABOUT = flat_bytes(Table(["classifier", "a model of nothing", "1", None, "somebody", "Apache License 2.0"]), b"M001")


def tensor(name: str, shape: Sequence[int], buffer: int, kind: int = F32) -> Table:
    """Write a tensor that leads to a buffer by its number."""
    return Table([Numbers("i", shape), kind, buffer, name])


def buffer(data: bytes) -> Table:
    """Write a buffer."""
    return Table([Numbers("B", data)])


def tflite_bytes(tensors: Sequence[Table], buffers: Sequence[bytes], operators: Sequence[str] = (), about: bytes = b"") -> bytes:
    """Write a model; buffer 0 is empty, and that of the metadata comes last."""
    held = [Table([None]), *(buffer(data) for data in buffers), *([buffer(about)] if about else [])]
    metadata = [Table(["TFLITE_METADATA", len(held) - 1])] if about else None
    codes = [Table([0, None, 1, 0]), *(Table([32, name, 1, 32]) for name in operators)]
    return flat_bytes(Table([3, codes, [Table([list(tensors)])], "made by hand", held, None, metadata]), b"TFL3")


TENSORS = (tensor("w", (4, 2), 1), tensor("b", (2,), 2, I32), tensor("input", (1, 4), 0), tensor("w again", (4, 2), 1))
MODEL = tflite_bytes(TENSORS, (bytes(32), bytes(8)), about=ABOUT)


def with_labels(data: bytes, name: str = "labels.txt") -> bytes:
    """Append a zip file."""
    stream = io.BytesIO(data)
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr(zipfile.ZipInfo(name), "cat\ndog\n" * 200)
    return stream.getvalue()


FILES: dict[str, str | bytes] = {"model.tflite": MODEL, "labels.tflite": with_labels(MODEL)}
