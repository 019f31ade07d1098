"""The stack and the memo of a pickle, with symbols in them instead of objects. Source: Python's `_pickle`, as it loads."""

from collections.abc import Callable

from inspector.errors import Malformed, TooLarge
from inspector.pickles.listing import Listing
from inspector.pickles.rendering import render_symbol
from inspector.pickles.symbols import SOMETHING, Global, Items, Opaque, Symbol
from inspector.serialization.stream import Stream

MOST_VALUES = 500_000  # on the stack
MOST_GLOBALS = 10_000
MOST_KEYS = 1 << 26  # of a memo whose keys follow one another
MOST_FAR_KEYS = 100_000  # of others
ROOM = (
    64 * 2**20
)  # bytes, roughly, of what a memo keeps; beyond it everything but globals is forgotten, and what is recalled then is "something"
VALUE = 128  # bytes, roughly, of a value in a memo beside its text
COMPUTED = "(computed)"
Nest = Callable[[Stream, int, int], Listing]


class Machine:
    """The stack and the memo of a pickle, with symbols in them. `nest` follows a pickle inside of this one."""

    def __init__(self, stream: Stream, depth: int, most: int, nest: Nest) -> None:
        self.stream, self.listing, self.depth, self.most, self.nest = stream, Listing(stream.position), depth, most, nest
        self.stack: list[Symbol] = []
        self.marks: list[int] = []
        self.fence = 0  # the height of the last mark: nothing below it is taken before the mark is
        self.fields: dict[str, Symbol] = {}
        self.detoured = 0
        self._memo: dict[int, Symbol] = {}
        self._keys, self._far, self._count, self._room = bytearray(), set[int](), 0, ROOM

    @property
    def place(self) -> int:
        """The byte of an opcode that has no argument, while it is followed."""
        return self.stream.position - 1

    @property
    def top(self) -> Symbol:
        """The top of the stack; raises Malformed where there is none above the last mark."""
        if len(self.stack) <= self.fence:
            raise Malformed(f"the pickle takes from an empty stack at byte {self.place}")
        return self.stack[-1]

    def pop(self) -> Symbol:
        """Take the top of the stack; raises Malformed where there is none above the last mark."""
        if len(self.stack) <= self.fence:
            raise Malformed(f"the pickle takes from an empty stack at byte {self.place}")
        return self.stack.pop()

    def mark(self) -> None:
        """Put a mark on the stack."""
        self.marks.append(self.fence)
        self.fence = len(self.stack)

    def unmark(self) -> int:
        """Take the last mark, and say where it stood."""
        if not self.marks:
            raise Malformed(f"the pickle takes from an empty stack at byte {self.place}: no mark stands on it")
        begin, self.fence = self.fence, self.marks.pop()
        return begin

    def group(self) -> list[Symbol]:
        """Take what stands above the last mark, and the mark."""
        begin = self.unmark()
        items = self.stack[begin:]
        del self.stack[begin:]
        return items

    def memoize(self, key: int | None, value: Symbol) -> None:
        """Keep a value under a key, or under the number of keys so far.

        Raises TooLarge where a memo has too many keys, or too much that has to be kept.
        """
        keys = self._keys
        if key is None:
            key = self._count
        if key < len(keys) and not keys[key] and not self._far:
            keys[key] = 1
            self._count += 1
        elif self._is_new(key):
            self._count += 1
        else:
            self._memo.pop(key, None)
        if value is SOMETHING:
            return
        self._room -= VALUE + (len(value) if isinstance(value, str | bytes) else 0)
        if self._room < 0 and not isinstance(value, Global):
            return
        if self._room < -ROOM:
            raise TooLarge(f"the memo of the pickle outgrows the limits at byte {self.place} ({ROOM} bytes of globals)")
        self._memo[key] = value

    def recall(self, key: int) -> Symbol:
        """Give what is kept under a key."""
        return self._memo.get(key, SOMETHING)

    def _is_new(self, key: int) -> bool:
        """Note that a key is used, and say whether it was not before: keys that follow one another in an array of bytes, others in a set."""
        keys, far = self._keys, self._far
        if key >= len(keys) and key < min(MOST_KEYS, 2 * len(keys) + 4096):
            keys.extend(bytes(len(keys) + 4096))
        if key < len(keys):
            new = not keys[key] and key not in far
            keys[key] = 1
            return new
        new = key not in far
        far.add(key)
        if len(far) > MOST_FAR_KEYS:
            raise TooLarge(f"the memo of the pickle outgrows the limits at byte {self.place} ({MOST_FAR_KEYS} keys far from others)")
        return new

    def name_global(self, module: Symbol, name: Symbol, place: int) -> Global:
        """Note that the pickle names a global; one whose name is computed is noted as such, with how."""
        if isinstance(module, str) and isinstance(name, str):
            known = Global(module, name)
        elif isinstance(module, Opaque | Items) and isinstance(name, Opaque | Items):
            known = Global(COMPUTED, COMPUTED)
        else:
            known = Global(COMPUTED, f"{render_symbol(module, 80)}.{render_symbol(name, 80)}")
        if known not in self.listing.globals:
            if len(self.listing.globals) >= MOST_GLOBALS:
                raise TooLarge(f"more than {MOST_GLOBALS} globals in one pickle")
            self.listing.globals[known] = place
        return known
