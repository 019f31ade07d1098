"""A pickle's opcodes followed with symbols instead of objects: the globals it names, the tensors and arrays it describes.

Nothing is imported, called or unpickled: a call becomes a description of the call, and what is not understood becomes "something". Large
payloads are skipped. What was seen before a stream breaks is kept. Source: Python's `pickletools`; torch's `_utils` and numpy's array state
for the descriptions.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from inspector.errors import Malformed, TooLarge
from inspector.pickle_arguments import OPCODES, read_argument
from inspector.stream import Stream
from inspector.symbols import MARK, SOMETHING, STORAGES, Array, Global, Storage, Symbol, Tensor, describe_array, describe_call

MOST_OPCODES = 5_000_000
MOST_VALUES = 500_000  # on the stack, and in the memo
MOST_GLOBALS = 10_000
MOST_TENSORS = 200_000
KEPT_TEXT = 24 * 2**20  # bytes of all texts
COMPUTED = "(computed)"


@dataclass(slots=True)
class Listing:
    """What one pickle describes: globals, each with the byte where it is named first, tensors, their names, where it ended, what broke."""

    begin: int
    end: int = 0
    opcodes: int = 0
    globals: dict[Global, int] = field(default_factory=dict)
    tensors: dict[tuple[str, int, tuple[int, ...]], Tensor] = field(default_factory=dict)
    storages: dict[str, Storage] = field(default_factory=dict)
    arrays: list[Array] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    fault: str | None = None


def list_pickle(stream: Stream) -> Listing:
    """Follow one pickle to its STOP; never raises for its content: `fault` says where it broke or grew beyond the limits."""
    machine = Machine(stream)
    try:
        machine.run()
    except Malformed as error:
        machine.listing.fault = str(error)
    machine.listing.end = stream.position
    return machine.listing


class Machine:
    """The stack and the memo of a pickle, with symbols in them."""

    def __init__(self, stream: Stream) -> None:
        self.stream, self.listing = stream, Listing(stream.position)
        self.stack: list[Symbol] = []
        self.memo: dict[int, Symbol] = {}
        self.kept, self.place = 0, 0

    def run(self) -> None:
        """Follow the opcodes until STOP."""
        while True:
            self.place = self.stream.position
            code = self.stream.take(1)
            if (known := OPCODES.get(code)) is None:
                raise Malformed(f"byte {self.place} is no opcode of a pickle: {code!r}")
            self.listing.opcodes += 1
            name, before, marked, pushes, argument = known
            value = self._keep(read_argument(self.stream, argument)) if argument else None
            if name == "STOP":
                return
            if (action := ACTIONS.get(name)) is not None:
                action(self, value)
            else:
                self._follow(before, marked, pushes, value)
            if len(self.stack) > MOST_VALUES or len(self.memo) > MOST_VALUES or self.listing.opcodes > MOST_OPCODES:
                raise TooLarge(f"the pickle outgrows the limits at byte {self.place} ({MOST_OPCODES} opcodes, {MOST_VALUES} values)")

    def _follow(self, before: int, marked: bool, pushes: int, value: Symbol | None) -> None:
        """Do to the stack what an opcode does that nobody here is interested in."""
        if marked:
            self.group()
        for _ in range(before):
            self.pop()
        if pushes:
            self.stack.extend([SOMETHING if value is None else value] * pushes)

    def pop(self) -> Symbol:
        """Take the top of the stack."""
        if not self.stack:
            raise Malformed(f"the pickle takes from an empty stack at byte {self.place}")
        return self.stack.pop()

    def group(self) -> list[Symbol]:
        """Take what stands above the last mark, and the mark."""
        items: list[Symbol] = []
        while (item := self.pop()) is not MARK:
            items.append(item)
        items.reverse()
        return items

    def name_global(self, module: Symbol, name: Symbol) -> Global:
        """Note that the pickle names a global; one whose name is computed is noted as such."""
        known = Global(module, name) if isinstance(module, str) and isinstance(name, str) else Global(COMPUTED, COMPUTED)
        if len(self.listing.globals) >= MOST_GLOBALS:
            raise TooLarge(f"more than {MOST_GLOBALS} globals in one pickle")
        self.listing.globals.setdefault(known, self.place)
        return known

    def _keep(self, value: Symbol) -> Symbol:
        if isinstance(value, str):
            self.kept += len(value)
            if self.kept > KEPT_TEXT:
                raise TooLarge(f"more than {KEPT_TEXT} bytes of short texts in one pickle")
        return value


def _memoize(machine: Machine, value: Symbol | None) -> None:
    if not machine.stack:
        raise Malformed(f"the pickle memoizes an empty stack at byte {machine.place}")
    machine.memo[value if isinstance(value, int) else len(machine.memo)] = machine.stack[-1]


def _recall(machine: Machine, value: Symbol | None) -> None:
    machine.stack.append(machine.memo.get(value, SOMETHING) if isinstance(value, int) else SOMETHING)


def _nothing(_machine: Machine, _: Symbol | None) -> None:
    """Leave the stack as it is."""


def _drop(machine: Machine, _: Symbol | None) -> None:
    machine.pop()


def _drop_group(machine: Machine, _: Symbol | None) -> None:
    machine.group()


def _mark(machine: Machine, _: Symbol | None) -> None:
    machine.stack.append(MARK)


def _duplicate(machine: Machine, _: Symbol | None) -> None:
    machine.stack.append(top := machine.pop())
    machine.stack.append(top)


def _tuple_of(count: int) -> Callable[[Machine, Symbol | None], None]:
    def make(machine: Machine, _: Symbol | None) -> None:
        items = [machine.pop() for _ in range(count)]
        machine.stack.append(tuple(reversed(items)))

    return make


def _tuple(machine: Machine, _: Symbol | None) -> None:
    machine.stack.append(tuple(machine.group()))


def _global(machine: Machine, value: Symbol | None) -> None:
    module, name = value if isinstance(value, tuple) and len(value) == 2 else (SOMETHING, SOMETHING)
    machine.stack.append(machine.name_global(module, name))


def _stack_global(machine: Machine, _: Symbol | None) -> None:
    name, module = machine.pop(), machine.pop()
    machine.stack.append(machine.name_global(module, name))


def _instance(machine: Machine, value: Symbol | None) -> None:
    machine.group()
    _global(machine, value)


def _extension(machine: Machine, value: Symbol | None) -> None:
    machine.stack.append(machine.name_global("copyreg", f"extension {value}"))


def _reduce(machine: Machine, _: Symbol | None) -> None:
    arguments, called = machine.pop(), machine.pop()
    made = describe_call(called, arguments) if isinstance(called, Global) and isinstance(arguments, tuple) else SOMETHING
    if isinstance(made, Tensor):
        _add_tensor(machine, made)
    elif isinstance(made, Array):
        if len(machine.listing.arrays) >= MOST_TENSORS:
            raise TooLarge(f"more than {MOST_TENSORS} arrays in one pickle")
        machine.listing.arrays.append(made)
    machine.stack.append(made)


def _add_tensor(machine: Machine, tensor: Tensor) -> None:
    if len(machine.listing.tensors) >= MOST_TENSORS:
        raise TooLarge(f"more than {MOST_TENSORS} tensors in one pickle")
    machine.listing.tensors.setdefault((tensor.storage.key, tensor.offset, tensor.shape), tensor)


def _build(machine: Machine, _: Symbol | None) -> None:
    """Take an object's state; an array's holds version, shape, dtype, order and data."""
    state = machine.pop()
    array = machine.stack[-1] if machine.stack else SOMETHING
    if isinstance(array, Array) and isinstance(state, tuple) and len(state) >= 3 and (known := describe_array(state[1], state[2])):
        array.dtype, array.shape = known.dtype, known.shape


def _persistent(machine: Machine, value: Symbol | None) -> None:
    identity = machine.pop() if value is None else value
    match identity:
        case ("storage", Global() as kind, str() as key, _, int() as count, *_):
            storage = Storage(STORAGES.get(kind.name, kind.name[:32]), key, count)
            machine.listing.storages.setdefault(key, storage)
            machine.stack.append(storage)
        case _:
            machine.stack.append(SOMETHING)


def _set_item(machine: Machine, _: Symbol | None) -> None:
    value, key = machine.pop(), machine.pop()
    _name(machine, key, value)


def _set_items(machine: Machine, _: Symbol | None) -> None:
    items = machine.group()
    for key, value in zip(items[::2], items[1::2], strict=False):
        _name(machine, key, value)


def _name(machine: Machine, key: Symbol, value: Symbol) -> None:
    if isinstance(key, str) and isinstance(value, Tensor | Array) and len(machine.listing.names) < MOST_TENSORS:
        machine.listing.names.append(key)


ACTIONS: dict[str, Callable[[Machine, Symbol | None], None]] = {
    **dict.fromkeys(("PUT", "BINPUT", "LONG_BINPUT", "MEMOIZE"), _memoize),
    **dict.fromkeys(("GET", "BINGET", "LONG_BINGET"), _recall),
    **dict.fromkeys(("EXT1", "EXT2", "EXT4"), _extension),
    **dict.fromkeys(("PERSID", "BINPERSID"), _persistent),
    **dict.fromkeys(("PROTO", "FRAME", "READONLY_BUFFER"), _nothing),
    **dict.fromkeys(("APPENDS", "ADDITEMS"), _drop_group),
    "MARK": _mark,
    "DUP": _duplicate,
    "EMPTY_TUPLE": _tuple_of(0),
    "TUPLE1": _tuple_of(1),
    "TUPLE2": _tuple_of(2),
    "TUPLE3": _tuple_of(3),
    "TUPLE": _tuple,
    "GLOBAL": _global,
    "STACK_GLOBAL": _stack_global,
    "INST": _instance,
    "REDUCE": _reduce,
    "BUILD": _build,
    "SETITEM": _set_item,
    "SETITEMS": _set_items,
    "APPEND": _drop,
}
