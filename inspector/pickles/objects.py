"""Calls, objects and their state in a pickle: what would be made, of what, and what no writer of weights does.

Nothing is called: a call becomes a description of the call. Source: Python's `_pickle`, as it loads; joblib's `numpy_pickle`.
"""

from inspector.errors import Malformed, TooLarge
from inspector.pickles.inline_arrays import WRAPPERS, measure, skip_elements
from inspector.pickles.machine import Machine
from inspector.pickles.symbols import (
    SOMETHING,
    STORAGES,
    Array,
    Call,
    Dtype,
    Global,
    Inline,
    Items,
    Storage,
    Symbol,
    Tensor,
    describe_array,
    describe_call,
)
from inspector.serialization.stream import stream_of

DEEPEST = 3  # pickles in pickles
DETOUR = 1 << 16  # bytes of an array that are also read as if they were opcodes
MOST_DETOURS = 1_000_000  # opcodes of all detours in one pickle
HOOKS = frozenset({
    "__setstate__", "__reduce__", "__reduce_ex__", "__class__", "__del__", "__call__", "__getattr__", "__getattribute__", "__setattr__",
    "__builtins__", "__globals__", "__code__", "__subclasshook__", "__instancecheck__",
})  # fmt: skip


def call(machine: Machine) -> None:
    """Put in place of a callable and its arguments what the call would return."""
    arguments, called = machine.pop(), machine.pop()
    machine.stack.append(make_object(machine, called, arguments, machine.place))


def make_object(machine: Machine, called: Symbol, arguments: Symbol, place: int) -> Symbol:
    """Describe what a call would return, and note the call."""
    machine.listing.add_call(called, arguments, place)
    plain = isinstance(arguments, tuple) and not isinstance(arguments, Global | Storage)
    if _is_wrapper(called) or (plain and isinstance(arguments, tuple) and any(_is_wrapper(item) for item in arguments)):
        machine.listing.add_array(inline := Inline())
        return inline
    made = describe_call(called, arguments) if isinstance(called, Global) and plain and isinstance(arguments, tuple) else SOMETHING
    if isinstance(made, Tensor):
        machine.listing.add_tensor(made)
    elif isinstance(made, Array):
        machine.listing.add_array(made)
    return Call(called, arguments) if made is SOMETHING else made


def _is_wrapper(symbol: Symbol) -> bool:
    """Say whether this is joblib's class of arrays; a mere tuple of its two names is not."""
    return isinstance(symbol, Global) and symbol in WRAPPERS


def build(machine: Machine) -> None:
    """Take an object's state; an array's holds version, shape, dtype, order and data."""
    state, target = machine.pop(), machine.top
    match target:
        case Inline():
            _skip_inline(machine, target)
        case Array() if isinstance(state, tuple) and len(state) >= 3 and (known := describe_array(state[1], state[2])):
            target.dtype, target.shape = known.dtype, known.shape
        case Global():
            machine.listing.add_odd("changes what it imports", target, machine.place)
        case Call():
            _set_state(machine, target, state)


def _set_state(machine: Machine, target: Call, state: Symbol) -> None:
    """Take the state of an object; the method of its own that takes the next one is a callable of the pickle's choice."""
    if target.setter is not None:
        machine.listing.add_call(target.setter, (state,), machine.place)
    parts = state if isinstance(state, tuple) and not isinstance(state, Global | Storage) else (state,)
    for part in parts[:2]:
        if isinstance(part, Items) and part.hooks:
            machine.listing.add_odd("gives an object methods of the pickle's choice", target, machine.place)
            pairs = dict(zip(_texts(part.few[::2]), part.few[1::2], strict=False))
            target.setter = pairs.get("__setstate__", SOMETHING)


def _texts(items: list[Symbol]) -> list[str]:
    return [item if isinstance(item, str) else "" for item in items]


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
    inner, listing = machine.nest(stream, machine.depth + 1, machine.most - machine.listing.opcodes), machine.listing
    listing.opcodes += inner.opcodes
    listing.arrays += inner.arrays
    inner.arrays = []
    listing.nested.append((inner.begin, "", inner))
    if inner.fault is not None:
        raise Malformed(inner.fault)


def _take_detour(machine: Machine) -> None:
    """Read the bytes of an array as a plain reader would, who goes on with opcodes."""
    if machine.depth or machine.detoured > MOST_DETOURS:
        return
    begin = machine.stream.position
    detour = machine.nest(stream_of(machine.stream.look(DETOUR)), DEEPEST, MOST_DETOURS // 10)
    machine.detoured += detour.opcodes
    if detour.globals:
        detour.globals = {known: begin + place for known, place in detour.globals.items()}
        machine.listing.detours.append(detour)


def persist(machine: Machine, identity: Symbol) -> Symbol:
    """Describe what stands outside of the pickle under an id: torch's storages."""
    match identity:
        case ("storage", Global() as kind, str() as key, _, int() as count, *_):
            storage = Storage(STORAGES.get(kind.name, kind.name[:32]), key, count)
            machine.listing.storages.setdefault(key, storage)
            return storage
    return SOMETHING


def add_item(machine: Machine) -> None:
    """Add the top to the list below it."""
    add_items(machine, [machine.pop()])


def add_items(machine: Machine, items: list[Symbol]) -> None:
    """Add items to the list, dict or set below them; anything else is nothing that items are added to."""
    target = machine.stack[-1] if len(machine.stack) > machine.fence else machine.top
    if isinstance(target, Items):
        target.add(items)
        if target.kind == "dict" and not HOOKS.isdisjoint([key for key in items[::2] if key.__class__ is str]):
            target.hooks = True
    elif isinstance(target, Call | Tensor | Array | Storage | Dtype | Global | str | bytes | int | tuple):
        machine.listing.add_odd("puts items into what holds none", target, machine.place)
