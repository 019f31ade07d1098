"""A pickle's opcodes followed with symbols instead of objects: the globals it names, the tensors and arrays it describes.

Nothing is imported, called or unpickled: a call becomes a description of the call, and what is not understood becomes "something". Large
payloads are skipped, also the arrays that joblib writes between opcodes. What was seen before a stream breaks is kept.
Source: Python's `pickletools`; torch's `_utils` and numpy's array state for the descriptions.
"""

from collections.abc import Callable

from inspector.errors import Malformed, TooLarge
from inspector.inline_arrays import WRAPPER, measure, name_fields, skip_elements
from inspector.pickle_arguments import OPCODES, read_argument
from inspector.pickle_listing import Listing
from inspector.stream import Stream, stream_of
from inspector.symbols import MARK, SOMETHING, STORAGES, Array, Global, Inline, Storage, Symbol, Tensor, describe_array, describe_call

__all__ = ["Listing", "Machine", "list_pickle"]
MOST_OPCODES = 5_000_000
MOST_VALUES = 500_000  # on the stack, and in the memo
MOST_GLOBALS = 10_000
KEPT_TEXT = 24 * 2**20  # bytes of all texts
COMPUTED = "(computed)"
DEEPEST = 3  # pickles in pickles
DETOUR = 1 << 16  # bytes of an array that are also read as if they were opcodes
MOST_DETOURS = 1_000_000  # opcodes of all detours in one pickle


def list_pickle(stream: Stream, depth: int = 0, most: int = MOST_OPCODES) -> Listing:
    """Follow one pickle to its STOP; never raises for its content: `fault` says where it broke or grew beyond the limits."""
    machine = Machine(stream, depth, most)
    try:
        machine.run()
    except Malformed as error:
        machine.listing.fault = str(error)
    machine.listing.end = stream.position
    return machine.listing


class Machine:
    """The stack and the memo of a pickle, with symbols in them."""

    def __init__(self, stream: Stream, depth: int, most: int) -> None:
        self.stream, self.listing, self.depth, self.most = stream, Listing(stream.position), depth, most
        self.stack: list[Symbol] = []
        self.memo: dict[int, Symbol] = {}
        self.kept, self.place, self.detoured = 0, 0, 0
        self.fields: dict[str, Symbol] = {}

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
            if len(self.stack) > MOST_VALUES or len(self.memo) > MOST_VALUES or self.listing.opcodes > self.most:
                raise TooLarge(f"the pickle outgrows the limits at byte {self.place} ({self.most} opcodes, {MOST_VALUES} values)")

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
    if machine.stack[-1] == WRAPPER:
        machine.stack.append(_make(machine, [machine.pop()]))


def _extension(machine: Machine, value: Symbol | None) -> None:
    machine.stack.append(machine.name_global("copyreg", f"extension {value}"))


def _reduce(machine: Machine, _: Symbol | None) -> None:
    arguments, called = machine.pop(), machine.pop()
    if isinstance(arguments, tuple) and WRAPPER in (called, *arguments):
        machine.stack.append(_make(machine, [WRAPPER]))
        return
    made = describe_call(called, arguments) if isinstance(called, Global) and isinstance(arguments, tuple) else SOMETHING
    if isinstance(made, Tensor):
        machine.listing.add_tensor(made)
    elif isinstance(made, Array):
        machine.listing.add_array(made)
    machine.stack.append(made)


def _object_of(count: int | None) -> Callable[[Machine, Symbol | None], None]:
    def make(machine: Machine, _: Symbol | None) -> None:
        parts = machine.group() if count is None else [machine.pop() for _ in range(count)]
        machine.stack.append(_make(machine, parts))

    return make


def _make(machine: Machine, parts: list[Symbol]) -> Symbol:
    """Make an object of a class and its arguments: of no interest, but for an array that will follow in the stream."""
    if WRAPPER not in parts:
        return SOMETHING
    machine.listing.add_array(made := Inline())
    return made


def _build(machine: Machine, _: Symbol | None) -> None:
    """Take an object's state; an array's holds version, shape, dtype, order and data."""
    state = machine.pop()
    array = machine.stack[-1] if machine.stack else SOMETHING
    if isinstance(array, Inline):
        _skip_inline(machine, array)
    elif isinstance(array, Array) and isinstance(state, tuple) and len(state) >= 3 and (known := describe_array(state[1], state[2])):
        array.dtype, array.shape = known.dtype, known.shape


def _skip_inline(machine: Machine, array: Inline) -> None:
    """Move behind the elements of an array that stand in the stream: numbers, or a pickle where they are objects."""
    fields, stream = machine.fields, machine.stream
    machine.fields = {}
    if (size := measure(array, fields, stream.position)) is not None:
        _take_detour(machine)
        skip_elements(stream, fields, size)
        return
    if machine.depth >= DEEPEST:
        raise TooLarge(f"pickles in pickles, more than {DEEPEST} deep, at byte {stream.position}")
    inner, listing = list_pickle(stream, machine.depth + 1, machine.most - machine.listing.opcodes), machine.listing
    listing.opcodes += inner.opcodes
    listing.globals |= {known: place for known, place in inner.globals.items() if known not in listing.globals}
    listing.arrays += inner.arrays
    listing.detours += inner.detours
    if inner.fault is not None:
        raise Malformed(inner.fault)


def _take_detour(machine: Machine) -> None:
    """Read the bytes of an array as a plain reader would, who goes on with opcodes."""
    if machine.depth or machine.detoured > MOST_DETOURS:
        return
    begin = machine.stream.position
    detour = list_pickle(stream_of(machine.stream.look(DETOUR)), DEEPEST, MOST_DETOURS // 10)
    machine.detoured += detour.opcodes
    if detour.globals:
        detour.globals = {known: begin + place for known, place in detour.globals.items()}
        machine.listing.detours.append(detour)


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
    machine.listing.add_name(key, value)


def _set_items(machine: Machine, _: Symbol | None) -> None:
    items = machine.group()
    machine.fields = name_fields(items)
    for key, value in zip(items[::2], items[1::2], strict=False):
        machine.listing.add_name(key, value)


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
    "NEWOBJ": _object_of(2),
    "NEWOBJ_EX": _object_of(3),
    "OBJ": _object_of(None),
    "BUILD": _build,
    "SETITEM": _set_item,
    "SETITEMS": _set_items,
    "APPEND": _drop,
}
