"""Everything that can be wrong with files, beside one that is well: truncated, lying, hostile, not downloaded."""

import json

from inspector.model import Role
from sample_bundles.build import SampleRoot, System
from sample_bundles.weights import Tensor, gguf_bytes, lfs_pointer, safetensors_bytes, torch_legacy_bytes, torch_zip_bytes

TENSORS = (Tensor("model.embed_tokens.weight", "F16", (16, 8)), Tensor("lm_head.weight", "F16", (16, 8)))
HEALTHY = safetensors_bytes(TENSORS)
# Protocol 2: the global os.system, one argument, REDUCE. It stands here to be seen; nothing in this program ever loads a pickle.
CALLS_SYSTEM = b"\x80\x02cos\nsystem\nX\x04\x00\x00\x00true\x85R."
INDEX = {
    "metadata": {"total_size": 512},
    "weight_map": {"model.embed_tokens.weight": "healthy.safetensors", "lm_head.weight": "gone.safetensors"},
}


def lie_about_sizes(data: bytes) -> bytes:
    """Make the central directory of a zip name a compressed size that is not there."""
    place = data.index(b"PK\x01\x02") + 20
    return data[:place] + (0x7FFFFFFF).to_bytes(4, "little") + data[place + 4 :]


SYSTEM = System(
    "damaged",
    "truncated, lying and hostile files beside one that is well: each is named, the rest is complete",
    (
        SampleRoot(
            "damaged-weights",
            Role.WEIGHTS,
            {
                "README.md": b"---\nlicense: apache-2.0\n---\n# Mod\xe8le\n\nThis card is not UTF-8.\n",
                "config.json": '{"architectures": ["LlamaForCausalLM"], "model_type": "llama", "rope_theta": NaN}\n',
                "healthy.safetensors": HEALTHY,
                "cut-header.safetensors": HEALTHY[:40],
                "cut-data.safetensors": HEALTHY[:-100],
                "huge-header.safetensors": (2**63).to_bytes(8, "little") + b'{"__metadata__":{}}',
                "pointer.safetensors": lfs_pointer("0" * 64, 4_221_593_088),
                "model.safetensors.index.json": json.dumps(INDEX),
                "cut.gguf": gguf_bytes(TENSORS, {"general.architecture": "llama", "general.license": "apache-2.0"})[:150],
                "lying-directory.bin": lie_about_sizes(torch_zip_bytes(TENSORS)),
                "legacy.pt": torch_legacy_bytes(TENSORS),
                "calls-system.bin": CALLS_SYSTEM,
                "broken.py": "def train(:\n    pass\n",
            },
        ),
    ),
)
