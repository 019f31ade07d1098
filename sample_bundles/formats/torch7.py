"""A tiny layer as Torch7 writes it, binary and as text."""

import struct
from collections.abc import Mapping
from itertools import count
from math import prod


class Writer:
    """Writes objects as `torch.save` does; `text` is its format `ascii`."""

    def __init__(self, *, text: bool = False) -> None:
        self.text, self.out, self._next = text, bytearray(), count(1)

    def number(self, value: int, code: str = "i") -> None:
        """Write a whole number."""
        self.out += f"{value}\n".encode() if self.text else struct.pack(f"<{code}", value)

    def string(self, data: bytes) -> None:
        """Write a length and so many bytes."""
        self.number(len(data))
        self.out += data + (b"\n" if self.text else b"")

    def begin(self, kind: int) -> None:
        """Write the kind of an object that has an index, and that."""
        self.number(kind)
        self.number(next(self._next))

    def table(self, items: Mapping[str, tuple[int, ...] | bytes]) -> None:
        """Write a table whose values are tensors of zeros (by shape) or functions (by code)."""
        self.begin(3)
        self.number(len(items))
        for key, value in items.items():
            self.number(2)
            self.string(key.encode())
            if isinstance(value, bytes):
                self.function(value)
            else:
                self.tensor(value)

    def function(self, code: bytes) -> None:
        """Write a function without upvalues."""
        self.begin(8)
        self.string(code)
        self.number(0)

    def named(self, name: str) -> None:
        """Begin an object of a class."""
        self.begin(4)
        self.string(b"V 1")
        self.string(name.encode())

    def tensor(self, shape: tuple[int, ...], kind: str = "Float") -> None:
        """Write a tensor of zeros."""
        self.named(f"torch.{kind}Tensor")
        self.number(len(shape))
        for size in (*shape, *(prod(shape[place + 1 :]) for place in range(len(shape))), 1):
            self.number(size, "q")
        self.named(f"torch.{kind}Storage")
        self.number(prod(shape), "q")
        self.out += b"0 " * prod(shape) + b"\n" if self.text else bytes(prod(shape) * 4)


def layer_bytes(*, text: bool = False, more: Mapping[str, tuple[int, ...] | bytes] | None = None) -> bytes:
    """Write a linear layer with the gradient of its weight."""
    writer = Writer(text=text)
    writer.named("nn.Linear")
    writer.table({"weight": (3, 4), "bias": (3,), "gradWeight": (3, 4), **(more or {})})
    return bytes(writer.out)


FILES = {"model.t7": layer_bytes(), "model_ascii.t7": layer_bytes(text=True)}
