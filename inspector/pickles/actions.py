"""What each opcode of a pickle does to the stack and the memo, with symbols: a table by the opcode's byte.

Source: Python's `pickletools`, and its `_pickle` as it loads.
"""

from collections.abc import Callable

from inspector.errors import Malformed
from inspector.pickles.arguments import read_line, read_lines, read_long, read_unsigned
from inspector.pickles.inline_arrays import name_fields
from inspector.pickles.machine import Machine
from inspector.pickles.objects import add_item, add_items, build, call, make_object, persist
from inspector.pickles.payloads import read_bytes, read_text
from inspector.pickles.symbols import SOMETHING, Items, Symbol
from inspector.serialization.stream import Stream

Action = Callable[[Machine], None]


def _refuse(machine: Machine) -> None:
    stream = machine.stream
    stream.at -= 1
    raise Malformed(f"byte {stream.position} is no opcode of a pickle: {stream.take(1)!r}")


def _nothing(_machine: Machine) -> None:
    """Leave the stack as it is."""


def _something(machine: Machine) -> None:
    machine.stack.append(SOMETHING)


def _unsigned(width: int) -> Action:
    def push(machine: Machine) -> None:
        machine.stack.append(_number(machine.stream, width))

    return push


def _number(stream: Stream, width: int) -> int:
    """Read an unsigned number in the window, or across its end."""
    begin = stream.at
    data = stream.block[begin : begin + width]
    if len(data) < width:
        return read_unsigned(stream, width)
    stream.at = begin + width
    return int.from_bytes(data, "little")


def _byte(machine: Machine) -> None:
    stream = machine.stream
    if stream.at < len(stream.block):
        machine.stack.append(stream.block[stream.at])
        stream.at += 1
    else:
        machine.stack.append(stream.take(1)[0])


def _signed(machine: Machine) -> None:
    stream = machine.stream
    begin = stream.at
    data = stream.block[begin : begin + 4]
    if len(data) == 4:
        stream.at = begin + 4
    else:
        data = stream.take(4)
    machine.stack.append(int.from_bytes(data, "little", signed=True))


def _double(machine: Machine) -> None:
    stream = machine.stream
    if stream.at + 8 <= len(stream.block):
        stream.at += 8
    else:
        stream.take(8)
    machine.stack.append(SOMETHING)


def _long(width: int) -> Action:
    return lambda machine: machine.stack.append(read_long(machine.stream, width))


def _line(kind: str) -> Action:
    return lambda machine: machine.stack.append(read_line(machine.stream, kind))


def _text(width: int, codec: str = "utf-8") -> Action:
    return lambda machine: machine.stack.append(read_text(machine, width, codec))


def _quoted(machine: Machine) -> None:
    machine.stack.append(read_line(machine.stream, "string"))


def _bytes(width: int) -> Action:
    return lambda machine: machine.stack.append(read_bytes(machine, width))


def _empty(kind: str) -> Action:
    def push(machine: Machine) -> None:
        machine.stack.append(Items(kind, []))

    return push


def _collect(kind: str) -> Action:
    def push(machine: Machine) -> None:
        made = Items(kind, [])
        made.add(machine.group())
        machine.stack.append(made)

    return push


def _tuple_of(count: int) -> Action:
    def make(machine: Machine) -> None:
        stack = machine.stack
        begin = len(stack) - count
        if begin < machine.fence:
            raise Malformed(f"the pickle takes from an empty stack at byte {machine.place}")
        made = tuple(stack[begin:])
        del stack[begin:]
        stack.append(made)

    return make


def _tuple(machine: Machine) -> None:
    machine.stack.append(tuple(machine.group()))


def _memoize(machine: Machine) -> None:
    machine.memoize(None, machine.stack[-1] if len(machine.stack) > machine.fence else machine.top)


def _put(width: int) -> Action:
    return lambda machine: machine.memoize(_number(machine.stream, width), machine.top)


def _get(width: int) -> Action:
    return lambda machine: machine.stack.append(machine.recall(_number(machine.stream, width)))


def _key(machine: Machine) -> int:
    key = read_line(machine.stream, "number")
    if not isinstance(key, int) or key < 0:
        raise Malformed(f"the memo of the pickle has no such key before byte {machine.stream.position}")
    return key


def _put_line(machine: Machine) -> None:
    machine.memoize(_key(machine), machine.top)


def _get_line(machine: Machine) -> None:
    machine.stack.append(machine.recall(_key(machine)))


def _mark(machine: Machine) -> None:
    machine.mark()


