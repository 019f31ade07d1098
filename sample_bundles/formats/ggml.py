"""Small models in the files of ggml before GGUF: llama.cpp's three, an adapter, and whisper.cpp's."""

import struct
from collections.abc import Sequence
from math import prod

TOKENS = (b"<unk>", b" the", b"a", b"\xe4\xbd")
KINDS = {"F32": (0, 1, 4), "F16": (1, 1, 2), "Q4_0": (2, 32, 18)}
OLD_Q4_0 = 20  # bytes of a block before the third generation
LAYER = ("attention.wq", "attention.wk", "attention.wv", "attention.wo", "feed_forward.w1", "feed_forward.w2", "feed_forward.w3")
LLAMA = (
    ("tok_embeddings.weight", "F32", (4, 32)),
    ("norm.weight", "F32", (32,)),
    ("output.weight", "F32", (4, 32)),
    *((f"layers.0.{name}.weight", "Q4_0", (32, 32)) for name in LAYER),
    *((f"layers.0.{name}_norm.weight", "F32", (32,)) for name in ("attention", "ffn")),
)
WHISPER = (
    ("encoder.positional_embedding", "F32", (8, 4)),
    *((f"encoder.conv{number}.{what}", "F16", (4,)) for number in (1, 2) for what in ("weight", "bias")),
    *((f"encoder.ln_post.{what}", "F32", (4,)) for what in ("weight", "bias")),
    ("decoder.positional_embedding", "F32", (8, 4)),
    ("decoder.token_embedding.weight", "F16", (4, 4)),
    *((f"decoder.ln.{what}", "F32", (4,)) for what in ("weight", "bias")),
)
Tensors = Sequence[tuple[str, str, tuple[int, ...]]]


def records(tensors: Tensors, start: int, *, aligned: bool, old: bool = False) -> bytes:
    """Write the tensors behind a header of so many bytes."""
    data = b""
    for name, dtype, shape in tensors:
        kind, block, width = KINDS[dtype]
        data += struct.pack(f"<3i{len(shape)}i", len(shape), len(name), kind, *reversed(shape)) + name.encode()
        if aligned:
            data += bytes(-(start + len(data)) % 32)
        data += bytes(range(97, 117))[:1] * (prod(shape) // block * (OLD_Q4_0 if old and dtype == "Q4_0" else width))
    return data


def llama_bytes(magic: bytes, version: int | None, tensors: Tensors = LLAMA) -> bytes:
    """Write a model of llama.cpp: `lmgg` without version, `fmgg` of version 1, `tjgg` of versions 1 to 3."""
    head = magic + (b"" if version is None else struct.pack("<I", version)) + struct.pack("<7i", len(TOKENS), 32, 256, 2, 1, 16, 2)
    for token in TOKENS:
        head += struct.pack("<I", len(token)) + token + (b"" if version is None else struct.pack("<f", 0.5))
    return head + records(tensors, len(head), aligned=magic == b"tjgg", old=version != 3)


def whisper_bytes(tensors: Tensors = WHISPER) -> bytes:
    """Write a model of whisper.cpp."""
    head = b"lmgg" + struct.pack("<11i", len(TOKENS), 8, 4, 1, 0, 8, 4, 1, 0, 2, 1) + struct.pack("<2i", 2, 3) + bytes(24)
    head += struct.pack("<i", len(TOKENS)) + b"".join(struct.pack("<I", len(token)) + token for token in TOKENS)
    return head + records(tensors, len(head), aligned=False)


def adapter_bytes() -> bytes:
    """Write an adapter of low rank."""
    head = b"algg" + struct.pack("<I2i", 1, 8, 16)
    tensors = [(f"layers.0.attention.wq.weight.lora{part}", "F32", (4, 2)) for part in "AB"]
    return head + records(tensors, len(head), aligned=True)


FILES = {
    "ggml-model.bin": llama_bytes(b"lmgg", None),
    "ggmf-model.bin": llama_bytes(b"fmgg", 1),
    "ggjt-model.bin": llama_bytes(b"tjgg", 3),
    "ggml-adapter-model.bin": adapter_bytes(),
    "ggml-tiny.bin": whisper_bytes(),
}
