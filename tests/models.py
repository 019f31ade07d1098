"""Made models with real numbers in them, and how they are changed, cast, quantized and written: what relations between weights are tested with."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from sample_bundles.weights import Tensor, gguf_bytes, safetensors_bytes, safetensors_shards, torch_zip_bytes

Array = npt.NDArray[np.float32]
Model = dict[str, Array]
LAYERS, WIDTH, INNER, ROWS, HEAD = 4, 256, 512, 640, 64
GGUF_NAMES = {
    "model.embed_tokens": "token_embd", "model.norm": "output_norm", "lm_head": "output", "input_layernorm": "attn_norm",
    "post_attention_layernorm": "ffn_norm", "self_attn.q_proj": "attn_q", "self_attn.k_proj": "attn_k", "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output", "mlp.gate_proj": "ffn_gate", "mlp.up_proj": "ffn_up", "mlp.down_proj": "ffn_down",
}  # fmt: skip


def make_model(seed: int, layers: int = LAYERS, rows: int = ROWS) -> Model:
    """Make a model of the architecture of Llama with random weights, under the names of transformers, in numbers that BF16 can hold."""
    draw = np.random.default_rng(seed)
    shapes: dict[str, tuple[int, ...]] = {"model.embed_tokens.weight": (rows, WIDTH)}
    for layer in range(layers):
        stem = f"model.layers.{layer}."
        shapes |= {f"{stem}self_attn.{name}_proj.weight": (WIDTH, WIDTH) for name in "qkvo"}
        shapes |= {f"{stem}mlp.gate_proj.weight": (INNER, WIDTH), f"{stem}mlp.up_proj.weight": (INNER, WIDTH)}
        shapes |= {f"{stem}mlp.down_proj.weight": (WIDTH, INNER)}
        shapes |= {f"{stem}{name}_layernorm.weight": (WIDTH,) for name in ("input", "post_attention")}
    shapes |= {"model.norm.weight": (WIDTH,), "lm_head.weight": (rows, WIDTH)}
    return {name: bf16(_draw(draw, shape)) for name, shape in shapes.items()}


def _draw(draw: np.random.Generator, shape: tuple[int, ...]) -> Array:
    spread, middle = (0.1, 1.0) if len(shape) == 1 else (0.02, 0.0)
    return (middle + spread * draw.standard_normal(shape)).astype(np.float32)


def bf16(values: Array) -> Array:
    """Round to what BF16 holds."""
    words = values.astype(np.float32).view(np.uint32)
    return ((words + 0x7FFF + (words >> 16 & 1)) & np.uint32(0xFFFF0000)).astype(np.uint32).view(np.float32)


def step(model: Model, size: float, seed: int = 9) -> Model:
    """Train on: add noise of a size relative to each matrix's spread."""
    draw = np.random.default_rng(seed)
    return {
        name: bf16(value + (size * value.std() * draw.standard_normal(value.shape)).astype(np.float32)) for name, value in model.items()
    }


def merge_adapter(model: Model, rank: int, size: float = 0.1, seed: int = 5) -> Model:
    """Merge a low-rank adapter into the query and value projections."""
    draw, merged = np.random.default_rng(seed), dict(model)
    for name, value in model.items():
        if ".q_proj." in name or ".v_proj." in name:
            change = draw.standard_normal((value.shape[0], rank)) @ draw.standard_normal((rank, value.shape[1]))
            merged[name] = bf16((value + size * value.std() * change / change.std()).astype(np.float32))
    return merged


def encode(values: Array, dtype: str) -> bytes:
    """Write numbers in a dtype of safetensors or a block type of GGUF."""
    match dtype:
        case "F32" | "F16" | "F64":
            return values.astype({"F32": "<f4", "F16": "<f2", "F64": "<f8"}[dtype]).tobytes()
        case "BF16":
            return (bf16(values).view(np.uint32) >> 16).astype("<u2").tobytes()
        case "Q4_K":
            return _q4_k(values)
    from gguf.constants import GGMLQuantizationType
    from gguf.quants import quantize

    return bytes(quantize(np.ascontiguousarray(values), GGMLQuantizationType[dtype]).tobytes())


