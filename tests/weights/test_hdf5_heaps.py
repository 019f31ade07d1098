"""Groups of many links and long texts of HDF5: found in their heaps, or refused."""

import struct
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.errors import Malformed
from inspector.serialization.json_events import InMemory
from inspector.weights.hdf5_file import open_hdf5
from inspector.weights.hdf5_heaps import Heap
from inspector.weights.hdf5_tree import Dataset, read_root_texts, walk_objects
from sample_bundles.hdf5_bytes import NONE, Numbers, Writer, link, shape_of

NAMES = [f"weight_{number}" for number in range(12)]
HEAD = 4 + 1 + 8 + 4  # of a direct block whose offsets have four bytes


def dense_bytes() -> bytes:
    """A file whose root keeps its links in a fractal heap, and a long text in the global heap."""
    writer = Writer(new=True)
    links = [link(name, writer.numbers(Numbers((2,)))) for name in NAMES]
    places = [HEAD + sum(map(len, links[:number])) for number in range(len(links) + 1)]
    block = writer.put((b"FHDB\0" + struct.pack("<QI", NONE, 0) + b"".join(links)).ljust(2048, b"\0"))
    sizes = (0, NONE, 0, NONE, 2048, 2048, 0, len(links), 0, 0, 0, 0)
    growth = struct.pack("<H2Q2HQHI", 4, 2048, 65536, 32, 1, block, 0, 0)
    head = b"FRHP" + struct.pack("<BHHBI12Q", 0, 7, 0, 0, 4096, *sizes) + growth
    heap = writer.put(head)
    records = b"".join(struct.pack("<IBIH", 0, 0, begin, end - begin) for begin, end in pairwise(places))
    leaf = writer.put((b"BTLF\0\5" + records).ljust(512, b"\0"))
    tree = writer.put(b"BTHD\0\5" + struct.pack("<IHHBBQHQI", 512, 11, 0, 100, 40, leaf, len(links), len(links), 0))
    text = writer.put(b"GCOL" + struct.pack("<B3xQ", 1, 64) + struct.pack("<HH4xQ", 1, 1, 5) + b"words\0\0\0" + bytes(16))
    kind = struct.pack("<B3BI", 0x19, 1, 0, 0, 16) + struct.pack("<B3BI", 0x13, 0, 0, 0, 1)
    value = struct.pack("<IQI", 5, text, 1)
    attribute = struct.pack("<BBHHH", 2, 0, 5, len(kind), len(shape_of(()))) + b"note\0" + kind + shape_of(()) + value
    root = writer.object([(0x02, struct.pack("<BBQQ", 0, 0, heap, tree)), (0x0C, attribute)])
    return writer.finish(root, (NONE, NONE))


WHOLE = dense_bytes()


def test_links_and_texts_are_found_in_their_heaps() -> None:
    hdf = open_hdf5(InMemory(WHOLE), 0)
    objects = list(walk_objects(hdf))
    assert [item.path for item in objects if isinstance(item, Dataset)] == NAMES
    (text,) = read_root_texts(hdf)
    assert (text.name, WHOLE[text.start : text.end]) == ("note", b"words")


def test_offsets_of_a_heap_lead_through_indirect_blocks() -> None:
    data = bytearray(4096)
    rows = [(0, 100), (1, 200), (2, 300)]  # each row of two blocks: 16, 16 and 32 bytes
    for row, address in rows:
        for column in range(2):
            struct.pack_into("<Q", data, 5 + 8 + 4 + 8 * (2 * row + column), address + 50 * column)
    heap = Heap(open_hdf5(InMemory(WHOLE), 0), 2, 16, 64, 0, 3, 4, 2)
    heap.hdf.file = InMemory(bytes(data))
    assert [heap._locate(offset) for offset in (0, 15, 16, 32, 48, 64, 100)] == [100, 115, 150, 200, 250, 300, 354]
    with pytest.raises(Malformed):
        heap._locate(1000)


@settings(deadline=None, max_examples=300)
@given(st.integers(0, len(WHOLE) - 4), st.integers(0, 2**32 - 1))
def test_any_number_may_lie(place: int, number: int) -> None:
    data = WHOLE[:place] + struct.pack("<I", number) + WHOLE[place + 4 :]
    try:
        hdf = open_hdf5(InMemory(data), 0)
        assert len(list(walk_objects(hdf))) <= len(NAMES)
        list(read_root_texts(hdf))
    except Malformed as error:
        assert str(error)
