"""Grammars of other languages, `standards/syntax.toml`: what their nodes mean, loaded when a file of the language is met."""

from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from inspector.errors import DataError
from inspector.model import Frozen
from inspector.tables import load_table

if TYPE_CHECKING:
    from collections.abc import Callable

    from tree_sitter import Language, Query

TABLE = "syntax.toml"


class GrammarRow(Frozen, frozen=True):
    """Where the parser of a language is, how the language writes imports, and the queries that read it."""

    language: str
    module: str
    imports: str
    queries: tuple[str, ...]
    factory: str = "language"


class SyntaxTable(Frozen, frozen=True):
    """The table: the types of nodes that names are made of, the grammars, and the queries."""

    leaves: frozenset[str]
    joins: frozenset[str]
    wraps: frozenset[str]
    heads: tuple[str, ...]
    tails: tuple[str, ...]
    inner: tuple[str, ...]
    alive: frozenset[str]
    must: dict[str, str]
    grammar: tuple[GrammarRow, ...]
    queries: dict[str, str]


@dataclass(frozen=True, slots=True)
class Grammar:
    """A language that can be parsed: single captures, and captures that belong together."""

    language: "Language"
    single: "Query"
    paired: "Query"


@cache
def load_syntax() -> SyntaxTable:
    """Read the table.

    Raises DataError for a grammar that names a query which is not there.
    """
    table = load_table(TABLE, SyntaxTable)
    for row in table.grammar:
        if missing := [name for name in row.queries if name not in table.queries]:
            raise DataError(f"{TABLE}: {row.language}: there is no query {missing[0]!r}")
    return table


def find_row(language: str) -> GrammarRow | None:
    """Give the row of a language, or nothing for one that is not read."""
    return next((row for row in load_syntax().grammar if row.language == language), None)


@cache
def load_grammar(row: GrammarRow) -> Grammar | None:
    """Import the parser of a language and compile its queries; nothing when the package is not installed.

    Raises DataError for a query that does not fit the grammar.
    """
    try:
        from tree_sitter import Language, Query, QueryError

        factory: Callable[[], object] = getattr(import_module(row.module), row.factory)
        language = Language(factory())
    except (ImportError, AttributeError, ValueError):
        return None
    patterns = [line for name in row.queries for line in load_syntax().queries[name].splitlines()]
    paired = [line for line in patterns if line.count("@") > 1]
    try:
        single = Query(language, "\n".join(line for line in patterns if line not in paired))
        return Grammar(language, single, Query(language, "\n".join(paired)))
    except QueryError as error:
        raise DataError(f"{TABLE}: {row.language}: {error}") from error
