"""Strict JSON: what breaks a rule is malformed, never something else."""

import tempfile
from pathlib import Path

import pytest

from inspector.errors import Malformed, TooLarge
from inspector.serialization.strict_json import Json, read_json, walk_json, without_nan
from tests import make


def read(data: bytes, limit: int = 1000) -> dict[str, Json]:
    with tempfile.TemporaryDirectory() as top, make.open_file(Path(top) / "b", "x.json", data) as file:
        return read_json(file, limit)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b'{"a":NaN}',
        b'{"a":1,"a":2}',
        b'{"a":{"b":1,"b":2}}',
        b'{"a":',
        b"\xff",
        b'{"a":' + b"[" * 99 + b"]" * 99 + b"}",
        b"9" * 900,
    ],
)
def test_what_is_not_a_strict_object_is_malformed(data: bytes) -> None:
    with pytest.raises(Malformed):
        read(data)


def test_nesting_that_would_exhaust_the_stack_is_malformed() -> None:
    with pytest.raises(Malformed):
        read(b'{"a":' + b"[" * 200_000, 2**20)


def test_more_bytes_than_the_limit_are_too_large() -> None:
    with pytest.raises(TooLarge):
        read(b'{"a":"' + b"x" * 1000 + b'"}')


def test_pointers_are_escaped() -> None:
    assert [pointer for pointer, _, _ in walk_json({"a/b": ["x"]})] == ["", "/a~1b", "/a~1b/0"]


@pytest.mark.usefixtures("bounded")
def test_a_key_that_stands_twice_behind_many_others_is_found_at_once() -> None:
    with pytest.raises(Malformed, match="'299999' is there twice"):
        read(("{" + ",".join(f'"{number}":1' for number in range(300_000)) + ',"299999":2}').encode(), 2**23)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b'{"loss": NaN, "a": [-Infinity, Infinity], "b": 1}', b'{"loss": null, "a": [null, null], "b": 1}'),
        (b'{"NaN": "NaN and \\"Infinity", "c": NaN}', b'{"NaN": "NaN and \\"Infinity", "c": null}'),
        (b'{"a": 1}', b'{"a": 1}'),
        (b'{"a": NaNs, "open', b'{"a": NaNs, "open'),
    ],
)
def test_words_for_no_number_are_null_and_texts_are_kept(data: bytes, said: bytes) -> None:
    assert without_nan(data) == said


def test_texts_that_never_end_are_passed_over_once() -> None:
    data = b'"NaN' + b'\\"' * 500_000
    assert without_nan(data) == data
