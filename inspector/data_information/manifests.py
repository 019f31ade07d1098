"""Manifests and tables of data files: what their records add up to. Each record is read for itself; nothing is kept but sums and the first few."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass

import msgspec

from inspector.decoding import decode_json

MOST_RECORDS = 200_000
MOST_SEEN = 20
FEWEST = 5
LONGEST_LINE = 20_000
SIZES = re.compile(
    r"^(size|bytes|num_bytes|size_bytes|contentsize|tokens|num_tokens|token_count|documents|num_documents|num_docs|samples|num_samples)$",
    re.I,
)
UNITS = {"size": "bytes", "contentsize": "bytes", "size_bytes": "bytes", "num_bytes": "bytes", "token_count": "tokens"}


class Speech(msgspec.Struct):
    """A record of speech, as NeMo writes it: the duration in seconds."""

    duration: float
    audio_filepath: str = ""
    audio_file: str = ""


class Shard(msgspec.Struct):
    """A record of a shard, as WebDataset loaders write it."""

    shard: str
    num_sequences: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """What records add up to: how many, in words, the first of them with their lines, and whether there are more than were read."""

    count: int
    words: str
    first: tuple[tuple[str, int], ...]
    cut: bool = False


def read_manifest(text: str) -> Manifest | None:
    """Add up a manifest of JSON lines; None when it is none, or has fewer than five records."""
    if not text.lstrip().startswith("{"):
        return None
    speech = _add(text, Speech)
    if speech is not None:
        return speech
    return _add(text, Shard)


def _add(text: str, kind: type[Speech] | type[Shard]) -> Manifest | None:
    first, count, total, unit = list[tuple[str, int]](), 0, 0.0, ""
    lines = text.split("\n")
    for number, line in enumerate(lines[:MOST_RECORDS], 1):
        if not line.strip():
            continue
        try:
            record = decode_json(line[:LONGEST_LINE].encode("utf-8", "replace"), kind)
        except (msgspec.DecodeError, RecursionError):
            return None
        if isinstance(record, Speech):
            name, amount, unit = record.audio_filepath or record.audio_file, record.duration / 3600, "clips, {} hours of speech"
        else:
            name, amount, unit = record.shard, float(record.num_sequences), "shards, {} sequences"
        if not name or amount < 0:
            return None
        count, total = count + 1, total + amount
        if len(first) < MOST_SEEN:
            first.append((name, number))
    return Manifest(count, unit.format(f"{total:.6g}"), tuple(first), len(lines) > MOST_RECORDS) if count >= FEWEST else None


def read_sizes(text: str) -> Manifest | None:
    """Add up the first column of a table that gives sizes, tokens or documents; None without such a column."""
    lines = text.split("\n")
    rows = _rows(lines)
    head = next(rows, (0, []))[1]
    column = next((place for place, name in enumerate(head) if SIZES.match(name.strip())), None)
    if column is None:
        return None
    total, count, first = 0, 0, list[tuple[str, int]]()
    for number, row in rows:
        if len(row) <= column or not row[column].strip().isdigit() or len(row[column]) > 18:
            return None
        count, total = count + 1, total + int(row[column])
        if len(first) < MOST_SEEN:
            first.append((f"{row[0]}: {row[column]}", number))
    name = head[column].strip().casefold()
    unit = UNITS.get(name, name.removeprefix("num_"))
    return Manifest(count, f"files, {total} {unit}", tuple(first), len(lines) > MOST_RECORDS) if count >= FEWEST and total else None


def _rows(lines: list[str]) -> Iterator[tuple[int, list[str]]]:
    """Split the lines of a table with commas or tabs; a quoted cell with a line's end in it ends there."""
    mark = "\t" if lines and "\t" in lines[0] else ","
    for number, line in enumerate(lines[:MOST_RECORDS], 1):
        if line.strip():
            try:
                yield number, next(csv.reader([line[:LONGEST_LINE]], delimiter=mark), [])
            except csv.Error:
                return
