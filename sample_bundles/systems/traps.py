"""What should not be in a bundle, one of each beside an honest neighbour: templates that reach for code, settings that name it, programs, secrets.

Nothing here does anything: programs are headers without code, credentials are made up, and what is named does not exist.
"""

import base64
import io
import json
import zipfile

from inspector.model import Role
from sample_bundles.build import SampleRoot, System
from sample_bundles.formats.chat_template import TEXT
from sample_bundles.weights import Tensor, gguf_bytes, safetensors_bytes

TENSORS = (Tensor("model.embed_tokens.weight", "F16", (16, 8)), Tensor("lm_head.weight", "F16", (16, 8)))
ESCAPE = "{{ messages[0]['__cl' ~ 'ass__'] }}"
PROGRAM = b"MZ" + bytes(58) + (64).to_bytes(4, "little") + b"PE\0\0" + bytes(20)
LIBRARY = b"\x7fELF\x02\x01\x01" + bytes(57)
TOKEN = "hf_" + "qWzRtYpLkJhGfDsVbNmQxCvZaSwEdRtGyH"  # made up, and never issued to anybody


def zip_bytes(name: str = "second.txt") -> bytes:
    """Write an archive with one member, always the same bytes."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0)), "hidden")
    return stream.getvalue()


def notebook(kind: str, text: str) -> str:
    """Write a notebook with one output."""
    cell = {
        "cell_type": "code",
        "source": "1",
        "metadata": {},
        "outputs": [{"output_type": "display_data", "metadata": {}, "data": {kind: text}}],
    }
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell]})


SYSTEM = System(
    "traps",
    "what should not be in a bundle, one of each beside an honest neighbour: nothing here does anything",
    (
        SampleRoot(
            "traps-weights",
            Role.WEIGHTS,
            {
                "README.md": "---\nlicense: apache-2.0\n---\n# Traps\n",
                "config.json": json.dumps(
                    {"model_type": "llama", "trust_remote_code": True, "_attn_implementation_internal": "nobody/kernels"}
                ),
                "tokenizer_config.json": json.dumps({"tokenizer_class": "LlamaTokenizer", "chat_template": ESCAPE}),
                "chat_template.jinja": TEXT,
                "template.gguf": gguf_bytes(TENSORS, {"general.architecture": "llama", "tokenizer.chat_template": ESCAPE}),
                "encoded.safetensors": safetensors_bytes(TENSORS, {"note": base64.b64encode(LIBRARY).decode()}),
                "archive.safetensors": safetensors_bytes(TENSORS) + zip_bytes(),
                "model.safetensors.exe": PROGRAM,
                "lib/runtime.so": LIBRARY,
                "vocab.csv": "#!/bin/sh\necho\n",
                "start.pth": "import nothing_of_this_name\n",
                "sitecustomize.py": "x = 1\n",
                "weights.pmml": '<!DOCTYPE PMML [<!ENTITY x SYSTEM "file:///etc/hostname">]><PMML>&x;</PMML>',
            },
        ),
        SampleRoot(
            "traps-code",
            Role.CODE,
            {
                ".vscode/tasks.json": json.dumps({"tasks": [{"label": "x", "runOptions": {"runOn": "folderOpen"}}]}),
                "conf/model.yaml": "_target_: os.system\ncommand: 'true'\n",
                "conf/plain.yaml": "_target_: torch.nn.Linear\nin_features: 4\n",
                "conf/tags.yaml": "x: !!python/object/apply:os.system ['true']\ny: !!python/tuple [1, 2]\n",
                "conf/run.gin": "import os\n",
                "settings.py": f'TOKEN = "{TOKEN}"\n',
                "modeling_plain.py": "# -*- coding: latin-1 -*-\nx = 1\n",
                "modeling_encoded.py": "# -*- coding: utf-7 -*-\n# a comment +AAo-x = 1\n",
                "requirements.txt": "torch==2.6.0\n--trusted-host nowhere.invalid\nhttps://nowhere.invalid/package.whl\n",
                "chart.ipynb": notebook("text/html", "<script>1</script>"),
                "table.ipynb": notebook("text/html", "<table><tr><td>1</td></tr></table>"),
            },
        ),
    ),
)
