"""The header of a safetensors file, read without trust: a walk over its JSON that sees duplicate keys and keeps only what is needed.

Its grammar is small (names to dtype, shape and offsets; one map of texts), so a regular expression reads each entry as it is usually
written; what is written otherwise, and is short, goes through a JSON parser. Memory grows with the number of tensors only. Source: the
safetensors README, "Format".
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from inspector.errors import Malformed, TooLarge

MAX_TENSORS = 250_000
LARGEST = 2**63
MAX_ODD = 64 * 1024  # bytes of an entry that is not written in the usual way
BITS = {
    **dict.fromkeys(("F4",), 4),
    **dict.fromkeys(("F6_E2M3", "F6_E3M2"), 6),
    **dict.fromkeys(("BOOL", "U8", "I8", "F8_E5M2", "F8_E4M3", "F8_E8M0", "F8_E4M3FNUZ", "F8_E5M2FNUZ"), 8),
    **dict.fromkeys(("I16", "U16", "F16", "BF16"), 16),
    **dict.fromkeys(("I32", "U32", "F32"), 32),
    **dict.fromkeys(("C64", "F64", "I64", "U64"), 64),
}
_WS = rb"[ \t\n\r]*"
_NUMBER = rb"(?:0|[1-9][0-9]{0,19})"
_STRING = rb'"[^"\\\x00-\x1f]*+(?:\\.[^"\\\x00-\x1f]*+)*+"'
_SPACE = re.compile(_WS)
_KEY = re.compile(_WS + b"(" + _STRING + b")" + _WS + b":" + _WS)
_TEXT = re.compile(b"(" + _STRING + b")")
_NEXT = re.compile(_WS + b"([,}])")
_TOKEN = re.compile(_WS + b"(?:" + _STRING + rb"|[{}\[\],:]|[^\s{}\[\],:\"]{1,400})")
_COMMA, _COLON = _WS + b"," + _WS, _WS + b":" + _WS
_NUMBERS = _NUMBER + b"(?:" + _COMMA + _NUMBER + b"){0,15}"
_ENTRY = re.compile(
    rb"\{" + _WS + rb'"dtype"' + _COLON + rb'"([A-Z0-9_]{1,16})"' + _COMMA
    + rb'"shape"' + _COLON + rb"\[" + _WS + b"((?:" + _NUMBERS + b")?)" + _WS + rb"\]" + _COMMA
    + rb'"data_offsets"' + _COLON + rb"\[" + _WS + b"(" + _NUMBER + b")" + _COMMA + b"(" + _NUMBER + b")" + _WS + rb"\]" + _WS + rb"\}"
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shape:
    """A shape as it is shown (`4096x128`), the number of its elements, and its sizes (slowest dimension first)."""

    shown: str
    elements: int
    sizes: tuple[int, ...]


class Entry(NamedTuple):
    """A tensor: its name, dtype, shape, and where its data begins and ends (bytes from the start of the data)."""

    name: str
    dtype: str
    shape: Shape
    begin: int
    end: int
    extra: tuple[str, ...] = ()


@dataclass(slots=True)
class Header:
    """What was read so far: metadata, duplicate keys (`__metadata__/key` in it), keys whose values are no text, where the object ends."""

    metadata: dict[str, str] = field(default_factory=dict)
    duplicates: list[str] = field(default_factory=list)
    not_text: list[str] = field(default_factory=list)
    end: int = 0


def read_entries(data: bytes, header: Header) -> Iterator[Entry]:
    """List the tensors of a header's bytes in the order they are written, and fill in the header on the way.

    Raises Malformed where it is no JSON or an entry is no tensor, TooLarge above 250,000 tensors.
    """
    names: set[bytes] = set()
    shapes: dict[bytes, Shape] = {}
    for raw, position in _members(data, _skip(data, 0), header):
        if b"\\" not in raw and raw != b'"__metadata__"':
            name = raw
        else:
            name = json.dumps(_text(raw, position), ensure_ascii=False).encode("utf-8", "surrogatepass")
        if name in names:
            header.duplicates.append(_text(raw, position))
        names.add(name)
        if len(names) > MAX_TENSORS:
            raise TooLarge(f"more than {MAX_TENSORS} tensors in one header")
        if name == b'"__metadata__"':
            header.end = _metadata(data, position, header)
        elif (match := _ENTRY.match(data, position)) is not None:
            header.end = match.end()
            dtype, shape, begin, end = match.groups()
            known = shapes.get(shape) or shapes.setdefault(shape, _shape([int(number) for number in shape.split(b",") if number.strip()]))
            yield Entry(_text(raw, position), dtype.decode(), known, int(begin), int(end))
        else:
            header.end, value = _odd(data, position)
            yield _read_odd(_text(raw, position), value, position)


def _members(data: bytes, position: int, header: Header) -> Iterator[tuple[bytes, int]]:
    """List the keys of an object with the places of their values; the caller says in `header.end` where each value ended."""
    if data[position : position + 1] != b"{":
        raise Malformed(f"the header is no JSON object: byte {position} is {data[position : position + 1]!r}")
    header.end = _skip(data, position + 1)
    if data[header.end : header.end + 1] == b"}":
        header.end += 1
        return
    while True:
        if (key := _KEY.match(data, header.end)) is None:
            raise Malformed(f"the header is no JSON: a key was expected at byte {header.end} of it")
        yield key[1], key.end()
        if (mark := _NEXT.match(data, header.end)) is None:
            raise Malformed(f"the header is no JSON: a comma or brace was expected at byte {header.end} of it")
        header.end = mark.end()
        if mark[1] == b"}":
            return


def _metadata(data: bytes, position: int, header: Header) -> int:
    """Read the map of texts and say where it ends; `null` stands for an empty one."""
    if data.startswith(b"null", position):
        return position + 4
    if data[position : position + 1] != b"{":
        raise Malformed(f"__metadata__ is no JSON object (byte {position} of the header)")
    inner = Header()
    for raw, start in _members(data, position, inner):
        key = _text(raw, start)
        if (text := _TEXT.match(data, start)) is not None:
            value, inner.end = _text(text[1], start), text.end()
        else:
            inner.end = _odd(data, start)[0]
            header.not_text.append(key)
            continue
        if key in header.metadata:
            header.duplicates.append(f"__metadata__/{key}")
        header.metadata[key] = value
    return inner.end


def _odd(data: bytes, position: int) -> tuple[int, object]:
    """Parse a short JSON value of any form; duplicate keys in it are refused, as are NaN and numbers out of all proportion."""
    end = data.find(b"}", position, position + MAX_ODD) + 1
    try:  # an object without another inside: what parses up to the first brace is all of it
        return end, json.loads(data[position:end], object_pairs_hook=_pairs, parse_constant=_refuse)
    except (ValueError, RecursionError):
        end = _extent(data, position)
    try:
        return end, json.loads(data[position:end], object_pairs_hook=_pairs, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise Malformed(f"the header is no JSON at byte {position} of it: {str(error)[:100]}") from error


def _extent(data: bytes, position: int) -> int:
    """Say where the JSON value at a position ends, by its brackets."""
    depth, end, limit = 0, position, position + MAX_ODD
    while end <= limit:
        if (token := _TOKEN.match(data, end)) is None:
            raise Malformed(f"the header is no JSON at byte {end} of it")
        end = token.end()
        last = token[0][-1:]
        depth += (last in b"{[") - (last in b"}]")
        if depth <= 0:
            return end
    raise TooLarge(f"the value at byte {position} of the header is longer than {MAX_ODD} bytes and not written as a tensor is")


def _pairs(pairs: list[tuple[str, object]]) -> dict[str, object]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise ValueError("a field of a tensor stands there twice")
    return fields


def _refuse(constant: str) -> object:
    raise ValueError(f"{constant} is no JSON")


def _read_odd(name: str, value: object, position: int) -> Entry:
    """Make a tensor of a parsed value; fields that the format does not know are kept by name."""
    match value:
        case {"dtype": str(dtype), "shape": list(shape), "data_offsets": [begin, end], **extra}:
            if all(type(number) is int and 0 <= number < LARGEST for number in (*shape, begin, end)) and len(dtype) <= 64:
                return Entry(name, dtype, _shape(shape), begin, end, tuple(map(str, extra)))
    raise Malformed(f"the value of {name[:100]!r} at byte {position} of the header is no dtype, shape and data_offsets")


def _shape(numbers: list[int]) -> Shape:
    elements = 0 if 0 in numbers else 1
    for number in numbers if elements else ():
        elements *= number
        if elements >= LARGEST:
            raise Malformed("a shape has 2^63 elements or more")
    return Shape("x".join(str(number) for number in numbers[:64])[:400] or "scalar", elements, tuple(numbers))


def _skip(data: bytes, position: int) -> int:
    match = _SPACE.match(data, position)
    return match.end() if match else position


def _text(raw: bytes, position: int) -> str:
    try:
        if b"\\" not in raw:
            return raw[1:-1].decode()
        return str(json.loads(raw))
    except ValueError as error:
        raise Malformed(f"a text before byte {position} of the header is not UTF-8 or wrongly escaped") from error
