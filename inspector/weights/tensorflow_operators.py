"""TensorFlow's operators that do more than compute, judged by name and by where in a graph they stand."""

from functools import cache

import msgspec

from inspector.model import Severity
from inspector.sightings import Sightings
from inspector.tables import load_table

SAVING = ("save", "restore", "asset", "initializer", "table", "lookup", "vocab")  # words of the parts of a graph that files belong to
FUNCTIONS = ("__inference__traced_save", "__inference__traced_restore")


class Operators(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The table of operators."""

    acting: tuple[str, ...]
    contextual: tuple[str, ...]
    reaching: tuple[str, ...]


@cache
def _table() -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    table = load_table("tensorflow-operators.toml", Operators)
    return frozenset(table.acting), frozenset(table.contextual), frozenset(table.reaching)


def is_remarkable(operator: str) -> bool:
    """Say whether an operator does more than compute."""
    return any(operator in names for names in _table())


def judge_operator(operator: str, scope: str, sightings: Sightings, pointer: str, span: tuple[int, int] | None = None) -> None:
    """Note an operator that runs code, touches files or connects; `scope` is the name of the node, and of the function that it is in."""
    acting, contextual, reaching = _table()
    if operator in acting:
        message = f"an operator that runs code, or reads or writes files that the graph names: {operator}"
        sightings.add("tensorflow.acting-operator", Severity.HIGH, message, pointer, span)
    elif operator in reaching:
        message = f"an operator that opens connections, or takes data from elsewhere: {operator}"
        sightings.add("tensorflow.reaching-operator", Severity.HIGH, message, pointer, span)
    elif operator in contextual and not any(word in scope.casefold() for word in SAVING):
        message = f"an operator that reads or writes files, outside of what saves and restores the model: {operator}"
        sightings.add("tensorflow.saving-operator", Severity.MEDIUM, message, pointer, span)
