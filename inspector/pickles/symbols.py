"""What stands on the stack while a pickle is followed: descriptions of globals, storages, tensors and arrays, and of calls.

Source: the arguments of torch's `_utils._rebuild_*`, of numpy's array state and of JAX's, as these libraries write them.
"""

import re
from dataclasses import dataclass
from typing import NamedTuple

STORAGES = {
    "BoolStorage": "BOOL",
    "ByteStorage": "U8",
    "CharStorage": "I8",
    "ShortStorage": "I16",
    "IntStorage": "I32",
    "LongStorage": "I64",
    "UInt16Storage": "U16",
    "UInt32Storage": "U32",
    "UInt64Storage": "U64",
    "HalfStorage": "F16",
    "BFloat16Storage": "BF16",
    "FloatStorage": "F32",
    "DoubleStorage": "F64",
    "ComplexFloatStorage": "C64",
    "ComplexDoubleStorage": "C128",
    "QInt8Storage": "I8",
    "QUInt8Storage": "U8",
    "QInt32Storage": "I32",
    "Float8_e4m3fnStorage": "F8_E4M3",
    "Float8_e5m2Storage": "F8_E5M2",
    "UntypedStorage": "BYTES",
}
DTYPES = {
    "bool": "BOOL",
    "uint8": "U8",
    "int8": "I8",
    "int16": "I16",
    "int32": "I32",
    "int64": "I64",
    "uint16": "U16",
    "uint32": "U32",
    "uint64": "U64",
    "float16": "F16",
    "bfloat16": "BF16",
    "float32": "F32",
    "float64": "F64",
    "complex64": "C64",
    "complex128": "C128",
    "float8_e4m3fn": "F8_E4M3",
    "float8_e5m2": "F8_E5M2",
    "b1": "BOOL",
    "u1": "U8",
    "i1": "I8",
    "i2": "I16",
    "i4": "I32",
    "i8": "I64",
    "u2": "U16",
    "u4": "U32",
    "u8": "U64",
    "f2": "F16",
    "f4": "F32",
    "f8": "F64",
    "c8": "C64",
    "c16": "C128",
}
SIZES = {
    "BOOL": 1,
    "U8": 1,
    "I8": 1,
    "F8_E4M3": 1,
    "F8_E5M2": 1,
    "BYTES": 1,
    "U16": 2,
    "I16": 2,
    "F16": 2,
    "BF16": 2,
    "U32": 4,
    "I32": 4,
    "F32": 4,
}
SIZES |= {"I64": 8, "U64": 8, "F64": 8, "C64": 8, "C128": 16}
WIDTH = re.compile(r"([biufcOSUVMm])([0-9]{0,9})")
REBUILDERS = frozenset({"_rebuild_tensor", "_rebuild_tensor_v2", "_rebuild_tensor_v3", "_rebuild_qtensor"})


class Global(NamedTuple):
    """Something that a loader would import: a module and a name in it."""

    module: str
    name: str

    @property
    def full(self) -> str:
        """The two with a dot between them."""
        return f"{self.module}.{self.name}"


class Storage(NamedTuple):
    """A block of numbers outside of the pickle: its dtype, its key, how many elements."""

    dtype: str
    key: str
    length: int


@dataclass(frozen=True, slots=True)
class Tensor:
    """A view of a storage: dtype, shape, first element and strides (elements)."""

    dtype: str
    shape: tuple[int, ...]
    storage: Storage
    offset: int
    strides: tuple[int, ...]


@dataclass(slots=True, eq=False)
class Array:
    """An array inside of the pickle; dtype and shape are known once its state was seen."""

    dtype: str = ""
    shape: tuple[int, ...] = ()


@dataclass(slots=True, eq=False)
class Inline(Array):
    """An array whose elements follow in the stream, behind the opcode that completes it, as joblib writes them."""


@dataclass(frozen=True, slots=True)
class Dtype:
    """What an array's elements are, and how many bytes each has: 0 for objects, `None` when it is not known."""

    word: str
    size: int | None = None


class Opaque:
    """Something that is not followed."""


