"""Builders of tiny real weights files: pure functions from a list of tensors to bytes, equal for equal arguments.

Nothing here needs a machine-learning framework: safetensors files are written by the `safetensors` package, the others from their
specifications.
"""

import ctypes
import io
import json
import struct
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import TypeAlias

GgufValue: TypeAlias = "str | int | float | bool | Sequence[GgufValue]"

# safetensors word -> (bits of an element, what safetensors.TensorSpec calls it, torch's storage class)
DTYPES = {
    "BOOL": (8, "bool", "BoolStorage"),
    "U8": (8, "uint8", "ByteStorage"),
    "I8": (8, "int8", "CharStorage"),
    "I16": (16, "int16", "ShortStorage"),
    "U16": (16, "uint16", "UInt16Storage"),
    "I32": (32, "int32", "IntStorage"),
    "I64": (64, "int64", "LongStorage"),
    "U32": (32, "uint32", "UInt32Storage"),
    "U64": (64, "uint64", "UInt64Storage"),
    "F16": (16, "float16", "HalfStorage"),
    "BF16": (16, "bfloat16", "BFloat16Storage"),
    "F32": (32, "float32", "FloatStorage"),
    "F64": (64, "float64", "DoubleStorage"),
    "C64": (64, "complex64", "ComplexFloatStorage"),
    "F8_E4M3": (8, "float8_e4m3fn", "Float8_e4m3fnStorage"),
    "F8_E5M2": (8, "float8_e5m2", "Float8_e5m2Storage"),
}

# safetensors word, or the format's own for quantised blocks -> (GGUF type, elements of a block, bytes of a block)
GGUF_TYPES = {
    "F32": (0, 1, 4),
    "F16": (1, 1, 2),
    "Q4_0": (2, 32, 18),
    "Q8_0": (8, 32, 34),
    "Q4_K": (12, 256, 144),
    "Q6_K": (14, 256, 210),
    "I8": (24, 1, 1),
    "I16": (25, 1, 2),
    "I32": (26, 1, 4),
    "I64": (27, 1, 8),
    "F64": (28, 1, 8),
    "BF16": (30, 1, 2),
}
GGUF_ALIGNMENT = 32
GGUF_WIDTHS = {"split.no": 2, "split.count": 2, "split.tensors.count": 5}  # the loader insists on u16, u16 and i32
TORCH_ALIGNMENT = 64


@dataclass(frozen=True)
class Tensor:
    """A tensor to write: its name, its dtype in the words of safetensors, its shape, and its bytes (a pattern where none are given)."""

    name: str
    dtype: str
    shape: tuple[int, ...]
    data: bytes | None = None


def safetensors_bytes(tensors: Sequence[Tensor], metadata: Mapping[str, str] | None = None) -> bytes:
    """Write a safetensors file."""
    import safetensors

    kept = [_content(tensor) for tensor in tensors]
    buffers = [ctypes.create_string_buffer(data, max(len(data), 1)) for data in kept]
    specs = {
        tensor.name: safetensors.TensorSpec(
            dtype=DTYPES[tensor.dtype][1], shape=tensor.shape, data_ptr=ctypes.addressof(buffer), data_len=len(data)
        )
        for tensor, buffer, data in zip(tensors, buffers, kept, strict=True)
    }
    return safetensors.serialize(specs, None if metadata is None else dict(metadata))


def safetensors_shards(
    tensors: Sequence[Tensor],
    count: int,
    metadata: Mapping[str, str] | None = None,
    pattern: str = "model-{:05d}-of-{:05d}.safetensors",
    index: str = "model.safetensors.index.json",
) -> dict[str, bytes]:
    """Write a model as `count` safetensors files and the index that names them."""
    parts = _deal(tensors, count, pattern)
    files = {name: safetensors_bytes(part, metadata) for name, part in parts.items()}
    return files | {index: _index(parts)}


def torch_zip_bytes(tensors: Sequence[Tensor], root: str = "archive") -> bytes:
    """Write a state dict as `torch.save` does: a zip of one pickle and one member for each storage."""
    members = {
        "data.pkl": _state_dict(tensors, legacy=False),
        ".format_version": b"1",
        ".storage_alignment": str(TORCH_ALIGNMENT).encode(),
        "byteorder": b"little",
        **{f"data/{number}": _content(tensor) for number, tensor in enumerate(tensors)},
        "version": b"3\n",
        ".data/serialization_id": b"0" * 40,
    }
    return _zip(root, members)


