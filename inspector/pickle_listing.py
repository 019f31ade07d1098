"""What following one pickle amounts to, before anybody judges it."""

from dataclasses import dataclass, field

from inspector.errors import TooLarge
from inspector.symbols import Array, Global, Storage, Symbol, Tensor

MOST_TENSORS = 200_000


@dataclass(slots=True)
class Listing:
    """What one pickle describes: globals, each with the byte where it is named first, tensors, their names, where it ended, what broke.

    `detours` are what a reader finds that does not know joblib's arrays and takes their bytes for opcodes.
    """

    begin: int
    end: int = 0
    opcodes: int = 0
    globals: dict[Global, int] = field(default_factory=dict)
    tensors: dict[tuple[str, int, tuple[int, ...]], Tensor] = field(default_factory=dict)
    storages: dict[str, Storage] = field(default_factory=dict)
    arrays: list[Array] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    named: dict[str, Tensor] = field(default_factory=dict)
    detours: list["Listing"] = field(default_factory=list)
    fault: str | None = None

    def add_array(self, array: Array) -> None:
        """Keep an array; raises TooLarge above 200,000."""
        if len(self.arrays) >= MOST_TENSORS:
            raise TooLarge(f"more than {MOST_TENSORS} arrays in one pickle")
        self.arrays.append(array)

    def add_tensor(self, tensor: Tensor) -> None:
        """Keep a tensor once; raises TooLarge above 200,000."""
        if len(self.tensors) >= MOST_TENSORS:
            raise TooLarge(f"more than {MOST_TENSORS} tensors in one pickle")
        self.tensors.setdefault((tensor.storage.key, tensor.offset, tensor.shape), tensor)

    def add_name(self, key: Symbol, value: Symbol) -> None:
        """Keep the key that a tensor or an array stands under; of a key that stands twice the first tensor."""
        if isinstance(key, str) and isinstance(value, Tensor | Array) and len(self.names) < MOST_TENSORS:
            self.names.append(key)
            if isinstance(value, Tensor):
                self.named.setdefault(key, value)
