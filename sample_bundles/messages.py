"""Protocol Buffers messages, written field by field."""

import struct
from collections.abc import Mapping
from typing import TypeAlias

Value: TypeAlias = "int | str | bytes | float"


def varint(number: int) -> bytes:
    """Write a number of seven bits a byte; one below zero as if it had 64 bits."""
    number &= 2**64 - 1
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes((*out, number))


def field(number: int, value: Value) -> bytes:
    """Write a field: a number as a varint, a text or bytes with their length, a float in four bytes."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    if isinstance(value, float):
        return varint(number << 3 | 5) + struct.pack("<f", value)
    data = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(data)) + data


def message(*fields: tuple[int, Value]) -> bytes:
    """Write a message of fields, each a number and a value."""
    return b"".join(field(number, value) for number, value in fields)


def pairs(number: int, values: Mapping[str, str | bytes]) -> bytes:
    """Write a map as messages of a key and a value."""
    return b"".join(field(number, message((1, key), (2, value))) for key, value in values.items())


def packed(*numbers: int) -> bytes:
    """Write numbers one after the other."""
    return b"".join(varint(number) for number in numbers)
