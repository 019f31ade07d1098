"""Tokenizer: each kind by its first bytes, long files without parsing them."""

import json
import struct
import tempfile
from hashlib import sha256
from pathlib import Path

import pytest

from detectors.cards.tokenizer import tokenizer
from inspector.detector import Format, Found, Said
from inspector.errors import Malformed
from inspector.model import Claim, Issue, Vocabulary
from sample_bundles.messages import field, message
from tests import make

FAST: dict[str, object] = {
    "version": "1.0",
    "truncation": None,
    "padding": None,
    "added_tokens": [],
    "model": {"type": "BPE", "vocab": {"a": 0}, "merges": []},
}


def value(said: list[Said]) -> str:
    return next(item.value for item in said if isinstance(item, Found))


def piece(text: bytes, score: bytes = b"\0\0\0\0") -> bytes:
    body = b"\x0a" + bytes([len(text)]) + text + b"\x15" + score
    return b"\x0a" + bytes([len(body)]) + body


@pytest.mark.parametrize(
    ("name", "data", "form"),
    [
        ("tokenizer.json", json.dumps(FAST), "tokenizer-json"),
        ("tokenizer.model", piece(b"<unk>") + piece(b"<s>") + piece(b"</s>"), "sentencepiece"),
        ("spiece.model", piece(b"a") + piece(b"b") + piece(b"c"), "sentencepiece"),
        ("tokenizer.model", b"IQ== 0\nIg== 1\n", "tiktoken"),
        ("cl100k_base.tiktoken", b"IQ== 0\nIg== 1\n", "tiktoken"),
        ("vocab.json", '{"!": 0, "\\"": 1}', "vocabulary"),
        ("merges.txt", "#version: 0.2\nt h\n", "merges"),
        ("tekken.json", '{"config": {"pattern": "x", "default_vocab_size": 131072}, "vocab": []}', "tekken"),
        ("special_tokens_map.json", '{"bos_token": "<s>"}', "special-tokens"),
        ("added_tokens.json", '{"<pad>": 32000}', "added-tokens"),
        ("tokenizer_config.json", '{"tokenizer_class": "LlamaTokenizer"}', "tokenizer-config"),
    ],
)
def test_every_kind_is_known_by_its_content(name: str, data: str | bytes, form: str) -> None:
    assert make.look(tokenizer, name, data)[0] == Format(form)


def test_the_kind_of_model_and_the_class_are_the_value() -> None:
    assert value(make.look(tokenizer, "tokenizer.json", json.dumps(FAST))) == "tokenizer-json BPE"
    assert value(make.look(tokenizer, "tokenizer_config.json", '{"tokenizer_class": "LlamaTokenizer"}')) == "LlamaTokenizer"


def test_a_tokenizer_of_20_megabytes_is_told_by_its_kind() -> None:
    big = dict(FAST, model={"type": "Unigram", "vocab": [[f"token{number}", -1.5] for number in range(300_000)]})
    data = json.dumps(big, indent=2)
    assert len(data) > 15_000_000
    said = make.look(tokenizer, "tokenizer.json", data)
    assert value(said) == "tokenizer-json Unigram"


def test_a_cut_file_is_malformed_after_its_format() -> None:
    with pytest.raises(Malformed, match="truncated"):
        make.look(tokenizer, "tokenizer.json", json.dumps(FAST)[:-5])


def test_code_that_runs_on_loading_is_an_issue() -> None:
    said = make.look(tokenizer, "tokenizer_config.json", '{"auto_map": {"AutoTokenizer": ["tok.Slow", null]}}')
    assert len([item for item in said if isinstance(item, Issue)]) == 1


@pytest.mark.parametrize("name", ["tokenizer.json", "tokenizer.model", "vocab.json", "merges.txt", "tekken.json", "tokenizer_config.json"])
def test_what_is_something_else_is_left_alone(name: str) -> None:
    assert make.look(tokenizer, name, b"\x89PNG\r\n") == []
    assert make.look(tokenizer, name, b"") == []


def vocabulary(said: list[Said]) -> Vocabulary | None:
    details = next(item.details for item in said if isinstance(item, Found))
    assert details is None or isinstance(details, Vocabulary)
    return details


def expected(*tokens: bytes) -> Vocabulary:
    digest = sha256(b"".join(len(token).to_bytes(4, "little") + token for token in tokens))
    return Vocabulary(tokens=len(tokens), sha256=digest.hexdigest())