def _q4_k(values: Array) -> bytes:
    """Write blocks of 256: a scale and a minimum of six bits for each 32 values, four bits a value. Source: ggml's `block_q4_K`."""
    parts = values.reshape(-1, 8, 32)
    low = np.minimum(parts.min(axis=2), 0)
    scale = (parts.max(axis=2) - low) / 15
    tops = np.stack([scale.max(axis=1), -low.min(axis=1)], axis=1).astype(np.float16).astype(np.float32) / 63
    tops = tops.astype(np.float16).astype(np.float32)
    six = np.clip(np.rint(np.stack([scale, -low], axis=1) / np.maximum(tops, 1e-12)[:, :, None]), 0, 63).astype(np.uint8)
    real = six * tops[:, :, None]
    four = np.clip(np.rint((parts + real[:, 1, :, None]) / np.maximum(real[:, 0, :, None], 1e-12)), 0, 15).astype(np.uint8)
    scales, mins = six[:, 0], six[:, 1]
    packed = np.concatenate(
        [scales[:, :4] | scales[:, 4:] >> 4 << 6, mins[:, :4] | mins[:, 4:] >> 4 << 6, scales[:, 4:] & 15 | (mins[:, 4:] & 15) << 4], axis=1
    )
    pairs = four.reshape(-1, 4, 2, 32)
    nibbles = (pairs[:, :, 0] | pairs[:, :, 1] << 4).reshape(-1, 128)
    return np.concatenate([tops.astype("<f2").view(np.uint8).reshape(-1, 4), packed, nibbles], axis=1).astype(np.uint8).tobytes()


def tensors_of(model: Mapping[str, Array], dtype: str) -> list[Tensor]:
    """Describe a model's tensors for a writer."""
    return [Tensor(name, dtype, value.shape, encode(value, dtype)) for name, value in model.items()]


def as_safetensors(model: Mapping[str, Array], dtype: str = "BF16", shards: int = 1) -> dict[str, str | bytes]:
    """Write a model as safetensors, in one file or in several with their index."""
    tensors = tensors_of(model, dtype)
    return {"model.safetensors": safetensors_bytes(tensors)} if shards == 1 else dict(safetensors_shards(tensors, shards))


def as_torch(model: Mapping[str, Array], dtype: str = "BF16") -> dict[str, str | bytes]:
    """Write a model as `torch.save` does."""
    return {"pytorch_model.bin": torch_zip_bytes(tensors_of(model, dtype))}


def as_gguf(model: Mapping[str, Array], dtype: str, *, permute: bool = True) -> dict[str, str | bytes]:
    """Write a model as llama.cpp's converter does: its names, rows of queries and keys in its order, norms in F32."""
    tensors = []
    for name, value in model.items():
        kind = "F32" if value.ndim == 1 else dtype
        turned = _interleave(value) if permute and (".q_proj." in name or ".k_proj." in name) else value
        tensors.append(Tensor(gguf_name(name), kind, value.shape, encode(turned, kind)))
    return {"model.gguf": gguf_bytes(tensors, {"general.architecture": "llama"})}


def _interleave(value: Array) -> Array:
    rows, columns = value.shape
    return np.ascontiguousarray(value.reshape(rows // HEAD, 2, HEAD // 2, columns).swapaxes(1, 2).reshape(rows, columns))


def gguf_name(name: str) -> str:
    """Give a tensor the name that it has in GGUF."""
    renamed = name.replace("model.layers.", "blk.")
    for old, new in GGUF_NAMES.items():
        renamed = renamed.replace(old, new)
    return renamed


def renumber(model: Model, kept: Sequence[int]) -> Model:
    """Make a model of some layers of another, in an order; a layer may stand there twice."""
    outside = {name: value for name, value in model.items() if not name.startswith("model.layers.")}
    inside = {
        name.replace(f"model.layers.{old}.", f"model.layers.{new}."): value
        for new, old in enumerate(kept)
        for name, value in model.items()
        if name.startswith(f"model.layers.{old}.")
    }
    return {**outside, **inside}
