"""Decoding into types, from any number of threads.

What msgspec knows of a type it works out when the type is first used, and leaves it half done where another thread can see it (0.22.0): two threads
that begin with the same type end the process. Each type is made ready here, by one thread at a time, before it is used.
"""

from collections.abc import Mapping
from threading import Lock
from typing import TypeVar

import msgspec

T = TypeVar("T")
Bytes = bytes | bytearray | memoryview | msgspec.Raw

_lock = Lock()
_ready = set[object]()


def decode_json(data: Bytes | str, kind: type[T]) -> T:
    """Read JSON into a type.

    Raises msgspec.DecodeError, and UnicodeDecodeError.
    """
    return msgspec.json.decode(data, type=_make_ready(kind))


def decode_msgpack(data: Bytes, kind: type[T]) -> T:
    """Read MessagePack into a type.

    Raises msgspec.DecodeError.
    """
    return msgspec.msgpack.decode(data, type=_make_ready(kind))


def decode_toml(data: bytes | str, kind: type[T]) -> T:
    """Read TOML into a type.

    Raises msgspec.DecodeError, and UnicodeDecodeError.
    """
    return msgspec.toml.decode(data, type=_make_ready(kind))


def convert(values: Mapping[str, object], kind: type[T]) -> T:
    """Put plain values into a type.

    Raises msgspec.ValidationError.
    """
    return msgspec.convert(values, type=_make_ready(kind))


def _make_ready(kind: type[T]) -> type[T]:
    if kind not in _ready:
        with _lock:
            msgspec.msgpack.Decoder(kind)
            _ready.add(kind)
    return kind