def torch_module_bytes(tensors: Sequence[Tensor], root: str) -> bytes:
    """Write tensors as the libraries around torch's C++ interface do: a TorchScript module that has nothing but parameters."""
    class_ = b"c__torch__\nModule\n)\x81}("
    # A dot cannot stand in the name of an attribute: tch, which writes such files for Rust, puts a bar in its place.
    items = b"".join(_text(tensor.name.replace(".", "|")) + _tensor(tensor, number, legacy=False) for number, tensor in enumerate(tensors))
    code = 'class Module(Module):\n  __parameters__ = ["{}", ]\n  __buffers__ = []\n'.format('", "'.join(tensor.name for tensor in tensors))
    members = {
        "data.pkl": b"\x80\x02ccollections\nOrderedDict\nq\x000" + class_ + items + b"ub.",
        "code/__torch__.py": code.encode(),
        **{f"data/{number}": _content(tensor) for number, tensor in enumerate(tensors)},
        "constants.pkl": b"\x80\x02).",
        "version": b"3\n",
    }
    return _zip(root, members)


def torch_shards(
    tensors: Sequence[Tensor],
    count: int,
    pattern: str = "pytorch_model-{:05d}-of-{:05d}.bin",
    index: str = "pytorch_model.bin.index.json",
) -> dict[str, bytes]:
    """Write a model as `count` torch files and the index that names them."""
    parts = _deal(tensors, count, pattern)
    files = {name: torch_zip_bytes(part, name.rpartition(".")[0]) for name, part in parts.items()}
    return files | {index: _index(parts)}


def torch_legacy_bytes(tensors: Sequence[Tensor]) -> bytes:
    """Write a state dict as torch did before 1.6: five pickles and the raw storages behind one another."""
    magic = b"\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19."
    protocol = b"\x80\x02M\xe9\x03."
    sizes = b"}(" + _text("short") + b"K\x02" + _text("int") + b"K\x04" + _text("long") + b"K\x04u"
    system = (
        b"\x80\x02}(" + _text("protocol_version") + b"M\xe9\x03" + _text("little_endian") + b"\x88" + _text("type_sizes") + sizes + b"u."
    )
    keys = b"\x80\x02](" + b"".join(_text(str(number)) for number in range(len(tensors))) + b"e."
    storages = b"".join(struct.pack("<q", prod(tensor.shape)) + _content(tensor) for tensor in tensors)
    return magic + protocol + system + _state_dict(tensors, legacy=True) + keys + storages


