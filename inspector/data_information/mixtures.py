"""Mixtures of training data in settings: the names of parts and their weights, in every shape that training libraries write them in.

Source: the documentation of Megatron-LM and GPT-NeoX (`--data-path`, `train-data-weights`), nanotron (`dataset_weights`), llm-foundry (`streams`),
lingua (`sources`), OLMo (`source_mixture_config`), axolotl and alignment-handbook (`dataset_mixer`).
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice

from inspector.data_information.listing_words import MixtureWords, compiled, load_listing_words
from inspector.serialization.yaml_values import ELEMENT, YamlValue

FEWEST = 2
MOST_PARTS = 10_000
MOST_COMMANDS = 100
LONGEST_LINE = 20_000
NUMBER = re.compile(r"[+]?(\d[\d_]*(\.\d*)?|\.\d+)([eE][-+]?\d{1,3})?%?")
CONTINUED = re.compile(r"\\\r?\n")
REGISTERED = re.compile(r"MixtureRegistry\.add\(\s{0,200}[\"'](?P<name>[\w.:-]{1,200})[\"']\s{0,20},\s{0,200}[\[(]")
RATED = re.compile(
    r"[(\[]\s{0,200}[\"'](?P<name>[\w.:-]{1,200})[\"']\s{0,20},\s{0,20}(?P<weight>\d[\d_.eE+-]{0,30})\s{0,20},?\s{0,200}[)\]]"
)
Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a mixture: its name, its weight as it is written, its line."""

    name: str
    weight: str
    line: int


@dataclass(frozen=True, slots=True)
class Mixture:
    """Parts with weights, and the key that they stand under."""

    key: str
    parts: tuple[Part, ...]


def normal(key: str) -> str:
    """Write a key as the table does."""
    return key.casefold().replace("-", "_").strip()


@cache
def words_of_mixtures() -> frozenset[str]:
    """List the keys one of which a file with a mixture has; cheap, to be asked before parsing."""
    words = load_listing_words().mixtures
    return frozenset((*words.weights, *words.maps, *words.part_weights, *words.generic, "train_data_path", "train_data_paths", "data_path"))


def read_mixtures(values: Iterable[YamlValue]) -> tuple[Mixture, ...]:
    """Find the mixtures among the values of settings; each has at least two parts with names and positive weights."""
    words = load_listing_words().mixtures
    kept = [value for value in values if not any(normal(key) in words.never for key in value.path)]
    found = (*_lists(kept, words), *_maps(kept, words), *_parts(kept, words))
    return tuple(mixture for mixture in found if _is_whole(mixture))


def _is_whole(mixture: Mixture) -> bool:
    placeholders = compiled(load_listing_words().mixtures.placeholders)
    named = {part.name for part in mixture.parts}
    weighed = [part for part in mixture.parts if any(char in "123456789" for char in part.weight)]
    return len(named) >= FEWEST and len(weighed) >= FEWEST and not any(placeholders.search(name) for name in named)


def _lists(values: Sequence[YamlValue], words: MixtureWords) -> Iterator[Mixture]:
    """Pair lists of names with lists of weights beside them, and take lists in which the two take turns."""
    lists: dict[Path, list[YamlValue]] = {}
    inside: dict[Path, list[YamlValue]] = {}
    for value in values:
        if len(value.path) > 1 and value.path[-1] == ELEMENT:
            lists.setdefault(value.path[:-1], []).append(value)
        elif len(value.path) > 2 and normal(value.path[-1]) == "dataset_name":
            inside.setdefault(value.path[:-2], []).append(value)
        elif value.path and normal(value.path[-1]) in words.names and " " in value.text:
            yield Mixture(value.path[-1], tuple(pair_turns([(text, value.line) for text in value.text.split()])))
    beside: dict[Path, list[list[YamlValue]]] = {path: [items] for path, items in inside.items()}
    for path, items in lists.items():
        if normal(path[-1]) in words.names:
            beside.setdefault(path[:-1], []).append(items)
            yield Mixture(path[-1], tuple(pair_turns([(item.text, item.line) for item in items])))
    for path, items in lists.items():
        if normal(path[-1]) in words.weights and all(NUMBER.fullmatch(item.text) for item in items):
            names = next((names for names in beside.get(path[:-1], []) if names is not items and len(names) == len(items)), [])
            yield Mixture(path[-1], tuple(Part(name.text, item.text, name.line) for name, item in zip(names, items, strict=False)))


