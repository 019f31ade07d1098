"""`_target_`: the key by which a Hydra configuration names what is imported and called when a model is built from it."""

from collections.abc import Iterable, Iterator
from functools import cache

import msgspec

from inspector.model import Severity
from inspector.pickles.globals import is_acting
from inspector.serialization.yaml_values import YamlValue
from inspector.tables import load_table

KEYS = frozenset({"_target_", "_target", "target"})


class Targets(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The table: modules that may be named without a remark, and exceptions from that."""

    allowed: tuple[str, ...]
    refused: tuple[str, ...]


@cache
def _table() -> Targets:
    return load_table("hydra-targets.toml", Targets)


def find_targets(values: Iterable[YamlValue]) -> Iterator[YamlValue]:
    """List the values that name something to import: `_target_` anywhere, `target` where it is a dotted name."""
    for value in values:
        key = value.path[-1] if value.path else ""
        if key in KEYS and value.text and (key != "target" or "." in value.text.strip(".")):
            yield value


def judge_target(name: str) -> Severity | None:
    """Say how much a target matters: `None` for a known framework, high for what acts or is computed, medium for anything else."""
    module, _, attribute = name.strip().rpartition(".")
    if "${" in name or is_acting(module, attribute):
        return Severity.HIGH
    table = _table()
    if _is_below(name, table.refused):
        return Severity.HIGH
    return None if _is_below(name, table.allowed) else Severity.MEDIUM


def _is_below(name: str, modules: tuple[str, ...]) -> bool:
    return any(name == module or name.startswith(f"{module}.") for module in modules)
