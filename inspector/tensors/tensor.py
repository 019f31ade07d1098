"""A tensor as a file keeps it: where its bytes are, and how they become numbers. Nothing is read here."""

from dataclasses import dataclass
from math import prod

WIDE = 32  # a last dimension as long as this is a row; shorter ones are the sides of a kernel


@dataclass(frozen=True, slots=True)
class Tensor:
    """A tensor by name, encoding (a dtype in the words of safetensors, or a block type of GGUF), shape (slowest first) and place.

    `start` is the byte of the file at which its first element stands, `size` how many bytes it has. `strides` (elements) are given where it does not
    lie in the usual order. `parts` are the tensors that a packed one is put together from.
    """

    name: str
    encoding: str
    shape: tuple[int, ...]
    start: int
    size: int
    strides: tuple[int, ...] | None = None
    parts: tuple["Tensor", ...] = ()
    little: bool = True

    @property
    def elements(self) -> int:
        """The number of its elements."""
        return prod(self.shape)

    @property
    def grid(self) -> tuple[int, int]:
        """Its shape as rows and columns: what is not two-dimensional is folded, a kernel's sides into the columns."""
        match self.shape:
            case ():
                return 1, 1
            case (size,):
                return 1, size
            case (*outer, last) if last >= WIDE or len(outer) == 1:
                return prod(outer), last
            case (first, *inner):
                return first, prod(inner)
        raise AssertionError  # every tuple is one of these


def usual_strides(shape: tuple[int, ...]) -> tuple[int, ...]:
    """Give the strides (elements) of a tensor in the usual order, the last dimension fastest."""
    strides, step = list[int](), 1
    for size in reversed(shape):
        strides.append(step)
        step *= size
    return tuple(reversed(strides))
