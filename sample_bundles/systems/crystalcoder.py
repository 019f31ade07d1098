"""CrystalCoder in miniature: settings in one repository, the loop that reads them in another's.

Traps: without the third repository there is no pre-training loop; a vendored Megatron-LM with a licence of its own, which only fine-tunes; code in
the weights' repository that runs when they are loaded; no licence file beside the weights.
"""

import json

from inspector.judgement import Grade
from inspector.model import Role
from sample_bundles.build import SampleRoot, System, read_license, read_texts
from sample_bundles.tokenizers import tokenizer_files
from sample_bundles.weights import Tensor, safetensors_shards

SIZE, INNER, LAYERS, HEADS, VOCABULARY = 32, 84, 2, 4, 96
# Real values of LLM360/CrystalCoder; the sizes are scaled down.
CONFIG = {
    "activation_function": "swiglu",
    "architectures": ["CrystalCoderLMHeadModel"],
    "attn_pdrop": 0.0,
    "auto_map": {
        "AutoConfig": "configuration_crystalcoder.CrystalCoderConfig",
        "AutoModel": "modeling_crystalcoder.CrystalCoderModel",
        "AutoModelForCausalLM": "modeling_crystalcoder.CrystalCoderLMHeadModel",
    },
    "bos_token_id": 1,
    "embd_pdrop": 0.0,
    "eos_token_id": 2,
    "layer_norm_epsilon": 1e-05,
    "model_type": "crystalcoder",
    "mup_embeddings_scale": 14.6,
    "mup_output_alpha": 2.22,
    "mup_scale_qk_dot_by_d": True,
    "mup_width_scale": 0.0625,
    "n_embd": SIZE,
    "n_head": HEADS,
    "n_inner": INNER,
    "n_layer": LAYERS,
    "n_positions": 2048,
    "position_embedding_type": "rotary",
    "rotary_dim": 4,
    "tie_word_embeddings": True,
    "torch_dtype": "bfloat16",
    "vocab_size": VOCABULARY,
}


def list_tensors() -> list[Tensor]:
    """List the tensors of the architecture by their real names; linear layers are stored as convolutions, inputs first."""
    tensors = [Tensor("transformer.wte.weight", "BF16", (VOCABULARY, SIZE))]
    for layer in range(LAYERS):
        parts = {
            "ln_1": (SIZE,),
            "ln_2": (SIZE,),
            "attn.c_attn": (SIZE, 3 * SIZE),
            "attn.c_proj": (SIZE, SIZE),
            "mlp.c_fc": (SIZE, INNER),
            "mlp.c_fc2": (SIZE, INNER),
            "mlp.c_proj": (INNER, SIZE),
        }
        for part, shape in parts.items():
            name = f"transformer.h.{layer}.{part}"
            tensors += [Tensor(f"{name}.weight", "BF16", shape), Tensor(f"{name}.bias", "BF16", shape[-1:])]
    return [*tensors, *(Tensor(f"transformer.ln_f.{kind}", "BF16", (SIZE,)) for kind in ("weight", "bias"))]


APACHE = read_license("apache-2.0")
MEGATRON = "\n".join(
    [
        "The following applies to all files unless otherwise noted:\n",
        read_license("bsd-new"),
        "\n--\n\nThis repository also contains code from Hugging Face Inc., Google Research, and Facebook, under this licence:\n",
        APACHE,
    ]
)
SYSTEM = System(
    "crystalcoder",
    "settings here, the pre-training loop in a third repository, a vendored fine-tuner beside them: conforms",
    (
        SampleRoot(
            "CrystalCoder",
            Role.WEIGHTS,
            {
                **read_texts("crystalcoder", "CrystalCoder"),
                "config.json": json.dumps(CONFIG, indent=2) + "\n",
                "generation_config.json": json.dumps({"_from_model_config": True, "bos_token_id": 1, "eos_token_id": 2}, indent=2) + "\n",
                **safetensors_shards(list_tensors(), 3, {"format": "pt"}),
                **tokenizer_files("LlamaTokenizer", {"unk_token": "<unk>", "bos_token": "<s>", "eos_token": "</s>"}, VOCABULARY),
            },
        ),
        SampleRoot(
            "crystalcoder-train",
            Role.CODE,
            {**read_texts("crystalcoder", "crystalcoder-train"), "LICENSE": APACHE, "finetune/Megatron-LM/LICENSE": MEGATRON},
        ),
        *(
            SampleRoot(name, role, {**read_texts("crystalcoder", name), "LICENSE": APACHE})
            for name, role in (("modelzoo", Role.CODE), ("crystalcoder-data-prep", Role.DATA), ("Analysis360", Role.CODE))
        ),
        SampleRoot("CrystalCoderDatasets", Role.DATA, read_texts("crystalcoder", "CrystalCoderDatasets")),
    ),
    Grade.CONFORMS,
)
