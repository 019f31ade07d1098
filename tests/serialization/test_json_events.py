"""JSON walked through a window says what Python's reader reads."""

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.errors import Malformed
from inspector.serialization.events import Array, Event, Object
from inspector.serialization.json_events import BLOCK, read_json_events
from tests import make

SCALARS = st.one_of(st.none(), st.booleans(), st.integers(-(10**12), 10**12), st.floats(), st.text(max_size=8))
VALUES = st.recursive(
    SCALARS, lambda inner: st.one_of(st.lists(inner, max_size=6), st.dictionaries(st.text(max_size=4), inner, max_size=4)), max_leaves=30
)


def walked(data: bytes) -> list[Event]:
    with tempfile.TemporaryDirectory() as top, make.open_file(Path(top), "x.json", data) as file:
        return list(read_json_events(file))


def expected(value: object, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], object]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from expected(item, (*path, key))
        yield path, f"object {len(value)}"
    elif isinstance(value, list):
        for item in value:
            if isinstance(item, str | dict | list):
                yield from expected(item, (*path, "*"))
        yield path, f"array {len(value)}"
    else:
        yield path, value


def shown(event: Event) -> tuple[tuple[str, ...], object]:
    match event.value:
        case Array(count):
            return event.path, f"array {count}"
        case Object(count):
            return event.path, f"object {count}"
    return event.path, event.value


@given(st.dictionaries(st.text(max_size=4), VALUES, max_size=4), st.sampled_from([None, 1]))
def test_it_gives_what_python_reads(value: dict[str, object], indent: int | None) -> None:
    data = json.dumps(value, indent=indent).encode()
    assert repr([shown(event) for event in walked(data)]) == repr(list(expected(value)))


@pytest.mark.parametrize("item", ["NaN", "-Infinity", "true", "null", "-1.5e-7", "12"])
def test_an_array_is_counted_wherever_the_window_cuts_it(item: str) -> None:
    count = 3 * BLOCK // (len(item) + 1)
    for lead in range(9):
        data = '{"a":' + " " * lead + "[" + ",".join([item] * count) + "]}"
        (array, _) = walked(data.encode())
        assert isinstance(array.value, Array)
        assert array.value.length == count


@pytest.mark.parametrize(
    "text", ['{"a":[1,]}', '{"a":[,1]}', '{"a":[1 [2]]}', '{"a":1,}', '{"a":tru}', '{"a":[tru]}', '{"a":"\\x"}', '{"a":--}', "{1:2}"]
)
def test_what_python_refuses_is_refused(text: str) -> None:
    with pytest.raises(Malformed):
        walked(text.encode())


def test_a_key_that_is_there_twice_is_refused() -> None:
    with pytest.raises(Malformed, match="twice"):
        walked(b'{"a":1,"\\u0061":2}')
