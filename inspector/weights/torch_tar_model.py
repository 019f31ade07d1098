"""The storages and tensors of torch's tar files: small pickles with raw numbers between them, followed with symbols.

Source: torch's `serialization`, `legacy_load`, as it reads what version 0.1.1 wrote.
"""

from collections.abc import Iterator

from inspector.errors import Malformed, TooLarge
from inspector.pickles.opcodes import Listing, follow, start
from inspector.pickles.symbols import SIZES, STORAGES, Global, Storage, Symbol, Tensor
from inspector.serialization.stream import Stream

MOST = 200_000
MOST_OPCODES = 100_000
MOST_DIMENSIONS = 64


def read_storages(stream: Stream, listings: list[Listing]) -> dict[str, Storage]:
    """Read the storages by their keys, and move over their elements.

    Raises Malformed where one is none, or its elements are cut.
    """
    storages: dict[str, Storage] = {}
    for _ in range(_count(stream, listings)):
        match _value(stream, listings):
            case (int() | str() as key, _, Global() as kind):
                storage = Storage(STORAGES.get(kind.name, kind.name[:32]), str(key), _number(stream, 8))
            case _:
                raise Malformed(f"no storage begins before byte {stream.position}")
        if storage.dtype not in SIZES or storage.length < 0:
            raise Malformed(f"a storage of the unknown dtype {storage.dtype} before byte {stream.position}")
        stream.skip(storage.length * SIZES[storage.dtype])
        storages[storage.key] = storage
    _value(stream, listings)  # views of storages, as a list of numbers
    return storages


def read_tensors(stream: Stream, storages: dict[str, Storage], listings: list[Listing]) -> Iterator[Tensor]:
    """Give the tensors; one whose storage is not among the known ones is a view, of a length that is not known."""
    for _ in range(_count(stream, listings)):
        match _value(stream, listings):
            case (_, int() | str() as key, Global() as kind):
                storage = storages.get(str(key)) or Storage(STORAGES.get(kind.name.replace("Tensor", "Storage"), "unknown"), str(key), -1)
            case _:
                raise Malformed(f"no tensor begins before byte {stream.position}")
        dimensions = _number(stream, 4)
        stream.skip(4)
        if not 0 <= dimensions <= MOST_DIMENSIONS:
            raise Malformed(f"a tensor of {dimensions} dimensions before byte {stream.position}")
        sizes = [_number(stream, 8) for _ in range(2 * dimensions)]
        offset = _number(stream, 8)
        if min(sizes, default=0) < 0 or offset < 0:
            raise Malformed(f"a tensor of negative sizes before byte {stream.position}")
        yield Tensor(storage.dtype, tuple(sizes[:dimensions]), storage, offset, tuple(sizes[dimensions:]))


def _number(stream: Stream, width: int) -> int:
    return int.from_bytes(stream.take(width), "little", signed=True)


def _value(stream: Stream, listings: list[Listing]) -> Symbol:
    """Follow one small pickle and give what it leaves; what it names is kept."""
    machine = start(stream, 0, MOST_OPCODES)
    listings.append(machine.listing)
    follow(machine)
    if not machine.listing.globals:
        listings.pop()
    return machine.pop()


def _count(stream: Stream, listings: list[Listing]) -> int:
    count = _value(stream, listings)
    if not isinstance(count, int) or not count >= 0:
        raise Malformed(f"no count of what follows stands before byte {stream.position}")
    if count > MOST:
        raise TooLarge(f"{count} storages or tensors, the limit is {MOST}")
    return count
