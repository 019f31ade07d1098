"""StarCoder2 in miniature: code under Apache-2.0, weights under OpenRAIL, data behind a gate.

Traps: an id of the weights' terms that sounds open; a repository of the model's own name that only fine-tunes, while another trained it; a gated
card of the data under `other`.
"""

import json

from inspector.judgement import Grade
from inspector.model import Role
from sample_bundles.build import SampleRoot, System, read_license, read_texts
from sample_bundles.tokenizers import tokenizer_files
from sample_bundles.weights import Tensor, safetensors_shards

SIZE, INNER, LAYERS, HEADS, GROUPS, VOCABULARY = 48, 192, 2, 4, 2, 96
# Real values of bigcode/starcoder2-15b; the sizes are scaled down.
CONFIG = {
    "architectures": ["Starcoder2ForCausalLM"],
    "attention_dropout": 0.1,
    "bos_token_id": 0,
    "embedding_dropout": 0.1,
    "eos_token_id": 0,
    "hidden_act": "gelu_pytorch_tanh",
    "hidden_size": SIZE,
    "initializer_range": 0.01275,
    "intermediate_size": INNER,
    "max_position_embeddings": 16384,
    "mlp_type": "default",
    "model_type": "starcoder2",
    "norm_epsilon": 1e-05,
    "norm_type": "layer_norm",
    "num_attention_heads": HEADS,
    "num_hidden_layers": LAYERS,
    "num_key_value_heads": GROUPS,
    "residual_dropout": 0.1,
    "rope_theta": 100000,
    "sliding_window": 4096,
    "torch_dtype": "float32",
    "use_bias": True,
    "vocab_size": VOCABULARY,
}


def list_tensors() -> list[Tensor]:
    """List the tensors of the architecture by their real names."""
    kept = SIZE // HEADS * GROUPS
    tensors = [Tensor("model.embed_tokens.weight", "F32", (VOCABULARY, SIZE))]
    for layer in range(LAYERS):
        parts = {
            "input_layernorm": (SIZE,),
            "post_attention_layernorm": (SIZE,),
            "self_attn.q_proj": (SIZE, SIZE),
            "self_attn.k_proj": (kept, SIZE),
            "self_attn.v_proj": (kept, SIZE),
            "self_attn.o_proj": (SIZE, SIZE),
            "mlp.c_fc": (INNER, SIZE),
            "mlp.c_proj": (SIZE, INNER),
        }
        for part, shape in parts.items():
            name = f"model.layers.{layer}.{part}"
            tensors += [Tensor(f"{name}.weight", "F32", shape), Tensor(f"{name}.bias", "F32", shape[:1])]
    tensors += [Tensor(f"model.norm.{kind}", "F32", (SIZE,)) for kind in ("weight", "bias")]
    return [*tensors, Tensor("lm_head.weight", "F32", (VOCABULARY, SIZE))]


TOKENIZER = tokenizer_files("GPT2Tokenizer", {"eos_token": "<|endoftext|>", "unk_token": "<unk>"}, VOCABULARY)
VOCAB = json.dumps({chr(code): code - 33 for code in range(33, 127)}, ensure_ascii=False)
APACHE = read_license("apache-2.0")
SYSTEM = System(
    "starcoder2",
    "nothing is missing, the weights are under OpenRAIL: terms-only",
    (
        SampleRoot(
            "starcoder2-15b",
            Role.WEIGHTS,
            {
                **read_texts("starcoder2", "starcoder2-15b"),
                "config.json": json.dumps(CONFIG, indent=2) + "\n",
                "generation_config.json": json.dumps({"_from_model_config": True, "bos_token_id": 0, "eos_token_id": 0}, indent=2) + "\n",
                **safetensors_shards(list_tensors(), 14, {"format": "pt"}),
                **TOKENIZER,
                "merges.txt": "#version: 0.2\nd e\nde f\nr e\nre t\n",
                "vocab.json": VOCAB,
            },
        ),
        *(
            SampleRoot(name, role, {**read_texts("starcoder2", name), "LICENSE": APACHE})
            for name, role in (
                ("starcoder2", Role.CODE),
                ("NeMo", Role.CODE),
                ("bigcode-dataset", Role.CODE),
                ("bigcode-evaluation-harness", Role.CODE),
            )
        ),
        SampleRoot("the-stack-v2", Role.DATA, read_texts("starcoder2", "the-stack-v2")),
    ),
    Grade.TERMS_ONLY,
)
