"""MessagePack: every kind of value, and whatever the bytes say, nothing beyond them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.errors import Malformed
from inspector.serialization.events import Array, Object
from inspector.serialization.msgpack_events import Data, Item, Value, read_msgpack_events
from inspector.serialization.stream import stream_of


def events(data: bytes) -> list[Item]:
    return list(read_msgpack_events(stream_of(data)))


@pytest.mark.parametrize(
    ("data", "value"),
    [
        (b"\x05", 5), (b"\xff", -1), (b"\xc0", None), (b"\xc3", True), (b"\xcd\x01\x00", 256), (b"\xd1\xff\xfe", -2),
        (b"\xca\x3f\x80\0\0", 1.0), (b"\xa2ab", "ab"), (b"\xd9\x01a", "a"), (b"\xc4\x03abc", Data(None, 2, 3)), (b"\xd4\x07x", Data(7, 2, 1)),
        (b"\xc7\x02\x01ab", Data(1, 3, 2)), (b"\x90", Array(0)), (b"\x80", Object(0)),
    ],
)  # fmt: skip
def test_a_value_of_every_kind_is_given(data: bytes, value: Value) -> None:
    assert events(data) == [Item((), value)]


def test_paths_are_the_keys_that_lead_to_a_value() -> None:
    data = b"\x82\xa1a\x92\x01\x02\x07\x81\xa1c\xc2"
    assert events(data) == [
        Item(("a", "*"), 1), Item(("a", "*"), 2), Item(("a",), Array(2)), Item(("7", "c"), value=False), Item(("7",), Object(1)), Item((), Object(2)),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "data", [b"", b"\xc1", b"\xa5ab", b"\x92\x01", b"\x82\xa1a\x01\xa1a\x02", b"\x81\x90\x01", b"\xdd\xff\xff\xff\xff", b"\x91" * 99]
)
def test_what_is_no_value_is_refused(data: bytes) -> None:
    with pytest.raises(Malformed):
        events(data)


@given(st.binary(max_size=200))
def test_any_bytes_are_values_or_refused(data: bytes) -> None:
    try:
        told = events(data)
    except Malformed:
        return
    assert all(not isinstance(item.value, Data) or item.value.start + item.value.size <= len(data) for item in told)