def pair_turns(words: Sequence[tuple[str, int]]) -> Iterator[Part]:
    """Pair weights and names that take turns, the weight first, up to where they no longer do."""
    for place in range(0, len(words) - 1, 2):
        weight, (name, line) = words[place][0], words[place + 1]
        if not NUMBER.fullmatch(weight) or NUMBER.fullmatch(name) or name.startswith("-"):
            return
        yield Part(name.strip("\"')"), weight, line)


def _maps(values: Sequence[YamlValue], words: MixtureWords) -> Iterator[Mixture]:
    """Take maps of names to weights."""
    maps: dict[Path, list[YamlValue]] = {}
    for value in values:
        if len(value.path) >= 2 and value.path[-1] != ELEMENT and _is_map(value.path[:-1], words):
            maps.setdefault(value.path[:-1], []).append(value)
    for path, items in maps.items():
        if all(NUMBER.fullmatch(item.text) for item in items):
            yield Mixture(path[-1], tuple(Part(item.path[-1], item.text, item.line) for item in items[:MOST_PARTS]))


def _is_map(path: Path, words: MixtureWords) -> bool:
    key = normal(path[-1])
    return key in words.maps or (key in words.generic and any(normal(above) in words.above for above in path[:-1]))


def _parts(values: Sequence[YamlValue], words: MixtureWords) -> Iterator[Mixture]:
    """Take lists and maps of parts that each have a name and a weight."""
    groups: dict[Path, list[Part]] = {}
    name, place, weight, line = "", Path(), "", 0
    for value in values:
        if len(value.path) < 3 or normal(value.path[-3]) not in words.lists:
            continue
        key, above = normal(value.path[-1]), value.path[:-1]
        if above != place or (key in words.part_names and name and value.path[-2] == ELEMENT and weight):
            place, weight, line = above, "", value.line
            name = "" if value.path[-2] == ELEMENT else value.path[-2]
        if key in words.part_names and (not name or value.path[-2] == ELEMENT):
            name, line = value.text, value.line
        elif key in words.part_weights and NUMBER.fullmatch(value.text):
            weight = value.text
        if name and weight:
            groups.setdefault(value.path[:-2], []).append(Part(name, weight, line))
            name, weight, place = "", "", Path()
    for path, parts in groups.items():
        yield Mixture(path[-1], tuple(parts[:MOST_PARTS]))


def read_commands(text: str) -> tuple[Mixture, ...]:
    """Find mixtures in command lines: `--data-path 0.3 a 0.7 b`, and variables that hold the same."""
    joined = CONTINUED.sub(lambda match: " " * (len(match[0]) - 1) + "\x00", text)
    found: list[Mixture] = []
    for pattern in load_listing_words().mixtures.flags:
        for match in islice(re.finditer(pattern, joined, re.M), MOST_COMMANDS):
            rest = joined[match.end() : match.end() + LONGEST_LINE].split("\n", 1)[0]
            line = _line(joined, match.end())
            words: list[tuple[str, int]] = []
            for piece in rest.lstrip("=").split("\x00"):
                words += [(word.strip("\"'()"), line) for word in piece.split() if word.strip("\"'()")]
                line += 1
            mixture = Mixture(match[0].strip(" =\"'("), tuple(pair_turns(words)))
            if _is_whole(mixture):
                found.append(mixture)
    return tuple(found)


def read_registered(text: str) -> tuple[Mixture, ...]:
    """Find the mixtures that Python code registers with seqio, those whose rates are written out as numbers."""
    found: list[Mixture] = []
    for match in islice(REGISTERED.finditer(text), MOST_COMMANDS):
        end = match.end()
        parts: list[Part] = []
        while (rated := RATED.match(text, end)) is not None and len(parts) < MOST_PARTS:
            parts.append(Part(rated["name"], rated["weight"], _line(text, rated.start())))
            end = rated.end()
            while end < len(text) and text[end] in ", \t\r\n":
                end += 1
        mixture = Mixture(match["name"], tuple(parts))
        if _is_whole(mixture):
            found.append(mixture)
    return tuple(found)


def _line(text: str, place: int) -> int:
    return text.count("\n", 0, place) + text.count("\x00", 0, place) + 1
