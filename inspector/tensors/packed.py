"""Packed tensors: weights that a quantization library keeps as words of small integers, with scales beside them.

GPTQ and AWQ, MLX, compressed-tensors (packed), and integers or eight-bit floats with a scale a row, a column or a square of 128. What other libraries
write (bitsandbytes of four bits, EXL2, AQLM) is left as the integers that it is.
Sources: AutoGPTQ's and AutoAWQ's packing; mlx `quantize`; compressed-tensors `pack_quantized`; bitsandbytes `SCB`; the block scales of DeepSeek-V3.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

import numpy as np

from inspector.bundle import File
from inspector.tensors.encodings import Numbers
from inspector.tensors.grid import Indices
from inspector.tensors.plain import read_plain
from inspector.tensors.tensor import Tensor

WORD = 32  # bits
AWQ_ORDER = np.array([0, 4, 1, 5, 2, 6, 3, 7])  # the place in a word of each of eight outputs
SQUARE = 128
Sizes = tuple[int, int]


def assemble(tensors: Iterable[Tensor]) -> Iterator[Tensor]:
    """Put packed tensors together from their parts, under the name `….weight` and the shape that the weight had; others stay as they are."""
    held = {tensor.name: tensor for tensor in tensors}
    made: dict[str, Tensor] = {}
    for name in held:
        for suffix, scale, make in KINDS:
            stem = name.removesuffix(suffix)
            if stem != name and stem + scale in held and (whole := make(stem, held)) is not None:
                made[f"{stem}weight"] = replace(whole, name=f"{stem}weight")
                break
    used = {part.name for whole in made.values() for part in whole.parts}
    yield from (tensor for name, tensor in held.items() if name not in used)
    yield from made.values()


def _gptq(stem: str, held: dict[str, Tensor]) -> Tensor | None:
    words, scales, zeros = (held.get(stem + name) for name in ("qweight", "scales", "qzeros"))
    if words is None or scales is None or zeros is None or any(len(part.shape) != 2 or 0 in part.shape for part in (words, scales, zeros)):
        return None
    outputs = scales.shape[1]
    if words.shape[1] * 8 == outputs:
        return _packed("AWQ", (outputs, words.shape[0]), words, scales, zeros)
    bits = zeros.shape[1] * WORD // outputs
    if words.shape[1] != outputs or bits not in {2, 4, 8}:
        return None
    inputs = words.shape[0] * WORD // bits
    groups = held.get(f"{stem}g_idx")
    kept = () if groups is None or groups.shape != (inputs,) else (groups,)
    return _packed(f"GPTQ-{bits}", (outputs, inputs), words, scales, zeros, *kept)


def _mlx(stem: str, held: dict[str, Tensor]) -> Tensor | None:
    words, scales, biases = (held.get(stem + name) for name in ("weight", "scales", "biases"))
    if words is None or scales is None or biases is None or words.encoding != "U32" or len(words.shape) != 2 or len(scales.shape) != 2:
        return None
    for bits in (4, 8, 2):
        inputs = words.shape[1] * WORD // bits
        if scales.shape[1] and inputs // scales.shape[1] in {32, 64, 128}:
            return _packed(f"MLX-{bits}", (words.shape[0], inputs), words, scales, biases)
    return None


def _compressed(stem: str, held: dict[str, Tensor]) -> Tensor | None:
    words, scales = held.get(f"{stem}weight_packed"), held.get(f"{stem}weight_scale")
    if words is None or scales is None or words.encoding != "I32" or len(words.shape) != 2 or len(scales.shape) != 2:
        return None
    shape = held.get(f"{stem}weight_shape")
    parts = (words, scales) if shape is None else (words, scales, shape)
    return _packed("packed-4", (words.shape[0], words.shape[1] * 8), *parts)


def _scaled(stem: str, held: dict[str, Tensor]) -> Tensor | None:
    weight = held[f"{stem}weight"]
    scale = next(held[stem + name] for name in ("SCB", "weight_scale_inv", "weight_scale") if stem + name in held)
    whole = len(weight.shape) == 2 and weight.encoding in {"I8", "F8_E4M3", "F8_E5M2"} and scale.elements > 0
    return _packed("INT8" if weight.encoding == "I8" else "FP8", weight.grid, weight, scale) if whole else None


def _packed(kind: str, shape: Sizes, *parts: Tensor) -> Tensor:
    return Tensor("", kind, shape, parts[0].start, sum(part.size for part in parts), parts=parts)


KINDS: tuple[tuple[str, str, Callable[[str, dict[str, Tensor]], Tensor | None]], ...] = (
    ("qweight", "scales", _gptq),
    ("weight", "scales", _mlx),
    ("weight_packed", "weight_scale", _compressed),
    ("weight", "SCB", _scaled),
    ("weight", "weight_scale_inv", _scaled),
    ("weight", "weight_scale", _scaled),
)


def read_packed(file: File, tensor: Tensor, rows: Indices, columns: Indices) -> Numbers | None:
    """Read elements of a packed tensor: rows are outputs, columns are inputs."""
    words, scales, *rest = tensor.parts
    kind, _, bits = tensor.encoding.partition("-")
    with np.errstate(all="ignore"):
        if kind in {"GPTQ", "AWQ"}:
            return _read_grouped(file, tensor, int(bits or 4), rows, columns)
        if kind in {"INT8", "FP8"}:
            return _read_scaled(file, tensor, rows, columns)
        packed = _read_words(file, words, rows, columns // (WORD // int(bits)))
        step = tensor.shape[1] // scales.shape[1]
        scale = _read(file, scales, rows, columns // max(1, step))
        if packed is None or scale is None:
            return None
        small = _unpack(packed, (columns % (WORD // int(bits)))[None, :] * int(bits), int(bits))
        if kind == "packed":
            return ((small - 8) * scale).astype(np.float32)
        bias = _read(file, rest[0], rows, columns // max(1, step))
        return None if bias is None else (small * scale + bias).astype(np.float32)


def _read(file: File, tensor: Tensor, rows: Indices, columns: Indices) -> Numbers | None:
    """Read at rows and columns that may repeat and are in no order."""
    row_set, row_place = np.unique(rows, return_inverse=True)
    column_set, column_place = np.unique(columns, return_inverse=True)
    values = read_plain(file, tensor, row_set, column_set)
    return None if values is None else values[row_place[:, None], column_place[None, :]]


def _read_words(file: File, tensor: Tensor, rows: Indices, columns: Indices) -> Numbers | None:
    return _read(file, replace(tensor, encoding="U32"), rows, columns)


def _unpack(words: Numbers, shifts: Indices, bits: int) -> Numbers:
    return ((words.astype(np.uint64) >> shifts.astype(np.uint64)) & np.uint64((1 << bits) - 1)).astype(np.float64)


def _read_grouped(file: File, tensor: Tensor, bits: int, rows: Indices, columns: Indices) -> Numbers | None:
    """Read GPTQ and AWQ: inputs run down, outputs across; the zero point of GPTQ's first form is stored less one."""
    words, scales, zeros, *index = tensor.parts
    each, is_awq = WORD // bits, tensor.encoding == "AWQ"
    step = max(1, tensor.shape[1] // scales.shape[0])
    groups = columns // step
    if index:
        read = read_plain(file, index[0], np.zeros(1, np.int64), columns)
        groups = groups if read is None else np.clip(read[0].astype(np.int64), 0, scales.shape[0] - 1)
    places = AWQ_ORDER[rows % 8] if is_awq else rows % each
    packed = _read_words(file, words, columns, rows // each) if is_awq else _read_words(file, words, columns // each, rows)
    scale, zero = _read(file, scales, groups, rows), _read_words(file, zeros, groups, rows // each)
    if packed is None or scale is None or zero is None:
        return None
    shifts = places[None, :] * bits if is_awq else (columns % each)[:, None] * bits
    small = _unpack(packed, shifts, bits) - _unpack(zero, places[None, :] * bits, bits)
    values = [small * scale] if is_awq else [(small - 1) * scale, small * scale]
    return min(values, key=lambda value: abs(float(np.nanmean(value)))).T.astype(np.float32)


def _read_scaled(file: File, tensor: Tensor, rows: Indices, columns: Indices) -> Numbers | None:
    """Read integers or eight-bit floats with one scale, one a row, or one a square of 128 by 128."""
    weight, scale = tensor.parts
    values = read_plain(file, weight, rows, columns)
    if values is None:
        return None
    down, across = scale.grid if len(scale.shape) == 2 else (scale.elements, 1)
    row_step = 1 if down == weight.shape[0] else SQUARE if down > 1 else weight.shape[0]
    column_step = SQUARE if across > 1 else weight.shape[1]
    flat = replace(scale, shape=(down, across))
    factors = _read(file, flat, np.minimum(rows // row_step, down - 1), np.minimum(columns // column_step, across - 1))
    if factors is None:
        return None
    return (values * factors / (127 if scale.name.endswith("SCB") else 1)).astype(np.float32)
