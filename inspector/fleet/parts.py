"""The tables of a run as Parquet: made of the journal and the reports, so that they can be made again at any time, with the same bytes.

A part has the rows of so many bundles, in the order of their paths. Parts are written whole or not at all; a run counts when all of them are there.
"""

import os
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Self, get_args, get_type_hints

import msgspec

from inspector.fleet.demand import Demand
from inspector.fleet.extra import load_extra
from inspector.fleet.journal import Complete, Entry, Journal, remove_file
from inspector.fleet.order import Status
from inspector.fleet.plan import Plan, Shard
from inspector.fleet.rows import TABLES, Row, make_rows
from inspector.fleet.tally import Tally
from inspector.saved import read_report

BUNDLES_A_PART = 2_000
ROWS_A_GROUP = 50_000
ARROW = {str: "string", int: "int64", float: "float64", bool: "bool_"}


def write_tables(journal: Journal, plan: Plan, shard: Shard, demand: Demand | None = None) -> Tally:
    """Write all tables of a run, or of one shard of it, hold each bundle against what is demanded, say that it is complete, and give the sums.

    Raises UsageError where pyarrow is not installed.
    """
    tally, entries = Tally(), journal.read_entries(shard)
    for number, chunk in enumerate(_divide(entries)):
        with _Part(journal, f"part-{shard.name}{'-' if shard.name else ''}{number:05d}.parquet") as part:
            for entry in chunk:
                view = read_report(journal.read_report(entry), entry.id) if entry.status is Status.AUDITED else None
                for table, row in make_rows(entry, view, demand):
                    part.add(table, row)
                    tally.add(row)
    journal.mark_complete(shard, Complete(plan.started, tally.bundles))
    return tally


class _Part:
    """One part of every table, open for rows; each appears under its name once all rows are in it."""

    def __init__(self, journal: Journal, name: str) -> None:
        self._tables = {table: _Table(kind, journal.results / table / f"run={journal.run}" / name) for table, kind in TABLES.items()}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        for table in self._tables.values():
            table.close(whole=kind is None)

    def add(self, table: str, row: Row) -> None:
        """Add a row to a table."""
        self._tables[table].add(row)


class _Table:
    """One file of Parquet, written in groups of rows beside its place and moved there when it is whole."""

    def __init__(self, kind: type[Row], path: Path) -> None:
        self._arrow, self._parquet = load_extra("pyarrow", "inspector fleet"), load_extra("pyarrow.parquet", "inspector fleet")
        types = {name: next(part for part in get_args(hint) or (hint,) if part in ARROW) for name, hint in get_type_hints(kind).items()}
        self._schema = self._arrow.schema([(name, getattr(self._arrow, ARROW[plain])()) for name, plain in types.items()])
        self._path, self._beside = path, path.with_name(f".{path.name}.{os.getpid()}.tmp")
        path.parent.mkdir(parents=True, exist_ok=True)
        self._stream = self._beside.open("wb")
        self._writer = self._parquet.ParquetWriter(self._stream, self._schema, compression="zstd")
        self._rows: list[tuple[object, ...]] = []

    def add(self, row: Row) -> None:
        """Add a row."""
        self._rows.append(msgspec.structs.astuple(row))
        if len(self._rows) >= ROWS_A_GROUP:
            self._flush()

    def close(self, *, whole: bool) -> None:
        """Write what is left and give the file its name, or remove it."""
        if whole:
            self._flush()
        self._writer.close()
        self._stream.flush()
        os.fsync(self._stream.fileno())
        self._stream.close()
        if whole:
            self._beside.replace(self._path)
        else:
            remove_file(self._beside)

    def _flush(self) -> None:
        columns = zip(*self._rows, strict=True) if self._rows else ((),) * len(self._schema)
        arrays = [self._make_array(column, kind) for column, kind in zip(columns, self._schema.types, strict=True)]
        self._writer.write_table(self._arrow.Table.from_arrays(arrays, schema=self._schema))
        self._rows = []

    def _make_array(self, column: Sequence[object], kind: object) -> object:
        """Make a column; text that Parquet cannot hold as it is (half characters) is looked for only where there is some."""
        try:
            return self._arrow.array(column, type=kind)
        except (UnicodeEncodeError, self._arrow.ArrowException):
            return self._arrow.array([_clean(value) for value in column], type=kind)


def _clean(value: object) -> object:
    """Give a value as Parquet can hold it: text without half characters."""
    return str(value).encode("utf-8", "backslashreplace").decode() if isinstance(value, str) else value


def _divide(entries: Iterator[Entry]) -> Iterator[list[Entry]]:
    """Cut entries into parts; the first one is there also without any."""
    yield list(islice(entries, BUNDLES_A_PART))
    while part := list(islice(entries, BUNDLES_A_PART)):
        yield part
