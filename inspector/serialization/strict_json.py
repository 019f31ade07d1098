"""JSON read strictly: no duplicate keys, no NaN, bounded in size and depth; what breaks a rule is a problem with its place."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import NoReturn

from inspector.bundle import File
from inspector.errors import Malformed

Json = bool | int | float | str | list["Json"] | dict[str, "Json"] | None

LIMIT = 4 * 2**20
# Letters, dots and underscores that are written as escapes, which no writer does: a search for a word must not be led past one.
ESCAPED = re.compile(rb"\\(?:u00|x|U000000)(?:5f|2e|[46][1-9a-f]|[57][0-9a])", re.IGNORECASE)
NO_NUMBER = re.compile(rb"\"(?:[^\"\\]|\\.)*+\"?|-?Infinity\b|\bNaN\b", re.DOTALL)  # or a text, which is passed over
MAX_DEPTH = 64


def read_json(file: File, limit: int = LIMIT) -> dict[str, Json]:
    """Read a file that holds one JSON object, at most `limit` bytes.

    Raises TooLarge beyond that, Malformed for anything but a strict object: a duplicate key, NaN, nesting below 64 levels, bytes that are no UTF-8.
    """
    value = read_json_value(file, limit)
    if not isinstance(value, dict):
        raise Malformed("not a JSON object")
    return value


def read_json_value(file: File, limit: int = LIMIT) -> Json:
    """Read a file that holds one JSON value of any kind, as strictly as `read_json`."""
    try:
        value: Json = json.loads(file.whole(limit).decode("utf-8-sig"), object_pairs_hook=_unique, parse_constant=_refuse)
    except json.JSONDecodeError as error:
        raise Malformed(f"not JSON: {error.msg} at line {error.lineno}") from error
    except UnicodeDecodeError as error:
        raise Malformed(f"not UTF-8 at byte {error.start}") from error
    except RecursionError as error:
        raise Malformed("nested too deeply") from error
    except ValueError as error:
        raise Malformed(f"not JSON: {str(error)[:200]}") from error
    for _, _, depth in walk_json(value):
        if depth > MAX_DEPTH:
            raise Malformed(f"nested deeper than {MAX_DEPTH}")
    return value


def without_nan(data: bytes) -> bytes:
    """Write null for NaN and the infinities, which Python writes into its logs where JSON has no word for them."""
    if b"NaN" not in data and b"Infinity" not in data:
        return data
    return NO_NUMBER.sub(lambda match: match[0] if match[0].startswith(b'"') else b"null", data)


def _unique(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found = dict(pairs)
    if len(found) != len(pairs):
        twice = next(key for key, count in Counter(key for key, _ in pairs).items() if count > 1)
        raise Malformed(f"the key {twice[:100]!r} is there twice")
    return found


def _refuse(constant: str) -> NoReturn:
    raise Malformed(f"{constant} is no JSON number")


def walk_json(value: Json) -> Iterator[tuple[str, Json, int]]:
    """Give every value below a value with its JSON pointer and depth, without recursion."""
    stack: list[tuple[str, Json, int]] = [("", value, 0)]
    while stack:
        pointer, item, depth = stack.pop()
        if depth <= MAX_DEPTH + 1:
            yield pointer, item, depth
            if isinstance(item, dict):
                stack += [(f"{pointer}/{escape(key)}", child, depth + 1) for key, child in item.items()]
            elif isinstance(item, list):
                stack += [(f"{pointer}/{index}", child, depth + 1) for index, child in enumerate(item)]


def escape(key: str) -> str:
    """Write a key as a part of a JSON pointer. Source: RFC 6901."""
    return key.replace("~", "~0").replace("/", "~1")


def texts(value: Json) -> tuple[str, ...]:
    """List the texts of a value that is a text or a list of texts; anything else has none."""
    items = value if isinstance(value, list) else [value]
    return tuple(item for item in items if isinstance(item, str) and item.strip())
