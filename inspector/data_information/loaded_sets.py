"""Data sets that code loads and settings name: only in files that train or process data, and only ids of a hub or well-known names."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

import msgspec

from inspector.data_information.corpora import load_corpora
from inspector.data_information.named_sets import found_set, named_by_id
from inspector.detector import Found
from inspector.model import Certainty, Claim, Component, NamedSet
from inspector.sources.settings import Setting, normal
from inspector.sources.source import Fact

MOST = 100
USERS = ((Component.TRAINING, Claim.PRESENT), (Component.PREPROCESSING, Claim.PRESENT))
ELSEWHERE = re.compile(
    r"(?<![a-z])(evals?|evaluat\w*|tests?|testing|benchmarks?|metrics?|leaderboard|analys[ei]s|demos?|examples?_test)(?![a-z])", re.I
)
KEYS = frozenset(
    {
        "dataset",
        "datasets",
        "dataset_name",
        "dataset_id",
        "dataset_path",
        "dataset_repo",
        "hf_dataset",
        "hf_dataset_name",
        "hf_dataset_or_datasets",
        "train_dataset",
        "hf_name",
    }
)


def sets_of_module(facts: Iterable[Fact], roles: Sequence[Found], path: str) -> Iterator[Found]:
    """List the data sets that a module loads by name, if its roles say that it trains or processes and its path not that it evaluates."""
    if ELSEWHERE.search(path) or not any((role.component, role.claim) in USERS for role in roles):
        return
    yield from _distinct((fact.name, fact.line) for fact in facts if fact.kind == "set")


def sets_of_settings(settings: Iterable[Setting], path: str) -> Iterator[Found]:
    """List the data sets that the settings of a training name by their ids."""
    if not ELSEWHERE.search(path):
        yield from _distinct((item.value, item.line) for item in settings if normal(item.key).rpartition(".")[2] in KEYS)


def sets_of_mixture(parts: Iterable[tuple[str, str, int]]) -> Iterator[Found]:
    """List the parts of a mixture (name, weight, line) that are ids of a hub or the names of well-known sets, each with its share."""
    for name, weight, line in islice(parts, MOST):
        named = named_by_id(name) if "/" in name else NamedSet(name=name) if load_corpora().named(name) else None
        if named is not None:
            yield found_set(msgspec.structs.replace(named, share=weight), line, certainty=Certainty.READ)


def _distinct(names: Iterable[tuple[str, int]]) -> Iterator[Found]:
    seen: set[str] = set()
    for name, line in names:
        named = named_by_id(name)
        if named is not None and named.name not in seen and len(seen) < MOST:
            seen.add(named.name)
            yield found_set(named, line, certainty=Certainty.READ)
