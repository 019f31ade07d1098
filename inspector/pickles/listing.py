"""What following one pickle amounts to, before anybody judges it."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from inspector.errors import TooLarge
from inspector.pickles.rendering import render_call, render_symbol
from inspector.pickles.symbols import Array, Call, Global, Storage, Symbol, Tensor

MOST_TENSORS = 200_000
MOST_CALLEES = 10_000
MOST_ODD = 200
SHOWN = 3  # calls of one callee that are written out


@dataclass(slots=True)
class Calls:
    """The calls of one callee: where the first stands, how many there are, the first few written as code."""

    place: int
    count: int = 0
    shown: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Odd:
    """Something that no writer of weights does: what is done, as a sentence, to what, and the global whose call made that."""

    what: str
    target: str
    maker: Global | None = None


@dataclass(slots=True)
class Listing:
    """What one pickle describes: globals, each with the byte where it is named first, tensors, their names, where it ended, what broke.

    `calls` are those of globals, `computed` those of anything else, by its code and the global it began with. `nested` are pickles in texts and
    bytes of this one, each with its place and how it is written. `detours` are what a reader finds that does not know joblib's arrays and takes
    their bytes for opcodes.
    """

    begin: int
    end: int = 0
    opcodes: int = 0
    globals: dict[Global, int] = field(default_factory=dict)
    calls: dict[Global, Calls] = field(default_factory=dict)
    computed: dict[tuple[str, Global | None], Calls] = field(default_factory=dict)
    odd: dict[Odd, int] = field(default_factory=dict)
    tensors: dict[tuple[str, int, tuple[int, ...]], Tensor] = field(default_factory=dict)
    storages: dict[str, Storage] = field(default_factory=dict)
    arrays: list[Array] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    named: dict[str, Tensor] = field(default_factory=dict)
    nested: list[tuple[int, str, "Listing"]] = field(default_factory=list)
    detours: list["Listing"] = field(default_factory=list)
    fault: str | None = None

    def parts(self) -> Iterator["Listing"]:
        """Give this pickle and those that stand in the same stream: arrays of objects between its opcodes."""
        yield self
        for _, how, inner in self.nested:
            if not how:
                yield from inner.parts()

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

    def add_call(self, callee: Symbol, arguments: Symbol, place: int) -> None:
        """Note a call; raises TooLarge above 10,000 callees that are no globals."""
        if isinstance(callee, Global):
            calls = self.calls.get(callee)
            if calls is None:
                calls = self.calls[callee] = Calls(place)
        else:
            key = (render_symbol(callee), find_maker(callee))
            calls = self.computed.setdefault(key, Calls(place))
            if len(self.computed) > MOST_CALLEES:
                raise TooLarge(f"more than {MOST_CALLEES} different calls of what is no global in one pickle")
        calls.count += 1
        if len(calls.shown) < SHOWN:
            calls.shown.append(render_call(callee, arguments))

    def add_odd(self, what: str, target: Symbol, place: int) -> None:
        """Note what no writer of weights does, at most 200 kinds of it."""
        if len(self.odd) < MOST_ODD:
            self.odd.setdefault(Odd(what, render_symbol(target, 60), find_maker(target)), place)


def find_maker(symbol: Symbol) -> Global | None:
    """Find the global that a chain of calls begins with; `None` where it begins with anything else."""
    while isinstance(symbol, Call):
        symbol = symbol.callee
    return symbol if isinstance(symbol, Global) else None