SCORED = struct.pack("<i", 5) + b"".join(struct.pack("<fi", -1.0, len(token)) + token for token in (b"<unk>", b"a", b"\n"))


@pytest.mark.parametrize(
    ("name", "data", "tokens"),
    [
        ("tokenizer.model", piece(b"<unk>") + piece(b"<s>") + piece(b"</s>"), (b"<unk>", b"<s>", b"</s>")),
        ("x.tiktoken", b"IQ== 0\nIg== 1\n", (b"!", b'"')),
        ("x.tiktoken", b"IQ== 0\r\nIg== 7", (b"!", b'"')),
        ("vocab.json", '{"!": 0, "\\"": 1, "\\u0120a": 2}', (b"!", b'"', "\u0120a".encode())),
        ("vocab.txt", "[PAD]\n[UNK]\n##s\n", (b"[PAD]", b"[UNK]", b"##s")),
        ("vocab.txt", "[PAD]\r\n[UNK]", (b"[PAD]", b"[UNK]")),
        ("tokenizer.bin", SCORED, (b"<unk>", b"a", b"\n")),
        ("tokenizer.json", json.dumps(dict(FAST, model={"type": "BPE", "vocab": {"a": 0, "b": 1}, "merges": []})), (b"a", b"b")),
        ("tokenizer.json", json.dumps(dict(FAST, model={"type": "Unigram", "vocab": [["a", 0.0], ["b", -1.5e-3]]})), (b"a", b"b")),
    ],
)
def test_the_same_tokens_have_the_same_digest_in_every_file(name: str, data: str | bytes, tokens: tuple[bytes, ...]) -> None:
    assert vocabulary(make.look(tokenizer, name, data)) == expected(*tokens)


@pytest.mark.parametrize("data", ['{"a": 1, "b": 0}', '{"a": 0, "b": "c"}', '{"a": 0, "b": 1', '{"a": 0, "\\ud800b\\x": 1}'])
def test_a_vocabulary_out_of_order_or_broken_has_no_digest(data: str) -> None:
    try:
        said = make.look(tokenizer, "vocab.json", data)
    except Malformed:
        return
    assert vocabulary(said) is None


def test_a_vocabulary_longer_than_a_block_is_read_through_it() -> None:
    tokens = [f"token {number}" for number in range(60_000)]
    data = json.dumps({token: number for number, token in enumerate(tokens)}, indent=1)
    assert vocabulary(make.look(tokenizer, "vocab.json", data)) == expected(*(token.encode() for token in tokens))
    nested = json.dumps(dict(FAST, model={"type": "BPE", "vocab": {token: number for number, token in enumerate(tokens)}, "merges": []}))
    assert vocabulary(make.look(tokenizer, "tokenizer.json", nested)) == expected(*(token.encode() for token in tokens))


def test_a_model_of_sentencepiece_names_the_files_it_was_trained_on() -> None:
    data = piece(b"<unk>") + piece(b"<s>") + piece(b"</s>") + field(2, message((1, "corpus/en.txt"), (3, 2), (4, 3)))
    said = make.look(tokenizer, "tokenizer.model", data)
    (named,) = [item for item in said if isinstance(item, Found) and item.claim is Claim.REFERENCED]
    assert named.span is not None
    assert (named.value, data[named.span.start : named.span.end]) == ("corpus/en.txt", b"corpus/en.txt")


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("tokenizer.model", piece(b"a") + piece(b"b") + piece(b"c") + piece(b"d")[:-2]),
        ("x.tiktoken", b"IQ== 0\nIg== 0\n"),
        ("x.tiktoken", b"IQ== 0\nIg= 1\n"),
        ("x.tiktoken", b"IQ== 0\nwhat is this\n"),
        ("tokenizer.bin", SCORED[:-1]),
        ("tokenizer.bin", SCORED + struct.pack("<fi", 0.0, -1)),
    ],
)
def test_a_file_that_breaks_in_its_tokens_is_malformed_after_its_evidence(name: str, data: bytes) -> None:
    with tempfile.TemporaryDirectory() as top, make.open_file(Path(top) / "bundle", name, data) as file:
        told = tokenizer.look(file)
        assert isinstance(next(told), Format)
        assert isinstance(next(told), Found)
        with pytest.raises(Malformed):
            list(told)


@pytest.mark.parametrize("data", ["hello\nworld\n", "", "the 1\n"])
def test_a_list_of_words_is_no_vocabulary(data: str) -> None:
    assert make.look(tokenizer, "vocab.txt", data) == []
    assert make.look(tokenizer, "tokenizer.bin", data) == []
