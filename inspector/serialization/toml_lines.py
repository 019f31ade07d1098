"""At which line of a TOML text a key stands, so that an error can name it. Source: toml.io, version 1.0.

The text has been parsed before: what stands here only finds places, and trusts the structure.
"""

import re
from collections.abc import Generator, Iterator, Mapping

Path = tuple[str | int, ...]
_STATEMENT = re.compile(r"\s*(?:#[^\n]*\s*)*")
_KEY = re.compile(r'[ \t]*("(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'|[A-Za-z0-9_-]+)[ \t]*(\.?)')
_TOKEN = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'|#[^\n]*|[\[\]{},\n]|[^\[\]{},\n"\'#]+', re.DOTALL
)


def index_lines(text: str) -> Mapping[Path, int]:
    """Give the line (from 1) of every table, key and element of an array; a path is made of names, and of numbers from 0 in arrays."""
    return {path: text.count("\n", 0, place) + 1 for path, place in _walk(text)}


def find_line(lines: Mapping[Path, int], path: Path) -> int | None:
    """Give the line of a path, or of the nearest thing around it that has one."""
    return next((lines[path[:end]] for end in range(len(path), 0, -1) if path[:end] in lines), None)


def _walk(text: str) -> Iterator[tuple[Path, int]]:
    place, table, counts = 0, Path(), dict[Path, int]()
    while True:
        place = _end(_STATEMENT, text, place)
        if place >= len(text):
            return
        start = place
        if text[place] == "[":
            many = text.startswith("[[", place)
            names, place = _read_key(text, place + 1 + many)
            table = _resolve(names, counts, many=many)
            place = text.find("\n", place) if "\n" in text[place:] else len(text)
            yield table, start
        else:
            names, place = _read_key(text, place)
            path = (*table, *names)
            yield path, start
            place = yield from _walk_value(text, place, path)


def _end(pattern: re.Pattern[str], text: str, place: int) -> int:
    found = pattern.match(text, place)
    return found.end() if found else place


def _read_key(text: str, place: int) -> tuple[tuple[str, ...], int]:
    names: list[str] = []
    while found := _KEY.match(text, place):
        names.append(found[1].strip("\"'"))
        place = found.end()
        if not found[2]:
            break
    return tuple(names), place


def _resolve(names: tuple[str, ...], counts: dict[Path, int], *, many: bool) -> Path:
    """Put the number of the table that was begun last behind every name of an array of tables."""
    path = Path()
    for number, name in enumerate(names, 1):
        path = (*path, name)
        if many and number == len(names):
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path = (*path, counts[path])
    return path


def _walk_value(text: str, place: int, path: Path) -> Generator[tuple[Path, int], None, int]:
    """Go to the end of a value; give the elements of an array."""
    depth = number = 0
    place = text.index("=", place) + 1
    waiting, is_array = False, False
    while place < len(text) and (token := _TOKEN.match(text, place)) is not None:
        word = token[0]
        if word == "\n" and depth == 0:
            break
        if waiting and depth == 1 and word.strip() and word not in ",]" and word[0] != "#":
            yield (*path, number), place + len(word) - len(word.lstrip())
            number, waiting = number + 1, False
        if word in "[{" and word:
            is_array = is_array or (depth == 0 and word == "[")
            waiting = is_array and depth == 0
            depth += 1
        elif word in "]}":
            depth -= 1
        elif word == "," and depth == 1:
            waiting = is_array
        place = token.end()
    return place
