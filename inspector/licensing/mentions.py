"""What a sentence on terms names: licences, parts of a system, and the model whose parts they are. The words are `standards/prose-terms.toml`."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from inspector.model import CODE, Component, Frozen
from inspector.tables import load_table

# Where bundles come from: a link there leads to what was left behind, not to somebody else's terms.
HUB = re.compile(r"https?://(www\.)?(huggingface\.co|github\.com|raw\.githubusercontent\.com|gitlab\.com|modelscope\.cn)/", re.IGNORECASE)
# A name in front of a part: "LLaMA 2 model weights". At the beginning of a sentence it needs a digit or a capital beyond its first letter.
NAME = re.compile(r"((?:[A-Za-z]*[\dA-Z][\w.+]*)(?:[ -](?:[A-Za-z]*[\dA-Z][\w.+]*)){0,4})[ -]+$")
WHOSE = re.compile(r",?\s*\b(whose|of which)\s+(the\s+)?$")
TELLING = re.compile(r"\d|\w[A-Z]")
WORD = re.compile(r"[a-z]{3,}|[a-z]*\d[a-z\d]*")
# Words of titles and of directories that name no model.
PLAIN = frozenset(
    [
        *(
            "model",
            "models",
            "card",
            "readme",
            "weights",
            "code",
            "data",
            "dataset",
            "the",
            "for",
            "and",
            "main",
            "master",
            "language",
            "large",
        ),
        *(
            "introduction",
            "overview",
            "snapshot",
            "snapshots",
            "download",
            "downloads",
            "checkpoint",
            "checkpoints",
            "base",
            "chat",
            "instruct",
        ),
        *(
            "hf",
            "repo",
            "repository",
            "training",
            "inference",
            "bundle",
            "license",
            "open",
            "source",
            "tokenizer",
            "transformers",
            "pytorch",
        ),
    ]
)


DETERMINERS = frozenset(
    {"our", "all", "these", "those", "this", "its", "their", "both", "each", "any", "released", "trained", "final", "pretrained"}
)


class Words(Frozen, frozen=True):
    """Words for a part of a system, and the components they stand for."""

    words: str
    covers: tuple[Component, ...]
    why: str


class TermsTable(Frozen, frozen=True):
    """The whole table."""

    needs: str
    verbs: tuple[str, ...]
    past: tuple[str, ...]
    hedges: tuple[str, ...]
    licences: tuple[str, ...]
    same: tuple[str, ...]
    labels: tuple[str, ...]
    pointers: tuple[str, ...]
    whole: str
    object_of: str
    auxiliary: str
    components: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class Mention:
    """Something that a sentence names, with its place in it.

    A licence has no `covers`; a part of the system has, and `about` where the name of a model stands before it.
    """

    start: int
    end: int
    text: str
    covers: tuple[Component, ...] = ()
    about: str = ""


@lru_cache(maxsize=1)
def load_terms() -> TermsTable:
    """Read the table once."""
    return load_table("prose-terms.toml", TermsTable)


@cache  # the expressions are those of tables, some hundreds
def compiled(pattern: str) -> re.Pattern[str]:
    """Compile an expression of the table that ignores case."""
    return re.compile(pattern, re.I)


def holds(pattern: str, text: str) -> bool:
    """Say whether an expression is found in a text."""
    return compiled(pattern).search(text) is not None


def is_found(patterns: Iterable[str], text: str) -> bool:
    """Say whether one of some expressions is found in a text."""
    return any(holds(pattern, text) for pattern in patterns)


def find_parts(sentence: str, subject: Component | None = None) -> list[Mention]:
    """List the parts of a system that a sentence names, not those that another part is for: "the code for the models" is code.

    Where it names none, "this work" or "everything in this repository" is the subject of a card, and code in any other document.
    """
    licences = find_licences(sentence)
    named = ((match, words.covers) for words in load_terms().components for match in compiled(words.words).finditer(sentence))
    found = sorted(
        (Mention(match.start(), match.end(), match[0], covers, _name_before(sentence[: match.start()])) for match, covers in named),
        key=lambda mention: mention.start,
    )
    found = [
        item
        for item in found
        if not any(licence.start <= item.start < licence.end for licence in licences)
        and not compiled(load_terms().auxiliary).search(sentence[: item.start])
    ]
    kept = [item for place, item in enumerate(found) if place == 0 or not compiled(load_terms().object_of).search(sentence[: item.start])]
    if not kept and (everything := compiled(load_terms().whole).search(sentence)):
        return [Mention(everything.start(), everything.end(), everything[0], (subject,) if subject else CODE)]
    return kept


def _name_before(text: str) -> str:
    """Take the name in front of a part; a single capital makes a name anywhere but at the beginning of the sentence."""
    if not (match := NAME.search(WHOSE.sub(" ", text))):
        return ""
    words = match[1].split()
    while words and words[0].casefold() in PLAIN | DETERMINERS:
        words.pop(0)
    inside = match.start() > 0 or len(words) < len(match[1].split())
    return " ".join(words) if words and (inside or TELLING.search(match[1])) else ""


def find_licences(sentence: str) -> list[Mention]:
    """List the words of licences in a sentence, as they are written; the longest of two at one place."""
    found: list[Mention] = []
    for pattern in load_terms().licences:
        for match in _as_written(pattern).finditer(sentence):
            if match[0].strip() and not any(match.start() < other.end and other.start < match.end() for other in found):
                found.append(Mention(match.start(), match.end(), match[0].strip()))
    return sorted(found, key=lambda mention: mention.start)


@lru_cache(maxsize=64)
def _as_written(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def pair_mentions(licences: list[Mention], parts: list[Mention]) -> Iterator[tuple[Mention, list[Mention]]]:
    """Give each licence the parts between the licence before it and itself, else those that follow up to the next licence."""
    end = 0
    for index, licence in enumerate(licences):
        before = [part for part in parts if end <= part.start < licence.start or (part.end == 0 and index == 0)]
        limit = licences[index + 1].start if index + 1 < len(licences) else 10**6
        after = [part for part in parts if licence.end <= part.start < limit]
        yield licence, before or after
        end = licence.end if before else limit


@lru_cache(maxsize=16_384)
def name_words(text: str) -> frozenset[str]:
    """Take the words out of a title, an id or a directory's name that can name a model, case-folded."""
    return frozenset(word for word in WORD.findall(text.casefold().replace("_", " ")) if word not in PLAIN)


def share_name(one: frozenset[str], other: frozenset[str]) -> bool:
    """Say whether two names have a word of letters in common, or one word begins another."""
    long = [word for word in one if not word[0].isdigit()]
    return any(word.startswith(name) or name.startswith(word) for word in long for name in other if not name[0].isdigit())
