"""Small tokenizers with the structure of real ones."""

import json
from collections.abc import Mapping


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
