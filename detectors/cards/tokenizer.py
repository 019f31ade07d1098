"""Tokenizer: the files that turn text into numbers for a model.

What it sees: tokenizer.json, tokenizer.model (SentencePiece or tiktoken), vocab.json and merges.txt, tokenizer_config.json,
special_tokens_map.json, added_tokens.json, tekken.json, `*.tiktoken`.
What it says: there is a tokenizer, and of which kind; code that would run on loading it. Long files are looked at, never parsed whole.
What it cannot know: whether it is the tokenizer that the model was trained with, or how it was trained.
Source: the documentation of tokenizers, SentencePiece (sentencepiece_model.proto), tiktoken and mistral-common.
"""

import re
from collections.abc import Iterator

from inspector.auto_map import read_auto_map
from inspector.bundle import File
from inspector.detector import Format, Found, Said, Wants, detector
from inspector.errors import Malformed
from inspector.model import Claim, Component
from inspector.strict_json import read_json, texts

WINDOW = 4 * 2**20
MAX_SEARCH = 64 * 2**20
TAIL = 64
FAST = re.compile(rb'"(truncation|added_tokens|normalizer|pre_tokenizer|post_processor)"\s*:')
MODEL = re.compile(rb'"model"\s*:\s*\{\s*"type"\s*:\s*"(BPE|Unigram|WordPiece|WordLevel)"')
MERGES = re.compile(rb"#version|\S+ \S+\r?\n\S+ \S+")
RANKS = re.compile(rb"[A-Za-z0-9+/]+={0,2} \d+\r?\n")
VOCABULARY = re.compile(rb'\s*\{\s*"([^"\\]|\\.){0,200}"\s*:\s*\d')
TEKKEN = re.compile(rb'"(num_vocab_tokens|default_vocab_size|default_num_special_tokens)"\s*:')
SMALL = {
    "tokenizer_config.json": "tokenizer-config",
    "special_tokens_map.json": "special-tokens",
    "added_tokens.json": "added-tokens",
}


@detector(
    "tokenizer",
    wants=Wants(
        names=("tokenizer.json", "tokenizer.model", "vocab.json", "merges.txt", "tekken.json", *SMALL),
        suffixes=(".tiktoken",),
        globs=("tokenizer.model.v*", "*.spm", "spiece.model", "sentencepiece*.model"),
    ),
    formats=("tokenizer-json", "vocabulary", "merges", "tekken", "tiktoken", "sentencepiece", *SMALL.values()),
    emits={(Component.TOKENIZER, Claim.PRESENT), (Component.TOKENIZER, Claim.REFERENCED)},
)
def tokenizer(file: File) -> Iterator[Said]:
    """Recognise each kind by its first bytes, and by its last where a cut would not show."""
    name = file.name.casefold()
    if name in SMALL:
        yield from _settings(file, SMALL[name])
        return
    kind = _kind(file, name)
    if kind is None:
        return
    yield Format(kind)
    if name.endswith(".json"):
        _must_end(file)
    yield Found(Component.TOKENIZER, Claim.PRESENT, f"{kind} {model}" if (model := _model(file, kind)) else kind)


def _kind(file: File, name: str) -> str | None:
    head = file.head
    if name == "tokenizer.json":
        return "tokenizer-json" if head.lstrip().startswith(b"{") and FAST.search(head) else None
    if name == "vocab.json":
        return "vocabulary" if VOCABULARY.match(head) else None
    if name == "merges.txt":
        return "merges" if MERGES.match(head) else None
    if name == "tekken.json":
        return "tekken" if head.lstrip().startswith(b"{") and TEKKEN.search(head) else None
    if RANKS.match(head):
        return "tiktoken"
    return "sentencepiece" if is_sentencepiece(file) else None


def is_sentencepiece(file: File) -> bool:
    """Say whether a file begins with pieces as SentencePiece writes them: field 1, a message with a text in field 1 and a score in field 2."""
    offset, head = 0, file.head
    for _ in range(3):
        if len(head) < offset + 4 or head[offset] != 0x0A or head[offset + 1] >= 0x80:
            return False
        size = head[offset + 1]
        piece = head[offset + 2 : offset + 2 + size]
        if len(piece) != size or size < 2 or piece[0] != 0x0A or piece[1] >= 0x80:
            return False
        rest = piece[2 + piece[1] :]
        if rest and rest[0] not in {0x15, 0x18}:
            return False
        offset += 2 + size
    return True


def _must_end(file: File) -> None:
    tail = file.read(max(0, file.size - TAIL), min(TAIL, file.size)).rstrip()
    if not tail.endswith(b"}"):
        raise Malformed(f"truncated: the JSON object does not end at byte {file.size}")


def _model(file: File, kind: str) -> str | None:
    """Find the kind of model in a tokenizer.json by searching its bytes window by window, at most 64 MiB."""
    if kind != "tokenizer-json":
        return None
    offset, overlap = 0, 200
    while offset < min(file.size, MAX_SEARCH):
        match = MODEL.search(file.read(offset, min(WINDOW + overlap, file.size - offset)))
        if match:
            return match[1].decode("ascii")
        offset += WINDOW
    return None


def _settings(file: File, kind: str) -> Iterator[Said]:
    if not file.head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return
    settings = read_json(file)
    yield Format(kind)
    yield Found(Component.TOKENIZER, Claim.PRESENT, next(iter(texts(settings.get("tokenizer_class"))), kind)[:200])
    yield from read_auto_map(file, settings, Component.TOKENIZER)
