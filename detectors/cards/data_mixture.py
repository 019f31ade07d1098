"""Data mixture: settings that name the parts of the training data and their weights.

What it sees: YAML and JSON settings, shell scripts with Megatron's `--data-path`, and Python code that registers mixtures with seqio.
What it says: the scope of the data, as the weights of its parts, each with its name and line; those parts that are ids or well-known data sets;
where its files are, when at least five entries of a list are addresses of data, or at least three data sets are linked beside the names. Buckets of
somebody's own are only mentioned.
What it cannot know: what a name stands for that has no address, and whether the run that made the weights used this mixture. Settings for tests,
measuring and debugging are passed over, and so are placeholders.
Source: the documentation of Megatron-LM, GPT-NeoX, nanotron, llm-foundry, lingua, OLMo and seqio.
"""

import re
from collections.abc import Iterator, Sequence

from inspector.bundle import File, printable
from inspector.data_information.address_lists import FEWEST, SHARE, judge_address
from inspector.data_information.listing_words import is_for_something_else
from inspector.data_information.loaded_sets import sets_of_mixture
from inspector.data_information.mixtures import Mixture, normal, read_commands, read_mixtures, read_registered, words_of_mixtures
from inspector.detector import Format, Found, Said, Wants, detector
from inspector.documents.prose import excerpt
from inspector.errors import Malformed
from inspector.model import Claim, Component, Constructs, Count, Span
from inspector.serialization.yaml_values import ELEMENT, YamlValue, read_yaml_values
from inspector.sources.signals import has_role

LARGEST = 4 * 2**20
MOST_SEEN = 40
FEWEST_LINKS = 3
WORDS = re.compile(r"[A-Za-z_][\w-]{1,60}")
LINK = re.compile(r"https?://huggingface\.co/datasets/[\w.-]{1,100}/[\w.-]{1,100}")
FORMATS = {".yaml": "yaml", ".yml": "yaml", ".json": "json", ".sh": "shell", ".slurm": "shell", ".py": "python"}
# Descriptions of a model, its tokenizer or a package, which other detectors read.
OTHERS = re.compile(r"^(config|tokenizer(_config)?|vocab|generation_config|package(-lock)?|tsconfig|.*\.index)\.json$")


@detector(
    "data-mixture",
    wants=Wants(suffixes=tuple(FORMATS)),
    formats=tuple(sorted(set(FORMATS.values()))),
    emits={(Component.DATASETS, Claim.DESCRIBED), (Component.DATASETS, Claim.MENTIONED), (Component.DATASETS, Claim.NAMED)},
)
def data_mixture(file: File) -> Iterator[Said]:
    """Look for the words of mixtures, and only then parse."""
    if file.size > LARGEST or b"\0" in file.head or OTHERS.match(file.name.casefold()) or not _can_speak(file.path):
        return
    text, values = file.text, list[YamlValue]()
    if file.suffix == ".py":
        mixtures = read_registered(text) if "MixtureRegistry.add" in text else ()
    elif file.suffix in {".sh", ".slurm"}:
        mixtures = read_commands(text)
    elif {normal(match[0]) for match in WORDS.finditer(text)} & words_of_mixtures() or "://" in text:
        values = _values(text)
        mixtures = read_mixtures(values)
    else:
        return
    told = (*_weights(mixtures), *_addresses(values), *(_links(text) if mixtures else ()))
    if told:
        yield Format(FORMATS[file.suffix])
        yield from told


def _can_speak(path: str) -> bool:
    return has_role(path) and not is_for_something_else(path)


def _values(text: str) -> list[YamlValue]:
    """Read what can be read; what breaks the format is for the detectors of settings to tell."""
    try:
        return list(read_yaml_values(text))
    except Malformed:
        return []


def _weights(mixtures: Sequence[Mixture]) -> Iterator[Found]:
    if mixtures:
        best = max(mixtures, key=lambda mixture: len(mixture.parts))
        seen = tuple(Count(printable(f"{part.name}: {part.weight}")[:120], part.line) for part in best.parts[:MOST_SEEN])
        told = f"{len({part.name for part in best.parts})} parts with weights under {best.key}: " + ", ".join(
            f"{part.name} {part.weight}" for part in best.parts[:5]
        )
        lines = [part.line for part in best.parts]
        yield _found("scope", Claim.DESCRIBED, lines, told, seen)
        yield from sets_of_mixture((part.name, part.weight, part.line) for part in best.parts)


def _addresses(values: Sequence[YamlValue]) -> Iterator[Found]:
    """Say where the files are that a list of the training settings names."""
    lists: dict[tuple[str, ...], list[YamlValue]] = {}
    for value in values:
        if value.path and value.path[-1] == ELEMENT and not any(_is_of_measuring(key) for key in value.path):
            lists.setdefault(value.path[:-1], []).append(value)
    for items in lists.values():
        judged = [(judge_address(item.text), item) for item in items if "://" in item.text[:10]]
        for kind, claim in (("public", Claim.DESCRIBED), ("private", Claim.MENTIONED)):
            listed = [item for found, item in judged if found == kind]
            if len(listed) >= FEWEST and len(listed) >= SHARE * len(items):
                seen = tuple(Count(printable(item.text)[:120], item.line) for item in listed[:MOST_SEEN])
                words = "addresses of data" if kind == "public" else "addresses of data in buckets of somebody's own"
                told = f"{len(listed)} {words}, the first is {listed[0].text}"
                yield _found("public-listing", claim, [item.line for item in listed], told, seen)
                return


def _is_of_measuring(key: str) -> bool:
    return any(word in normal(key) for word in ("eval", "valid", "test"))


def _links(text: str) -> Iterator[Found]:
    """Say which data sets are linked beside the names of a mixture, in comments too."""
    found: dict[str, int] = {}
    for number, line in enumerate(text.split("\n"), 1):
        for match in LINK.finditer(line[:2000]):
            found.setdefault(match[0], number)
    if len(found) >= FEWEST_LINKS:
        seen = tuple(Count(link[:120], line) for link, line in list(found.items())[:MOST_SEEN])
        told = f"{len(found)} data sets are linked, the first is {next(iter(found))}"
        for aspect in ("public-listing", "provenance"):
            yield _found(aspect, Claim.DESCRIBED, list(found.values()), told, seen)


def _found(aspect: str, claim: Claim, lines: Sequence[int], told: str, seen: tuple[Count, ...]) -> Found:
    span = Span(min(lines), max(lines))
    return Found(Component.DATASETS, claim, aspect, span=span, details=Constructs(seen=seen), excerpt=excerpt(told))
