"""Tokenizer: the files that turn text into numbers for a model.

What it sees: tokenizer.json, tokenizer.model (SentencePiece or tiktoken), vocab.json, vocab.txt and merges.txt, tokenizer.bin of llama2.c,
tokenizer_config.json, special_tokens_map.json, added_tokens.json, tekken.json, `*.tiktoken`.
What it says: there is a tokenizer, and of which kind; how many tokens it has, and a digest of them in the order of their ids; the files that
a model of SentencePiece says it was trained on; code that would run on loading it. Long files are walked, never parsed whole.
What it cannot know: whether it is the tokenizer that the model was trained with. A vocabulary whose ids are not in order has no digest.
Source: the documentation of tokenizers, SentencePiece (sentencepiece_model.proto), tiktoken and mistral-common; llama2.c's `tokenizer.py`.
"""

import re
from collections.abc import Iterator
from math import isfinite
from struct import unpack_from

from inspector.bundle import File
from inspector.detector import Format, Found, Said, Wants, detector
from inspector.errors import Malformed
from inspector.hazards.auto_map import read_auto_map
from inspector.model import Claim, Component, Reference, Span, Unit, Vocabulary, printable
from inspector.serialization.fields import Fields
from inspector.serialization.strict_json import read_json, texts
from inspector.weights.sentencepiece_model import Training, read_pieces
from inspector.weights.vocabulary import digest_tokens, find_vocabulary, read_entries, read_lines, read_ranks, read_scored

WINDOW = 4 * 2**20
MAX_SEARCH = 64 * 2**20
TAIL = 64
FAST = re.compile(rb'"(truncation|added_tokens|normalizer|pre_tokenizer|post_processor)"\s*:')
MODEL = re.compile(rb'"model"\s*:\s*\{\s*"type"\s*:\s*"(BPE|Unigram|WordPiece|WordLevel)"')
MERGES = re.compile(rb"#version|\S+ \S+\r?\n\S+ \S+")
RANKS = re.compile(rb"[A-Za-z0-9+/]+={0,2} \d+[ \t]*\r?\n")
VOCABULARY = re.compile(rb'\s*\{\s*"([^"\\]|\\.){0,200}"\s*:\s*\d')
TEKKEN = re.compile(rb'"(num_vocab_tokens|default_vocab_size|default_num_special_tokens)"\s*:')
SPECIAL = re.compile(rb"^(?:\[(?:PAD|UNK|CLS|SEP)\]|<(?:pad|unk|s|blank|/s)>|<\|endoftext\|>)\r?$", re.MULTILINE)
LONGEST_TOKEN = 1024
MOST_INPUTS = 20
WHOLE = frozenset({"sentencepiece", "tiktoken", "llama2.c-tokenizer"})  # kinds that nothing but their tokens can break
JSON_KINDS = {"tokenizer.json": (FAST, "tokenizer-json"), "vocab.json": (VOCABULARY, "vocabulary"), "tekken.json": (TEKKEN, "tekken")}
SMALL = {
    "tokenizer_config.json": "tokenizer-config",
    "special_tokens_map.json": "special-tokens",
    "added_tokens.json": "added-tokens",
}


@detector(
    "tokenizer",
    wants=Wants(
        names=("tokenizer.json", "tokenizer.model", "tokenizer.bin", "vocab.json", "vocab.txt", "merges.txt", "tekken.json", *SMALL),
        suffixes=(".tiktoken",),
        globs=("tokenizer.model.v*", "*.spm", "spiece.model", "sentencepiece*.model"),
    ),
    formats=(
        *("tokenizer-json", "vocabulary", "vocabulary-text", "merges", "tekken", "tiktoken", "sentencepiece", "llama2.c-tokenizer"),
        *SMALL.values(),
    ),
    emits={(Component.TOKENIZER, Claim.PRESENT), (Component.TOKENIZER, Claim.REFERENCED)},
    version=2,
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
    model, start = _model(file, kind)
    training = Training()
    details, fault = _digest(file, kind, start, training)
    yield Found(Component.TOKENIZER, Claim.PRESENT, f"{kind} {model}" if model else kind, details=details)
    for text, begin, end in training.inputs[:MOST_INPUTS]:
        shown = printable(text)
        reference, place = Reference(kind="file", target=shown), Span(begin, end, Unit.BYTES)
        yield Found(Component.TOKENIZER, Claim.REFERENCED, shown[:200], span=place, pointer="trainer_spec.input", details=reference)
    if fault is not None and kind in WHOLE:
        raise fault


def _digest(file: File, kind: str, start: int, training: Training) -> tuple[Vocabulary | None, Malformed | None]:
    """Digest the tokens; what breaks or is out of order has no digest, and a reason."""
    try:
        tokens = _tokens(file, kind, start, training)
        return (None if tokens is None else digest_tokens(tokens)), None
    except Malformed as error:
        return None, error


def _tokens(file: File, kind: str, start: int, training: Training) -> Iterator[bytes] | None:
    match kind:
        case "sentencepiece":
            return read_pieces(file, training)
        case "tiktoken":
            return read_ranks(file)
        case "vocabulary":
            return read_entries(file)
        case "vocabulary-text":
            return read_lines(file)
        case "llama2.c-tokenizer":
            return read_scored(Fields(file, 4))
        case "tokenizer-json" if (place := find_vocabulary(file, start)) is not None:
            return read_entries(file, place)
    return None


def _kind(file: File, name: str) -> str | None:
    head = file.head
    if name == "tokenizer.bin":
        return "llama2.c-tokenizer" if _is_scored(file) else None
    if name.endswith(".txt"):
        if name == "merges.txt":
            return "merges" if MERGES.match(head) else None
        return "vocabulary-text" if SPECIAL.search(head) else None
    if name.endswith(".json"):
        pattern, kind = JSON_KINDS[name]
        found = pattern.match(head) if name == "vocab.json" else head.lstrip().startswith(b"{") and pattern.search(head)
        return kind if found else None
    if RANKS.match(head):
        return "tiktoken"
    return "sentencepiece" if is_sentencepiece(file) else None


def _is_scored(file: File) -> bool:
    """Say whether a file begins as llama2.c's tokenizer: the longest token, then a score, a length and a token."""
    if file.size < 13:
        return False
    longest, score, length = unpack_from("<ifi", file.head)
    return 0 < length <= longest <= LONGEST_TOKEN and isfinite(score) and 12 + length <= file.size


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


def _model(file: File, kind: str) -> tuple[str | None, int]:
    """Find the kind of model in a tokenizer.json, and where it stands, by searching its bytes window by window, at most 64 MiB."""
    if kind != "tokenizer-json":
        return None, 0
    offset, overlap = 0, 200
    while offset < min(file.size, MAX_SEARCH):
        match = MODEL.search(file.read(offset, min(WINDOW + overlap, file.size - offset)))
        if match:
            return match[1].decode("ascii"), offset + match.start()
        offset += WINDOW
    return None, 0


def _settings(file: File, kind: str) -> Iterator[Said]:
    if not file.head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return
    settings = read_json(file)
    yield Format(kind)
    yield Found(Component.TOKENIZER, Claim.PRESENT, next(iter(texts(settings.get("tokenizer_class"))), kind)[:200])
    yield from read_auto_map(file, settings, Component.TOKENIZER)