def gguf_bytes(tensors: Sequence[Tensor], metadata: Mapping[str, GgufValue], version: int = 3, order: str = "<") -> bytes:
    """Write a GGUF file of version 1, 2 or 3; `order` is `<` for little-endian numbers and `>` for big-endian ones (header only)."""
    word = "I" if version == 1 else "Q"
    head = b"GGUF" + struct.pack(f"{order}I2{word}", version, len(tensors), len(metadata))
    for key, value in metadata.items():
        kind = GGUF_WIDTHS.get(key, _gguf_kind(value))
        head += _gguf_text(key, order, word) + struct.pack(f"{order}I", kind) + _gguf_value(value, kind, order, word)
    offset, data = 0, b""
    for tensor in tensors:
        kind, block, width = GGUF_TYPES[tensor.dtype]
        head += _gguf_text(tensor.name, order, word) + struct.pack(f"{order}I", len(tensor.shape))
        head += struct.pack(f"{order}{len(tensor.shape)}{word}", *reversed(tensor.shape)) + struct.pack(f"{order}IQ", kind, offset)
        content = tensor.data if tensor.data is not None else _pattern(tensor.name, prod(tensor.shape) // block * width)
        data += content + bytes(-len(content) % GGUF_ALIGNMENT)
        offset = len(data)
    return head + bytes(-len(head) % GGUF_ALIGNMENT) + data


def lfs_pointer(sha256: str, size: int) -> bytes:
    """Write what Git LFS leaves in place of a file that was not downloaded."""
    return f"version https://git-lfs.github.com/spec/v1\noid sha256:{sha256}\nsize {size}\n".encode()


def _pattern(name: str, size: int) -> bytes:
    """Fill bytes so that no two tensors, and no two rows of one, are alike."""
    seed = sum(name.encode()) % 251
    return bytes((seed + 7 * place + place // 256) % 251 for place in range(size))


def _content(tensor: Tensor) -> bytes:
    if tensor.data is not None:
        return tensor.data
    return _pattern(tensor.name, prod(tensor.shape) * DTYPES[tensor.dtype][0] // 8)


def _deal(tensors: Sequence[Tensor], count: int, pattern: str) -> dict[str, list[Tensor]]:
    cuts = [-(-part * len(tensors) // count) for part in range(count + 1)]
    return {pattern.format(part + 1, count): list(tensors[cuts[part] : cuts[part + 1]]) for part in range(count)}


def _index(parts: Mapping[str, Sequence[Tensor]]) -> bytes:
    total = sum(len(_content(tensor)) for part in parts.values() for tensor in part)
    names = {tensor.name: name for name, part in parts.items() for tensor in part}
    return (json.dumps({"metadata": {"total_size": total}, "weight_map": dict(sorted(names.items()))}, indent=2) + "\n").encode()


def _padding(start: int) -> bytes:
    """Fill a zip member's extra field so that its data begins at a multiple of the alignment."""
    room = -(start + 4) % TORCH_ALIGNMENT
    return struct.pack("<2sH", b"FB", room) + b"Z" * room


def _zip(root: str, members: Mapping[str, bytes]) -> bytes:
    """Write members as torch does: stored, each aligned."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for name, data in members.items():
            info = zipfile.ZipInfo(f"{root}/{name}")
            info.extra = _padding(stream.tell() + 30 + len(info.filename))
            archive.writestr(info, data)
    return stream.getvalue()


def _state_dict(tensors: Sequence[Tensor], legacy: bool) -> bytes:
    """Pickle an ordered mapping of names to tensors whose storages are persistent ids, in protocol 2."""
    ordered = b"ccollections\nOrderedDict\n"
    items = b"".join(_text(tensor.name) + _tensor(tensor, number, legacy) for number, tensor in enumerate(tensors))
    return b"\x80\x02" + ordered + b"q\x00)Rq\x01(" + items + b"u}" + _text("_metadata") + b"h\x00)Rsb."


def _tensor(tensor: Tensor, number: int, legacy: bool) -> bytes:
    storage = f"ctorch\n{DTYPES[tensor.dtype][2]}\n".encode()
    identity = (
        b"(" + _text("storage") + storage + _text(str(number)) + _text("cpu") + _integer(prod(tensor.shape)) + (b"Nt" if legacy else b"t")
    )
    strides = tuple(prod(tensor.shape[axis + 1 :]) for axis in range(len(tensor.shape)))
    arguments = identity + b"QK\x00" + _tuple(tensor.shape) + _tuple(strides) + b"\x89h\x00)R"
    return b"ctorch._utils\n_rebuild_tensor_v2\n(" + arguments + b"tR"


def _text(text: str) -> bytes:
    return b"X" + struct.pack("<I", len(text.encode())) + text.encode()


def _integer(number: int) -> bytes:
    if number < 2**8:
        return b"K" + struct.pack("<B", number)
    return b"M" + struct.pack("<H", number) if number < 2**16 else b"\x8a\x08" + struct.pack("<q", number)


def _tuple(numbers: Sequence[int]) -> bytes:
    return b"(" + b"".join(_integer(number) for number in numbers) + b"t"


def _gguf_text(text: str, order: str, word: str) -> bytes:
    return struct.pack(f"{order}{word}", len(text.encode())) + text.encode()


def _gguf_kind(value: GgufValue) -> int:
    """Choose the narrowest type that writers of real files use for such a value."""
    match value:
        case str():
            return 8
        case bool():
            return 7
        case int():
            return (5 if value >= -(2**31) else 11) if value < 0 else (4 if value < 2**32 else 10)
        case float():
            return 6
        case _:
            return 9


def _gguf_value(value: GgufValue, kind: int, order: str, word: str) -> bytes:
    match value:
        case str():
            return _gguf_text(value, order, word)
        case bool() | int() | float():
            return struct.pack(order + "BbHhIif?__Qqd"[kind], value)
        case _:
            inner = _element_kind(value)
            return struct.pack(f"{order}I{word}", inner, len(value)) + b"".join(_gguf_value(item, inner, order, word) for item in value)


def _element_kind(values: Sequence[GgufValue]) -> int:
    """Choose the type of an array: whole numbers are i32, as the token types are, unless one needs more."""
    kinds: Iterator[int] = (_gguf_kind(value) for value in values)
    return {4: 5}.get(kind := max(kinds, default=8), kind)
