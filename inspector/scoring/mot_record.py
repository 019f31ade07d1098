"""A record of the Model Openness Tool: what its YAML says, read strictly, and nothing else.

Source: github.com/lfai/model_openness_tool, schema/mof_schema.json.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from inspector.errors import DataError, Malformed
from inspector.model import Component, Frozen, printable
from inspector.serialization.yaml_tree import Items, Keys, Tree, Words, read_yaml_tree
from inspector.tables import load_table

TYPES = ("code", "data", "document")
MOST = 200
RELEASE = (
    "name",
    "version",
    "date",
    "type",
    "architecture",
    "treatment",
    "origin",
    "producer",
    "contact",
    "repository",
    "huggingface",
)
COMPONENT = ("name", "description", "license", "license_path", "component_path")


class Table(Frozen, frozen=True):
    """The contents of `standards/mot.toml`."""

    framework: Mapping[str, str]
    unlicensed: str
    also_open: tuple[str, ...]
    absent: tuple[str, ...]
    unstated: tuple[str, ...]
    instead: Mapping[str, str]
    components: Mapping[str, Component]


@cache
def load_names() -> Table:
    """Read the table, once.

    Raises DataError when a component has two names, or what can stand in is none.
    """
    table = load_table("mot.toml", Table)
    if len(set(table.components.values())) != len(table.components):
        raise DataError("mot.toml: components: one stands there under two names")
    if unknown := {*table.instead, *table.instead.values()} - set(table.components):
        raise DataError(f"mot.toml: instead: {min(unknown)!r} is no component")
    return table


@dataclass(frozen=True, slots=True)
class Entry:
    """A component as it stands in a record. `license` is None where none is given, and empty for `unlicensed`."""

    name: str
    license: str | None
    line: int


@dataclass(frozen=True, slots=True)
class Record:
    """A record: the name and version of the model, licences by kind of content (`distribution` for all), components, and what is odd about it."""

    name: str
    version: str
    licenses: Mapping[str, str]
    entries: tuple[Entry, ...]
    notes: tuple[str, ...] = ()


def read_record(data: bytes) -> Record:
    """Read a record.

    Raises Malformed with the line and the key for what is none; keys and components that the tool does not know are notes.
    """
    top = _keys(read_yaml_tree(data), "the record")
    _keys(_need(top, "framework", "framework"), "framework")
    release = _keys(_need(top, "release", "release"), "release")
    notes = [*_strangers(top, ("framework", "release"), ""), *_strangers(release, (*RELEASE, "license", "components"), "release.")]
    words = {key: _words(release.items[key], f"release.{key}") for key in RELEASE if key in release.items}
    name = words.get("name")
    if not name:
        raise Malformed(f"line {release.line}: release.name: a name is needed")
    for key in ("producer",):
        _need(release, key, f"release.{key}")
    entries = _entries(_need(release, "components", "release.components"), notes)
    licenses = _licenses(_need(release, "license", "release.license"), notes)
    return Record(name, words.get("version") or "", licenses, tuple(entries), tuple(notes))


def _entries(tree: Tree, notes: list[str]) -> list[Entry]:
    if not isinstance(tree, Items):
        raise Malformed(f"line {tree.line}: release.components: a list is needed, not {_kind(tree)}")
    if len(tree.items) > MOST:
        raise Malformed(f"line {tree.line}: release.components: more than {MOST} entries")
    found: dict[str, Entry] = {}
    for number, item in enumerate(tree.items, 1):
        place = f"release.components, entry {number}"
        keys = _keys(item, place)
        notes += _strangers(keys, COMPONENT, f"{place}, ")
        words = {key: _words(keys.items[key], f"{place}, {key}") for key in COMPONENT if key in keys.items}
        name = words.get("name")
        if not name:
            raise Malformed(f"line {keys.line}: {place}: a name is needed")
        if name not in load_names().components:
            notes.append(f"line {keys.line}: {printable(name)!r} is no component of the framework; it is not counted")
            continue
        if name in found:
            notes.append(f"line {keys.line}: {name!r} stands there twice; the last one counts, as in the tool")
        given = words.get("license")
        found[name] = Entry(name, "" if given == load_names().unlicensed else given, keys.line)
    return list(found.values())


def _licenses(tree: Tree, notes: list[str]) -> dict[str, str]:
    """Read the licences of the whole; an empty list is written where there are none."""
    if (isinstance(tree, Items) and not tree.items) or (isinstance(tree, Words) and tree.text is None):
        return {}
    keys = _keys(tree, "release.license")
    notes += _strangers(keys, ("distribution", *TYPES), "release.license.")
    found: dict[str, str] = {}
    for kind in ("distribution", *TYPES):
        part = keys.items.get(kind)
        if part is None or (isinstance(part, Words) and part.text is None):
            continue
        holder = _keys(part, f"release.license.{kind}")
        notes += _strangers(holder, ("name", "path"), f"release.license.{kind}.")
        if name := _words(holder.items.get("name", Words(None, holder.line)), f"release.license.{kind}.name"):
            found[kind] = name
    return found


def _need(keys: Keys, name: str, place: str) -> Tree:
    if name not in keys.items:
        raise Malformed(f"line {keys.line}: {place} is missing; is this a record of the Model Openness Tool?")
    return keys.items[name]


def _keys(tree: Tree, place: str) -> Keys:
    if not isinstance(tree, Keys):
        raise Malformed(f"line {tree.line}: {place}: keys with values are needed, not {_kind(tree)}")
    return tree


def _words(tree: Tree, place: str) -> str | None:
    if not isinstance(tree, Words):
        raise Malformed(f"line {tree.line}: {place}: a text is needed, not {_kind(tree)}")
    return tree.text


def _kind(tree: Tree) -> str:
    return "a text" if isinstance(tree, Words) else "a list" if isinstance(tree, Items) else "a mapping"


def _strangers(keys: Keys, known: tuple[str, ...], place: str) -> Iterator[str]:
    for name, item in keys.items.items():
        if name not in known:
            yield f"line {item.line}: {place}{printable(name[:60])} is no key that the tool knows"
