"""One of each format that the other systems do not show: GGUF, legacy torch, an adapter, a notebook, run logs, a data-set card, a paper."""

import json

from inspector.model import Role
from sample_bundles.build import SampleRoot, System
from sample_bundles.pdf import pdf_bytes
from sample_bundles.weights import GgufValue, Tensor, gguf_bytes, safetensors_bytes, torch_legacy_bytes

TENSORS = (Tensor("token_embd.weight", "F16", (32, 8)), Tensor("output.weight", "F16", (32, 8)))
KEYS: dict[str, GgufValue] = {
    "general.architecture": "llama",
    "general.name": "Gallery",
    "general.license": "apache-2.0",
    "general.base_model.count": 1,
    "general.base_model.0.name": "Gallery Base",
    "general.base_model.0.repo_url": "https://huggingface.co/example/gallery-base",
    "llama.block_count": 0,
    "tokenizer.ggml.model": "gpt2",
    "tokenizer.ggml.tokens": ["<s>", "</s>", "a", "b"],
}
ADAPTER = tuple(
    Tensor(f"base_model.model.layers.0.q_proj.lora_{side}.weight", "F32", shape) for side, shape in (("A", (4, 32)), ("B", (32, 4)))
)
NOTEBOOK = {
    "cells": [
        {"cell_type": "markdown", "metadata": {}, "source": ["# Try it\n"]},
        {
            "cell_type": "code",
            "metadata": {},
            "execution_count": None,
            "outputs": [],
            "source": [
                "from transformers import AutoModelForCausalLM, AutoTokenizer\n",
                "tokenizer = AutoTokenizer.from_pretrained('.')\n",
                "model = AutoModelForCausalLM.from_pretrained('.')\n",
                "print(tokenizer.decode(model.generate(**tokenizer('Once', return_tensors='pt'))[0]))\n",
            ],
        },
    ],
    "metadata": {"language_info": {"name": "python"}},
    "nbformat": 4,
    "nbformat_minor": 5,
}
STATE = {"global_step": 20, "epoch": 1.0, "log_history": [{"step": 10, "loss": 4.1}, {"step": 20, "loss": 3.9}], "best_metric": None}
DATA_CARD = """---
license: odc-by
task_categories:
- text-generation
size_categories:
- 1K<n<10K
annotations_creators:
- no-annotation
---

# A small data set

A card of the hub's kind, with front matter and hardly anything else.
"""
SYSTEM = System(
    "gallery",
    "one of each remaining format, no system at all: incomplete",
    (
        SampleRoot(
            "gallery-weights",
            Role.WEIGHTS,
            {
                "model.gguf": gguf_bytes(TENSORS, KEYS),
                "legacy.pth": torch_legacy_bytes(TENSORS),
                "adapter/adapter_model.safetensors": safetensors_bytes(ADAPTER),
                "adapter/adapter_config.json": json.dumps({"peft_type": "LORA", "base_model_name_or_path": "example/gallery-base", "r": 4}),
                "try.ipynb": json.dumps(NOTEBOOK, indent=1),
                "trainer_state.json": json.dumps(STATE),
                "paper.pdf": pdf_bytes([["A page that says nothing of what it is."]]),
                "NOTICE": "This directory holds samples of formats.\n",
            },
        ),
        SampleRoot("gallery-data", Role.DATA, {"README.md": DATA_CARD}),
    ),
)