@dataclass(slots=True, eq=False)
class Items:
    """A list, dict or set that the pickle fills: the first few of what it holds, and how many more; a dict's keys and values in turn.

    `hooks` says that a key of it is a method which loading or copying an object calls.
    """

    kind: str
    few: list["Symbol"]
    more: int = 0
    hooks: bool = False

    def add(self, items: list["Symbol"]) -> None:
        """Take in more items; only the first few are kept."""
        few = self.few
        if len(few) + len(items) <= MOST_ITEMS:
            few += items
            return
        kept = items[: MOST_ITEMS - len(few)]
        few += kept
        self.more += len(items) - len(kept)


@dataclass(slots=True, eq=False)
class Call:
    """What a call would return; it is never made. `setter` is a method of the object's own that would take its next state."""

    callee: "Symbol"
    arguments: "Symbol"
    setter: "Symbol | None" = None


SOMETHING = Opaque()
MOST_ITEMS = 16
Symbol = Opaque | Global | Storage | Tensor | Array | Dtype | Items | Call | str | bytes | int | tuple["Symbol", ...]


def describe_call(called: Global, arguments: tuple[Symbol, ...]) -> Symbol:
    """Describe what a call would make; it is never made."""
    match called.name, arguments:
        case "_rebuild_from_type_v2", (Global() as inner, _, tuple() as inner_arguments, *_):  # a subclass of tensors
            return _describe_direct(inner, inner_arguments)
        case "_reconstruct_array", (_, _, (_, shape, dtype, *_), *_):  # JAX hands over numpy's state
            return describe_array(shape, dtype) or Array()
        case "_frombuffer", (_, dtype, shape, _):
            return describe_array(shape, dtype) or Array()
    return _describe_direct(called, arguments)


def _describe_direct(called: Global, arguments: tuple[Symbol, ...]) -> Symbol:
    if called.module == "torch._utils" and called.name in REBUILDERS:
        return _tensor(arguments)
    if called.name in {"_rebuild_parameter", "_rebuild_parameter_with_state"} and arguments:
        return arguments[0] if isinstance(arguments[0], Tensor) else SOMETHING
    if called.module in {"numpy.core.multiarray", "numpy._core.multiarray"} and called.name == "_reconstruct":
        return Array()
    return _dtype(arguments[0]) if called == ("numpy", "dtype") and arguments else SOMETHING


def _tensor(arguments: tuple[Symbol, ...]) -> Symbol:
    match arguments:
        case (Storage() as storage, int() as offset, tuple() as shape, tuple() as strides, *rest):
            sizes, steps = _sizes(shape), _sizes(strides)
            if sizes is None or steps is None or len(sizes) != len(steps) or not 0 <= offset < 2**63:
                return SOMETHING
            named = next((item.name for item in rest if isinstance(item, Global) and item.module == "torch" and item.name in DTYPES), None)
            return Tensor(DTYPES[named] if named else storage.dtype, sizes, storage, offset, steps)
    return SOMETHING


def _sizes(items: tuple[Symbol, ...]) -> tuple[int, ...] | None:
    sizes = tuple(item for item in items if isinstance(item, int) and 0 <= item < 2**63)
    return sizes if len(sizes) == len(items) <= 64 else None


def _dtype(symbol: Symbol) -> Dtype:
    """Describe a dtype by numpy's word for it; texts of numpy (`U8` is eight characters) are not to be taken for numbers."""
    name = symbol.name if isinstance(symbol, Global) else symbol if isinstance(symbol, str) else "unknown"
    plain = name.lstrip("<>=|")
    word = DTYPES.get(plain, name[:32])
    if (match := WIDTH.fullmatch(plain)) is None:
        return Dtype(word, SIZES.get(word))
    if match[1] == "O":
        return Dtype("objects", 0)
    width = int(match[2] or 1) * (4 if match[1] == "U" else 1)
    return Dtype(f"{'text' if match[1] in 'US' else match[1]}{width}" if plain not in DTYPES else word, width)


def describe_array(shape: Symbol, dtype: Symbol) -> Array | None:
    """Describe an array by the shape and dtype in its state; `None` when one of them is not understood."""
    sizes = _sizes(shape) if isinstance(shape, tuple) else None
    return Array(dtype.word, sizes) if sizes is not None and isinstance(dtype, Dtype) else None
