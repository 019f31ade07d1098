"""Packed tensors: which of a file's tensors are words of small numbers, and how many parameters they stand for.

Only names, dtypes and shapes are looked at. The layouts are `standards/quantization.toml`: a packed tensor is told by its name and dtype and by a
tensor of scales beside it, so that integers of another kind are not taken for weights.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache

import msgspec

from inspector.model import Packed
from inspector.tables import load_table

LARGEST = 2**63


class Layout(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A way to pack: the ends of names, the dtypes, and how elements become parameters."""

    id: str
    packed: str
    dtypes: frozenset[str]
    beside: str
    auxiliary: tuple[str, ...]
    same_width: str = ""
    times: int = 0
    ratio: tuple[str, str] | None = None
    product: tuple[str, str] | None = None
    width: int = 0


class Method(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A method as configurations name it; see the table."""

    id: str
    title: str
    layouts: tuple[str, ...]
    bits: int | None = None


class Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Methods and layouts, the layouts in the order in which they are tried."""

    method: tuple[Method, ...]
    layout: tuple[Layout, ...]


@cache
def load_quantization() -> Table:
    """Read the table once."""
    return load_table("quantization.toml", Table)


@cache
def _ends() -> Mapping[str, tuple[str, ...]]:
    """Give the ends of names that mean something by the last word of each, the longest first."""
    ends = {end for layout in load_quantization().layout for end in (layout.packed, layout.beside, *layout.auxiliary)}
    words: dict[str, list[str]] = {}
    for end in sorted(ends, key=lambda end: (-len(end), end)):
        words.setdefault(_last_word(end), []).append(end)
    return {word: tuple(found) for word, found in words.items()}


def _last_word(name: str) -> str:
    return name[max(name.rfind("."), name.rfind("_")) + 1 :]


@cache
def _packed_dtypes() -> frozenset[str]:
    return frozenset(dtype for layout in load_quantization().layout for dtype in layout.dtypes)


@dataclass(frozen=True, slots=True)
class _Tensor:
    dtype: str
    last: int  # the last size of its shape
    elements: int


@dataclass(slots=True)
class Packing:
    """The tensors of a file that can belong to a packed one, by what their names begin with and end in."""

    stems: dict[str, dict[str, _Tensor]] = field(default_factory=dict)
    ends: Mapping[str, tuple[str, ...]] = field(default_factory=_ends)
    dtypes: frozenset[str] = field(default_factory=_packed_dtypes)

    def add(self, name: str, dtype: str, shape: str, elements: int) -> None:
        """Note one tensor by name, dtype and shape as it is written (`4096x128`); most are none of these."""
        if name.endswith(".weight") and dtype not in self.dtypes:
            return
        ends = self.ends.get(_last_word(name))
        end = next((end for end in ends if name.endswith(end)), None) if ends else None
        if end is None:
            return
        last = shape.rpartition("x")[2]
        size = int(last) if last.isdecimal() and len(last) < 20 else 1
        self.stems.setdefault(name.removesuffix(end), {})[end] = _Tensor(dtype, size, elements)

    def sum_up(self) -> tuple[Packed, ...]:
        """Give the packed tensors by layout, in the order of the table."""
        sums: dict[str, list[tuple[int, int | None, int]]] = {}
        for parts in self.stems.values():
            layout = next((layout for layout in load_quantization().layout if _fits(layout, parts)), None)
            if layout is not None:
                packed = parts[layout.packed]
                auxiliary = sum(parts[end].elements for end in layout.auxiliary if end in parts)
                sums.setdefault(layout.id, []).append((packed.elements, _count(layout, parts), auxiliary))
        return tuple(_packed(layout, sums[layout.id]) for layout in load_quantization().layout if layout.id in sums)


def _fits(layout: Layout, parts: dict[str, _Tensor]) -> bool:
    packed = parts.get(layout.packed)
    if packed is None or packed.dtype not in layout.dtypes or layout.beside not in parts:
        return False
    return not layout.same_width or (layout.same_width in parts and parts[layout.same_width].last == packed.last)


def _count(layout: Layout, parts: dict[str, _Tensor]) -> int | None:
    """Say how many parameters a packed tensor stands for, where its own parts tell."""
    elements = parts[layout.packed].elements
    if layout.times:
        return elements * layout.times
    if layout.ratio and all(end in parts and parts[end].last for end in layout.ratio):
        over, under = (parts[end].last for end in layout.ratio)
        return elements * over // under if elements * over % under == 0 else None
    if layout.product and all(end in parts for end in layout.product):
        one, other = (parts[end].last for end in layout.product)
        return one * other
    return None


def _packed(layout: Layout, items: list[tuple[int, int | None, int]]) -> Packed:
    counted = [count for _, count, _ in items if count is not None]
    elements, parameters = sum(item[0] for item in items), sum(counted)
    known = len(counted) == len(items) and parameters < LARGEST
    auxiliary = min(sum(item[2] for item in items), LARGEST - 1)
    return Packed(
        layout=layout.id,
        tensors=len(items),
        elements=elements,
        parameters=parameters if known else None,
        auxiliary=auxiliary,
        width=layout.width,
    )


def count_parameters(elements: int, packed: Iterable[Packed], bits: int | None = None) -> int | None:
    """Count the parameters of weights of so many elements in all: packed ones as what they stand for, without scales and zero points.

    `bits` is what the configuration says, for layouts that do not tell. None where it cannot be known.
    """
    total = elements
    for item in packed:
        stands_for = item.parameters
        if stands_for is None and item.width and bits and item.elements * item.width % bits == 0:
            stands_for = item.elements * item.width // bits
        if stands_for is None:
            return None
        total += stands_for - item.elements - item.auxiliary
    return total if 0 < total < LARGEST else None
