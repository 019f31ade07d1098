"""How the bytes of tensors become numbers: plain dtypes, eight-bit floats, and the block types of GGUF.

Sources: the dtypes of safetensors 0.8; the OCP 8-bit floating point specification; block layouts as the `gguf` package reads them.
"""

from functools import cache

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float32] | npt.NDArray[np.float64]
Bytes = npt.NDArray[np.uint8]

PLAIN = {
    "BOOL": "u1", "U8": "u1", "I8": "i1", "U16": "u2", "I16": "i2", "U32": "u4", "I32": "i4", "U64": "u8", "I64": "i8",
    "F16": "f2", "F32": "f4", "F64": "f8",
}  # fmt: skip
FLOATS = ("F64", "F32", "F16", "BF16", "F8_E5M2", "F8_E4M3")
EXACT = frozenset({"F64", "I64", "U64", "I32", "U32"})
EIGHT = {"F8_E4M3": (4, 3, 7), "F8_E5M2": (5, 2, 15)}  # bits of exponent and of fraction, bias
BLOCK = 256  # elements: no block type has more


@cache
def block_types() -> dict[str, tuple[int, int, int]]:
    """List the block types: the number that GGUF gives each, the elements of a block, the bytes of a block."""
    from gguf.constants import GGML_QUANT_SIZES, GGMLQuantizationType

    return {kind.name: (int(kind), *GGML_QUANT_SIZES[kind]) for kind in GGMLQuantizationType if kind in GGML_QUANT_SIZES}


@cache
def _block_names() -> dict[int, str]:
    return {number: name for name, (number, _, _) in block_types().items()}


def name_block_type(kind: int) -> str:
    """Give the name of a type of GGUF; what is not known is called by its number."""
    return _block_names().get(kind, f"type {kind}")


def block_of(encoding: str) -> tuple[int, int] | None:
    """Give the elements and the bytes of one block; a plain dtype has blocks of one element. None for an encoding that cannot be read."""
    if encoding in PLAIN:
        return 1, int(PLAIN[encoding][1:])
    if encoding == "BF16":
        return 1, 2
    if encoding in EIGHT:
        return 1, 1
    known = block_types().get(encoding)
    return None if known is None else known[1:]


def size_of(encoding: str, elements: int) -> int | None:
    """Compute a size in bytes; None for an encoding that is not known, or elements that are no whole blocks."""
    block = block_of(encoding)
    return elements // block[0] * block[1] if block is not None and elements % block[0] == 0 else None


def is_quantized(encoding: str) -> bool:
    """Say whether an encoding packs several elements into blocks, or into the words of a packed tensor."""
    return encoding not in PLAIN and encoding != "BF16" and encoding not in EIGHT


def decode(data: Bytes, encoding: str, *, little: bool = True) -> Numbers | None:
    """Turn rows of whole blocks into numbers; None for a block type that nobody here can read."""
    if encoding in PLAIN:
        values = data.view(np.dtype(("<" if little else ">") + PLAIN[encoding]))
        return values.astype(np.float64) if encoding in EXACT else values.astype(np.float32)
    if encoding == "BF16":
        words = data.view("<u2" if little else ">u2").astype(np.uint32)
        return (words << np.uint32(16)).view(np.float32)
    if encoding in EIGHT:
        return _eight(encoding)[data]
    return _dequantize(data, encoding) if little else None


def _dequantize(data: Bytes, encoding: str) -> Numbers | None:
    from gguf.constants import GGMLQuantizationType
    from gguf.quants import dequantize

    try:
        with np.errstate(all="ignore"):
            values: npt.NDArray[np.float32] = dequantize(data, GGMLQuantizationType[encoding])
    except (NotImplementedError, KeyError):
        return None
    return values


@cache
def _eight(encoding: str) -> npt.NDArray[np.float32]:
    """Write out the 256 values of an eight-bit float; `F8_E4M3` has no infinities and one NaN."""
    exponent_bits, fraction_bits, bias = EIGHT[encoding]
    values = np.zeros(256, np.float32)
    for code in range(256):
        exponent, fraction = code >> fraction_bits & (1 << exponent_bits) - 1, code & (1 << fraction_bits) - 1
        part = fraction / (1 << fraction_bits)
        value = part * 2.0 ** (1 - bias) if exponent == 0 else (1 + part) * 2.0 ** (exponent - bias)
        top = exponent == (1 << exponent_bits) - 1
        if encoding == "F8_E5M2" and top:
            value = float("nan") if fraction else float("inf")
        elif encoding == "F8_E4M3" and top and fraction == (1 << fraction_bits) - 1:
            value = float("nan")
        values[code] = -value if code & 0x80 else value
    return values


def round_to(values: Numbers, encoding: str) -> Numbers:
    """Round numbers to what a plain float dtype can hold (to nearest, ties to even), as a cast does; other dtypes leave them as they are."""
    with np.errstate(all="ignore"):
        if encoding in {"F16", "F32"}:
            return values.astype(PLAIN[encoding]).astype(np.float32)
        if encoding == "BF16":
            words = values.astype(np.float32).view(np.uint32)
            return ((words + np.uint32(0x7FFF) + (words >> np.uint32(16) & np.uint32(1))) & np.uint32(0xFFFF0000)).view(np.float32)
        if encoding in EIGHT:
            table = _eight(encoding)
            known = np.sort(table[np.isfinite(table)])
            middles = (known[1:] + known[:-1]) / 2
            return known[np.searchsorted(middles, values.astype(np.float32))]
    return values