def _drop(machine: Machine) -> None:
    """Drop the top, or the mark that stands there."""
    if machine.marks and machine.fence == len(machine.stack):
        machine.unmark()
    else:
        machine.pop()


def _drop_group(machine: Machine) -> None:
    machine.group()


def _duplicate(machine: Machine) -> None:
    machine.stack.append(machine.top)


def _global(machine: Machine) -> None:
    place = machine.place
    machine.stack.append(machine.name_global(*read_lines(machine.stream), place))


def _stack_global(machine: Machine) -> None:
    name, module = machine.pop(), machine.pop()
    machine.stack.append(machine.name_global(module, name, machine.place))


def _extension(width: int) -> Action:
    def push(machine: Machine) -> None:
        place = machine.place
        machine.stack.append(machine.name_global("copyreg", f"extension {read_unsigned(machine.stream, width)}", place))

    return push


def _instance(machine: Machine) -> None:
    place = machine.place
    called = machine.name_global(*read_lines(machine.stream), place)
    machine.stack.append(make_object(machine, called, tuple(machine.group()), place))


def _object(machine: Machine) -> None:
    parts = machine.group()
    if not parts:
        raise Malformed(f"the pickle makes an object of nothing at byte {machine.place}")
    machine.stack.append(make_object(machine, parts[0], tuple(parts[1:]), machine.place))


def _new(machine: Machine) -> None:
    arguments, called = machine.pop(), machine.pop()
    machine.stack.append(make_object(machine, called, arguments, machine.place))


def _new_with_names(machine: Machine) -> None:
    names, arguments, called = machine.pop(), machine.pop(), machine.pop()
    given: Symbol = arguments
    if isinstance(arguments, tuple) and not (isinstance(names, Items) and not names.few):
        given = (*arguments, names)
    machine.stack.append(make_object(machine, called, given, machine.place))


def _persistent(machine: Machine) -> None:
    machine.stack.append(persist(machine, machine.pop()))


def _persistent_line(machine: Machine) -> None:
    machine.stack.append(persist(machine, read_line(machine.stream, "plain")))


def _set_item(machine: Machine) -> None:
    value, key = machine.pop(), machine.pop()
    machine.listing.add_name(key, value)
    add_items(machine, [key, value])


def _set_items(machine: Machine) -> None:
    items = machine.group()
    machine.fields = name_fields(items)
    for key, value in zip(items[::2], items[1::2], strict=False):
        if value is not SOMETHING:
            machine.listing.add_name(key, value)
    add_items(machine, items)


def _add_group(machine: Machine) -> None:
    add_items(machine, machine.group())


_TABLE: dict[str, Action] = {
    "N": _something, "\x88": _something, "\x89": _something, "\x97": _something,  # None, True, False, and a buffer that is kept elsewhere
    "J": _signed, "K": _byte, "M": _unsigned(2), "\x8a": _long(1), "\x8b": _long(4), "G": _double,
    "I": _line("number"), "L": _line("number"), "F": _line("float"), "S": _quoted, "V": _line("unicode"),
    "X": _text(4), "\x8c": _text(1), "\x8d": _text(8), "T": _text(4, "latin-1"), "U": _text(1, "latin-1"),
    "B": _bytes(4), "C": _bytes(1), "\x8e": _bytes(8), "\x96": _bytes(8),
    "]": _empty("list"), "}": _empty("dict"), "\x8f": _empty("set"), "l": _collect("list"), "d": _collect("dict"), "\x91": _collect("frozenset"),
    ")": _tuple_of(0), "\x85": _tuple_of(1), "\x86": _tuple_of(2), "\x87": _tuple_of(3), "t": _tuple,
    "p": _put_line, "q": _put(1), "r": _put(4), "\x94": _memoize, "g": _get_line, "h": _get(1), "j": _get(4),
    "(": _mark, "0": _drop, "1": _drop_group, "2": _duplicate,
    "c": _global, "\x93": _stack_global, "i": _instance, "\x82": _extension(1), "\x83": _extension(2), "\x84": _extension(4),
    "R": call, "o": _object, "\x81": _new, "\x92": _new_with_names, "b": build, "P": _persistent_line, "Q": _persistent,
    "a": add_item, "e": _add_group, "\x90": _add_group, "s": _set_item, "u": _set_items,
    "\x98": _nothing, "\x80": lambda machine: machine.stream.skip(1), "\x95": lambda machine: machine.stream.skip(8),
}  # fmt: skip
STOP = ord(".")
ACTIONS: tuple[Action, ...] = tuple(_TABLE.get(chr(code), _refuse) for code in range(256))
