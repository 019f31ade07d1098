"""Protocol Buffers: whatever the bytes say, fields lie within their message."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.errors import Malformed, TooLarge
from inspector.serialization.json_events import InMemory
from inspector.serialization.protobuf import BYTES, END, Field, Window, read_fields, read_numbers, walk_messages
from sample_bundles.messages import field, message, packed, varint


def fields(data: bytes) -> list[Field]:
    return list(read_fields(Window(InMemory(data)), 0, len(data)))


def test_fields_are_given_with_their_places() -> None:
    data = message((1, 300), (2, "ab"), (3, 1.5))
    assert fields(data) == [Field(1, 0, 300, 1, 3), Field(2, BYTES, 0, 5, 7), Field(3, 5, 0, 8, 12)]
    assert fields(varint(9) + bytes(8)) == [Field(1, 1, 0, 1, 9)]


def test_a_walk_goes_into_what_the_table_names_and_marks_ends() -> None:
    data = field(1, field(2, field(3, 7)))
    walked = list(walk_messages(Window(InMemory(data)), "a", {("a", 1): "b"}, 0, len(data)))
    assert [(kind, item.number) for kind, item in walked] == [("a", 1), ("b", 2), ("b", END), ("a", END)]


def test_lists_of_numbers_are_bounded() -> None:
    data = field(1, packed(1, 300, 2**63))
    window = Window(InMemory(data))
    (item,) = read_fields(window, 0, len(data))
    assert read_numbers(window, item, 3) == [1, 300, 2**63]
    with pytest.raises(TooLarge):
        read_numbers(window, item, 2)


@pytest.mark.parametrize("data", [b"\x0a", b"\x0a\x05ab", b"\x80" * 11, b"\x0b", b"\x0d\0\0", b"\x00\x01", b"\x09\0"])
def test_what_is_no_field_is_refused(data: bytes) -> None:
    with pytest.raises(Malformed):
        fields(data)


@given(st.binary(max_size=300))
def test_any_bytes_are_fields_or_refused(data: bytes) -> None:
    try:
        found = fields(data)
    except Malformed:
        return
    assert all(0 < item.start <= item.end <= len(data) for item in found)
    assert [item.end for item in found][-1:] in ([], [len(data)])
