"""Ids of models in sentences: what a model was made from is no data that it was trained on. The table is `standards/model-ids.toml`."""

import re
from collections.abc import Sequence
from functools import lru_cache

from inspector.data_information.corpora import load_corpora
from inspector.model import Frozen
from inspector.tables import load_table

# What may stand between the words and the id: an article, a word or two on it, marks of quotation.
GAP = r"\s*(the |our |a |an )?((?!(?:on|by|in|at|with|from|using|and|it)\b)[\w.-]{1,20} ){0,2}[`\"'“‘(\[<]*$"
# What may stand between the words and a proper name.
CLOSE = r"\s*(the |our )?[\"'“‘(\[]*$"
BEFORE = 120
AFTER = 120
ANOTHER = re.compile(r"^[\s`\"'”’)\],]{0,6}(,|and|or|&|\+|plus|with)?\s?(the |our )?[\s`\"'“‘(\[]{0,4}$")


class ModelIds(Frozen, frozen=True):
    """Expressions for names of models, for words that make an id one, and for what a sentence is about."""

    names: tuple[str, ...]
    behind: tuple[str, ...]
    behind_models: tuple[str, ...]
    models: str
    data: str
    unrelated_behind: tuple[str, ...]
    unrelated_ahead: str
    based: str
    based_ahead: str
    called_model: str
    hosts: str
    released: str


class _Compiled:
    """The table's expressions, compiled once."""

    def __init__(self, table: ModelIds) -> None:
        self.names = re.compile("|".join(table.names), re.IGNORECASE)
        self.behind = re.compile(f"({'|'.join(table.behind)}){GAP}", re.IGNORECASE)
        self.behind_models = re.compile(f"({'|'.join(table.behind_models)}){GAP}", re.IGNORECASE)
        self.models = re.compile(table.models, re.IGNORECASE)
        self.data = re.compile(table.data, re.IGNORECASE)
        self.unrelated_behind = re.compile(f"({'|'.join(table.unrelated_behind)}){CLOSE}", re.IGNORECASE)
        self.unrelated_ahead = re.compile(table.unrelated_ahead, re.IGNORECASE)
        self.based = re.compile(table.based, re.IGNORECASE)
        self.based_ahead = re.compile(table.based_ahead, re.IGNORECASE)
        self.called_model = re.compile(table.called_model, re.IGNORECASE)
        self.hosts = re.compile(table.hosts, re.IGNORECASE)
        self.released = re.compile(table.released, re.IGNORECASE)


@lru_cache(maxsize=1)
def _load() -> _Compiled:
    return _Compiled(load_table("model-ids.toml", ModelIds))


def is_model_named(name: str) -> bool:
    """Say whether an id `owner/name` is one of a model by its name alone."""
    return not _is_known_set(name) and bool(_load().names.search(name.rpartition("/")[2]))


def _is_known_set(name: str) -> bool:
    return load_corpora().with_id(name) is not None


def list_model_ids(text: str, ids: Sequence[tuple[int, str]], targets: Sequence[str]) -> frozenset[int]:
    """List the places of those ids of a sentence that are models: by name, by the words before them, or by the hub's page they lead to.

    `ids` are places and words, in the order of the text; `targets` are addresses that the sentence links to.
    """
    found = set[int]()
    end = None
    for start, name in ids:
        beside = end is not None and bool(ANOTHER.match(text[end:start]))
        if is_model_named(name) or (not _is_known_set(name) and (beside or _is_told(text, start) or _is_page(name, targets))):
            found.add(start)
            end = start + len(name)
        else:
            end = None
    return frozenset(found)


def is_no_origin(text: str, start: int, name: str) -> bool:
    """Say whether a proper name is none of where data is from: a model, its makers, a way of working, or a host of what is released."""
    table = _load()
    before, after = text[max(0, start - BEFORE) : start], text[start + len(name) : start + len(name) + AFTER]
    if table.unrelated_behind.search(before) or table.unrelated_ahead.search(after):
        return True
    if table.based.search(before) and table.based_ahead.search(after):
        return True
    if table.hosts.search(name) and table.released.search(before):
        return True
    # A corpus may be distilled from something, or be a version of it: only what no data stands before is a model.
    return not table.data.search(text[:start]) and bool(_is_told(text, start) or table.called_model.search(after))


def _is_told(text: str, start: int) -> bool:
    before, table = text[max(0, start - BEFORE) : start], _load()
    if table.behind.search(before):
        return True
    match = table.behind_models.search(before)
    return bool(match and table.models.search(text[:start]) and not table.data.search(text[:start]))


def _is_page(name: str, targets: Sequence[str]) -> bool:
    """Say whether the id leads to its page at the hub, which has those of data sets elsewhere."""
    page = re.compile(rf"(huggingface\.co|hf\.co|modelscope\.cn/models)/{re.escape(name)}/?$", re.IGNORECASE)
    return any(page.search(target) for target in targets)
