"""Objects as R serializes them (XDR, native binary or text), read forward: vectors by their headers, code as what it is. Nothing is loaded.

Source: R's `serialize.c` and "R Internals", Serialization Formats: versions 2 and 3. Flags of an item: the type in the low byte, then whether it
has a class, attributes and a tag.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from math import prod

from inspector.errors import Malformed, TooLarge
from inspector.weights.r_numbers import COMPLEX, FEW, INT, NUMBERS, Reader

MOST_ITEMS, DEEPEST, LONGEST = 3_000_000, 120, 2**48
ATTRIBUTES, TAG = 0x200, 0x400
SYM, LIST, CLO, ENV, PROM, LANG, SPECIAL, BUILTIN, CHAR = 1, 2, 3, 4, 5, 6, 7, 8, 9
STR, DOT, VEC, EXPR, BCODE, EXTPTR, WEAKREF, S4 = 16, 17, 19, 20, 21, 22, 23, 25
ALTREP, ATTRLIST, ATTRLANG, BCREPREF, BCREPDEF, PERSIST, PACKAGE, NAMESPACE, UNBOUND, REF = 238, 239, 240, 243, 244, 247, 248, 249, 252, 255
PAIRS = frozenset({LIST, CLO, PROM, LANG, DOT, ATTRLIST, ATTRLANG})
EMPTY = frozenset({0, 241, 242, 250, 251, UNBOUND, 253, 254})
COUNTED = frozenset({INT, 14, COMPLEX})


@dataclass(slots=True)
class Item:
    """What is kept of an object: its type, its text or short list of texts, its whole numbers where they are few, the attributes that matter."""

    type: int
    texts: tuple[str, ...] = ()
    numbers: tuple[int, ...] = ()
    classes: tuple[str, ...] = ()
    length: int = 0


@dataclass(slots=True)
class Told:
    """What a stream holds: vectors by `vector`, classes, names at its top, and where code stands (bytes of what was inflated).

    `promises` are expressions that wait to be evaluated, `waiting` those in environments, as functions leave them.
    """

    vector: Callable[[str, str, tuple[int, ...], tuple[str, ...]], None]
    classes: dict[str, int] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)
    functions: list[int] = field(default_factory=list)
    bytecode: list[int] = field(default_factory=list)
    promises: list[int] = field(default_factory=list)
    waiting: list[int] = field(default_factory=list)


class Objects:
    """A reader of one stream; raises Malformed for what is no object, TooLarge beyond the limits."""

    def __init__(self, reader: Reader, told: Told) -> None:
        self.reader, self.told, self.count = reader, told, 0
        self._names: list[str] = []  # of what can be referred to
        self._around = self._quiet = 0  # environments around what is read, and code or attributes, whose numbers are no weights

    def read(self, name: str = "", depth: int = 0, flags: int | None = None) -> Item:
        """Read one object below a name; `flags` are its own, where they were read before."""
        self.count += 1
        if self.count > MOST_ITEMS or depth > DEEPEST:
            place = self.reader.stream.position
            raise TooLarge(f"more than {MOST_ITEMS} objects, or more than {DEEPEST} in one another, at byte {place} of what is serialized")
        start = self.reader.stream.position
        flags = self.reader.number() if flags is None else flags
        kind = flags & 0xFF
        if kind in EMPTY:
            return Item(kind)
        if kind in PAIRS:
            return self._pairs(flags, start, name, depth)
        if kind in NUMBERS or kind in {STR, VEC, EXPR}:
            return self._vector(flags, name, depth)
        return self._other(flags, start, name, depth)

    def _other(self, flags: int, start: int, name: str, depth: int) -> Item:
        kind = flags & 0xFF
        if kind in {SYM, REF, NAMESPACE, PACKAGE, PERSIST}:
            return self._named(flags, depth)
        if kind == ENV:
            return self._environment(name, depth)
        if kind == ALTREP:
            return self._alternative(name, depth)
        if kind == CHAR:
            item = self._characters()
        elif kind in {EXTPTR, WEAKREF, S4}:
            item = self._opaque(kind, name, depth)
        elif kind in {SPECIAL, BUILTIN}:
            item = Item(kind, (self.reader.text(self._length()),))
        elif kind == BCODE:
            self.told.bytecode.append(start)
            self.reader.number()
            self._quiet += 1
            self._bytecode(depth)
            self._quiet -= 1
            item = Item(kind)
        else:
            raise Malformed(f"no kind of object has the number {kind}, at byte {start} of what is serialized")
        return self._with_attributes(flags, item, name, depth)

    def _named(self, flags: int, depth: int) -> Item:
        """Read a name, or what stands for an object that was read before or is not in the file."""
        kind = flags & 0xFF
        if kind == SYM:
            self._names.append(symbol := self._first(self.read("", depth + 1)))
            return Item(kind, (symbol,))
        if kind == REF:
            index = flags >> 8 or self.reader.number()
            return Item(SYM, (self._names[index - 1],)) if 0 < index <= len(self._names) else Item(kind)
        self.reader.number()
        words = [self._first(self.read("", depth + 1)) for _ in range(self._length())]
        self._names.append("")
        return Item(kind, tuple(words[:1]))

    def _opaque(self, kind: int, name: str, depth: int) -> Item:
        """Read what stands for memory of the process, which no file holds; the parts of an S4 object are its attributes."""
        if kind != S4:
            self._names.append("")
        for _ in range(2 if kind == EXTPTR else 0):
            self.read(name, depth + 1)
        return Item(kind)

    def _environment(self, name: str, depth: int) -> Item:
        self.reader.number()
        self._names.append("")
        self._around += 1
        for _ in range(4):  # what encloses it, its frame, its table, its attributes
            self.read(name, depth + 1)
        self._around -= 1
        return Item(ENV)

    def _alternative(self, name: str, depth: int) -> Item:
        """Read a vector in another form, as what it stands for where that is stored."""
        about = self.read("", depth + 1)
        state = self.read(name, depth + 1)
        self.read("", depth + 1)
        return Item(ALTREP, about.texts, state.numbers)

    def _characters(self) -> Item:
        length = self.reader.number()
        return Item(CHAR) if length == -1 else Item(CHAR, (self.reader.text(self._checked(length)),))

    def _vector(self, flags: int, name: str, depth: int) -> Item:
        kind, length = flags & 0xFF, self._length()
        item = Item(kind, length=length)
        if kind in NUMBERS:
            item.numbers = self.reader.elements(kind, length)
        elif kind == STR:
            for place in range(length):
                text = self._first(self.read("", depth + 1))
                if place < FEW:
                    item.texts = (*item.texts, text)
        else:
            for place in range(length):
                self.read(f"{name}[{place + 1}]", depth + 1)
        return self._with_attributes(flags, item, name, depth)

    def _with_attributes(self, flags: int, item: Item, name: str, depth: int) -> Item:
        shape: tuple[int, ...] = ()
        if flags & ATTRIBUTES:
            shape = self._attributes(item, depth)
        if item.type in COUNTED and item.length and not self._quiet:
            fits = bool(shape) and min(shape) >= 0 and prod(shape) == item.length
            self.told.vector(name, NUMBERS[item.type][0], shape if fits else (item.length,), item.classes)
        return item

    def _attributes(self, item: Item, depth: int) -> tuple[int, ...]:
        """Read attributes: the class is kept, and the sizes of an array are given."""
        start, shape, quiet = self.reader.stream.position, tuple[int, ...](), item.type != S4  # whose parts are its attributes
        self._quiet += quiet
        flags = self.reader.number()
        while flags & 0xFF in {LIST, ATTRLIST}:
            if flags & 0xFF == ATTRLIST or flags & ATTRIBUTES:
                self.read("", depth + 1)
            tag = self._first(self.read("", depth + 1)) if flags & TAG else ""
            value = self.read(tag, depth + 1)
            if tag == "class":
                item.classes = value.texts
                for word in value.texts:
                    self.told.classes.setdefault(word, start)
            elif tag == "dim":
                shape = value.numbers
            self.count += 1
            flags = self.reader.number()
        self._quiet -= quiet
        if flags & 0xFF not in EMPTY:
            raise Malformed(f"attributes do not end, before byte {self.reader.stream.position} of what is serialized")
        return shape

    def _pairs(self, flags: int, start: int, name: str, depth: int) -> Item:
        """Read a chain of pairs; functions and promises are chains of one pair."""
        first = flags & 0xFF
        while True:
            kind = flags & 0xFF
            if flags & ATTRIBUTES or kind in {ATTRLIST, ATTRLANG}:
                self._attributes(Item(kind), depth)
            tag = self._first(self.read(name, depth + 1)) if flags & TAG else ""
            if kind == CLO:
                self.told.functions.append(start)
            if not depth and kind == LIST:
                self.told.names.append(tag)
            self._quiet += (code := kind in {CLO, LANG})
            value = self.read(f"{name}.{tag}" if name and tag else tag or name, depth + 1)
            if kind == PROM and value.type == UNBOUND:
                (self.told.waiting if self._around else self.told.promises).append(start)
            self.count += 1
            start = self.reader.stream.position
            if kind in {CLO, PROM}:
                self.read(name, depth + 1)
                self._quiet -= code
                return Item(first)
            self._quiet -= code
            flags = self.reader.number()
            if flags & 0xFF in EMPTY:
                return Item(first)
            if flags & 0xFF not in {LIST, LANG, DOT, ATTRLIST, ATTRLANG}:  # what stands behind the dot of a dotted pair
                self.read(name, depth + 1, flags)
                return Item(first)
            if self.count > MOST_ITEMS:
                raise TooLarge(f"more than {MOST_ITEMS} objects, at byte {start} of what is serialized")

    def _bytecode(self, depth: int) -> None:
        """Read code: its instructions, then what it refers to."""
        if depth > DEEPEST:
            raise TooLarge(f"code nested deeper than {DEEPEST}")
        self.read("", depth + 1)
        for _ in range(self._length()):
            kind = self.reader.number()
            if kind == BCODE:
                self._bytecode(depth + 1)
            else:
                self._language(kind, depth + 1)

    def _language(self, kind: int, depth: int) -> None:
        """Read a call that code refers to, pair by pair."""
        while True:
            self.count += 1
            if depth > DEEPEST or self.count > MOST_ITEMS:
                raise TooLarge(f"code nested deeper than {DEEPEST}, or more than {MOST_ITEMS} objects")
            if kind == BCREPREF:
                self.reader.number()
                return
            if kind == BCREPDEF:
                self.reader.number()
                kind = self.reader.number()
            if kind not in {LANG, LIST, ATTRLANG, ATTRLIST}:
                self.read("", depth + 1)
                return
            if kind in {ATTRLANG, ATTRLIST}:
                self.read("", depth + 1)
            self.read("", depth + 1)
            self._language(self.reader.number(), depth + 1)
            kind = self.reader.number()

    def _length(self) -> int:
        length = self.reader.number()
        if length == -1:
            length = (self.reader.number() << 32) + (self.reader.number() & 0xFFFFFFFF)
        return self._checked(length)

    def _checked(self, length: int) -> int:
        if not 0 <= length < LONGEST:
            raise Malformed(f"a length of {length} before byte {self.reader.stream.position} of what is serialized")
        return length

    @staticmethod
    def _first(item: Item) -> str:
        return item.texts[0] if item.texts else ""
