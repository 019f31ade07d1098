"""Small tokenizers with the structure of real ones."""

import json
import struct
from collections.abc import Mapping, Sequence


def tokenizer_files(model_class: str, specials: Mapping[str, str], vocabulary: int) -> dict[str, str]:
    """Make tokenizer.json, tokenizer_config.json and special_tokens_map.json for a byte-level BPE of printable characters."""
    tokens = [*specials.values()]
    tokens += [chr(code) for code in range(33, 127)][: vocabulary - len(tokens)]
    added = [
        {"id": place, "content": text, "single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
        for place, text in enumerate(specials.values())
    ]
    tokenizer: dict[str, object] = {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": added,
        "normalizer": None,
        "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True},
        "post_processor": None,
        "decoder": {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True},
        "model": {"type": "BPE", "dropout": None, "vocab": {text: place for place, text in enumerate(tokens)}, "merges": []},
    }
    return {
        "tokenizer.json": json.dumps(tokenizer, indent=2, ensure_ascii=False) + "\n",
        "tokenizer_config.json": json.dumps({"tokenizer_class": model_class, **specials}, indent=2) + "\n",
        "special_tokens_map.json": json.dumps(dict(specials), indent=2) + "\n",
    }


def sentencepiece_bytes(pieces: Sequence[str]) -> bytes:
    """Write a SentencePiece model: a message of pieces, each with its text, its score and its kind. Source: sentencepiece_model.proto."""
    return b"".join(
        _field(1, _field(1, piece.encode()) + b"\x15" + struct.pack("<f", -place) + _kind(place)) for place, piece in enumerate(pieces)
    )


def _kind(place: int) -> bytes:
    """Write the kind of a piece that is no usual one: the first is unknown, the next two control."""
    return b"\x18" + bytes([2 if place == 0 else 3]) if place < 3 else b""


def _field(number: int, data: bytes) -> bytes:
    return bytes([number << 3 | 2, len(data)]) + data
