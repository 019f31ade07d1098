"""Questions to the tables of a fleet, over DuckDB: in memory, one statement that only reads, and no file outside the directory of results.

The views `bundles`, `files`, `evidence`, `issues`, `findings`, `grades`, `terms`, `problems`, `violations`, `news` and `costs` are those of one run,
the last that is complete where none is named; the same names in the schema `every` are those of all complete runs, with the column `run`.
Source: DuckDB, "Securing DuckDB": `enable_external_access`, `allowed_directories`, `lock_configuration`.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import msgspec

from inspector.errors import UsageError
from inspector.fleet.extra import load_extra
from inspector.fleet.journal import Journal, list_runs
from inspector.fleet.rows import TABLES
from inspector.tables import load_table

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

SCHEMA = "every"


class Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A question that is ready: its id, what it tells, and its SQL."""

    id: str
    title: str
    sql: str


class Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The questions that are ready."""

    question: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """The columns and rows of an answer, the run that was asked, and the runs that are not complete and were left out."""

    columns: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]
    run: str
    left_out: tuple[str, ...]


class Tables:
    """The tables of one run, and of all complete ones beside it, open for questions; `complete` are the names of these, the last one first."""

    def __init__(self, database: "DuckDBPyConnection", run: str, complete: tuple[str, ...], left_out: tuple[str, ...]) -> None:
        self.run, self.complete, self.left_out = run, complete, left_out
        self._duckdb, self._database = load_extra("duckdb", "inspector query"), database

    @property
    def has_policy(self) -> bool:
        """Say whether the tables know of policies: those of an earlier program do not."""
        return bool(self.ask(load_questions("fleet-page.toml")["has_policy"].sql).rows)

    def ask(self, sql: str, values: Mapping[str, str] | None = None) -> Answer:
        """Ask one question.

        Raises UsageError for SQL that is wrong or does more than read.
        """
        _run(self._duckdb, self._database, sql, values or {})
        rows = tuple(tuple(row) for row in self._fetch(None))
        return Answer(tuple(str(column[0]) for column in self._database.description or ()), rows, self.run, self.left_out)

    def walk(self, sql: str, size: int) -> Iterator[list[tuple[object, ...]]]:
        """Ask one question and give its rows so many at a time; no other is asked before the last.

        Raises UsageError as `ask` does.
        """
        _run(self._duckdb, self._database, sql, {})
        while rows := self._fetch(size):
            yield rows

    def _fetch(self, size: int | None) -> list[tuple[object, ...]]:
        try:
            return self._database.fetchall() if size is None else self._database.fetchmany(size)
        except self._duckdb.Error as error:
            raise UsageError(f"{type(error).__name__}: {str(error).strip()}") from error


@cache
def load_questions(name: str = "fleet-questions.toml") -> dict[str, Question]:
    """Give the questions of a table, by id: those that are ready where none is named."""
    return {question.id: question for question in load_table(name, Table).question}


def ask(results: Path, sql: str, *, run: str | None = None, since: str | None = None) -> Answer:
    """Ask one question of a run; `since` is what `$since` stands for, another run.

    Raises UsageError for a directory without results, a run that is not there, and SQL that is wrong or does more than read.
    """
    with open_tables(results, run=run, since=since) as tables:
        return tables.ask(sql, {} if since is None else {"since": since})


@contextmanager
def open_tables(results: Path, *, run: str | None = None, since: str | None = None) -> Iterator[Tables]:
    """Open the tables of a run, the last complete one where none is named.

    Raises UsageError for a directory without results, and a run that is not there.
    """
    duckdb = load_extra("duckdb", "inspector query")
    runs = [name for name, _ in list_runs(results)]
    complete = [name for name in runs if Journal(results, name).is_whole()]
    if not complete:
        told = (
            f"its runs are not complete ({', '.join(runs)}): finish one with inspector fleet" if runs else "no results of inspector fleet"
        )
        raise UsageError(f"{results}: {told}")
    chosen = run or complete[0]
    for name in filter(None, (chosen, since)):
        if name not in complete:
            raise UsageError(f"{name}: there is no complete run of this name in {results}; there are {', '.join(complete)}")
    with duckdb.connect(":memory:") as database:
        _show_tables(database, results.resolve(), complete, chosen)
        yield Tables(database, chosen, tuple(complete), tuple(name for name in runs if name not in complete))


def _show_tables(database: "DuckDBPyConnection", results: Path, runs: list[str], chosen: str) -> None:
    """Close the database but for the results, and name the tables."""
    database.execute("SET autoinstall_known_extensions = false; SET autoload_known_extensions = false")
    database.execute(f"SET allowed_directories = [{_quote(str(results))}]")
    database.execute("SET enable_external_access = false; SET lock_configuration = true")
    database.execute(f"CREATE SCHEMA {SCHEMA}")
    for table in TABLES:
        held = [name for name in runs if (results / table / f"run={name}").is_dir()]
        if not held:  # results of a program that had no such table
            continue
        files = ", ".join(_quote(str(results / table / f"run={name}" / "part-*.parquet")) for name in held)
        source = f"read_parquet([{files}], hive_partitioning = true, union_by_name = true, hive_types = {{'run': VARCHAR}})"
        database.execute(f"CREATE VIEW {SCHEMA}.{table} AS SELECT * FROM {source}")  # noqa: S608  the same
        database.execute(f"CREATE VIEW {table} AS SELECT * FROM {SCHEMA}.{table} WHERE run = {_quote(chosen)}")  # noqa: S608  the same


def _run(duckdb: ModuleType, database: "DuckDBPyConnection", sql: str, values: Mapping[str, str]) -> None:
    try:
        statements = duckdb.extract_statements(sql)
        # EXPLAIN ANALYZE would run what it explains, also a COPY.
        if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
            raise UsageError("one statement that only reads is taken: SELECT ...")
        database.execute(statements[0], dict(values)) if values else database.execute(statements[0])
    except duckdb.Error as error:
        raise UsageError(f"{type(error).__name__}: {str(error).strip()}") from error


def _quote(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
