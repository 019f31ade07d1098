"""Rows of answers as records of known types: what a table of results holds is read strictly, also where somebody else wrote it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

import msgspec

from inspector.decoding import convert
from inspector.errors import UsageError
from inspector.fleet.query import Answer, Tables, load_questions

T = TypeVar("T")
TABLE = "fleet-page.toml"


def ask_records(tables: Tables, question: str, kind: type[T], values: Mapping[str, str] | None = None) -> tuple[T, ...]:
    """Ask a question of `fleet-page.toml` and give its rows as records.

    Raises UsageError where the tables hold something else.
    """
    answer: Answer = tables.ask(find_sql(question), values)
    return read_records(answer.columns, answer.rows, kind)


def find_sql(question: str) -> str:
    """Give the SQL of a question."""
    return load_questions(TABLE)[question].sql


def read_records(columns: Sequence[str], rows: Iterable[Sequence[object]], kind: type[T]) -> tuple[T, ...]:
    """Read rows as records.

    Raises UsageError where they are none.
    """
    try:
        return tuple(convert(dict(zip(columns, row, strict=True)), kind) for row in rows)
    except msgspec.ValidationError as error:
        raise UsageError(f"the tables of results hold what this program does not write: {error}") from error
