"""Tokenizer: each kind by its first bytes, long files without parsing them."""

import json

import pytest

from detectors.cards.tokenizer import tokenizer
from inspector.detector import Format, Found, Said
from inspector.errors import Malformed
from inspector.model import Issue
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
