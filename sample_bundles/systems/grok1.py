"""Grok-1 in miniature: perfect terms, tensors as pickles without a suffix, code that runs it, and nothing else.

Traps: no config.json and no suffix that tells weights; weights and code in two repositories; the code's licence is extended to the weights by a
sentence; nothing on the data, no training code.
"""

import struct
from collections.abc import Iterator
from math import prod

from inspector.judgement import Grade
from inspector.model import Role
from sample_bundles.build import SampleRoot, System, read_license, read_texts
from sample_bundles.tokenizers import sentencepiece_bytes

SIZE, WIDE, KEYS, HEADS, GROUPS, LAYERS, EXPERTS, VOCABULARY = 32, 64, 8, 4, 2, 2, 8, 96
WIDTHS = {"f4": 4, "i1": 1}


def list_leaves() -> Iterator[tuple[int, ...]]:
    """List the shapes of the tree's leaves in their order; matrices are quantised, vectors are not."""
    yield (VOCABULARY, SIZE)
    for _ in range(LAYERS):
        yield from ((EXPERTS, SIZE, WIDE), (EXPERTS, WIDE, SIZE), (EXPERTS, SIZE, WIDE))
        yield from ((SIZE, GROUPS * KEYS), (HEADS * KEYS, SIZE), (SIZE, HEADS * KEYS), (SIZE, GROUPS * KEYS))
        yield from ((SIZE,), (SIZE,), (SIZE,), (SIZE,), (SIZE, EXPERTS))
    yield (SIZE,)


def pickled_array(shape: tuple[int, ...], dtype: str) -> bytes:
    """Write the opcodes that build an array of numpy: its class, shape, dtype and bytes, in protocol 4."""
    made = b"cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\x00\x85C\x01b\x87R"
    order = b"<" if WIDTHS[dtype] > 1 else b"|"
    kind = (
        b"cnumpy\ndtype\n" + _text(dtype) + b"\x89\x88\x87R(K\x03" + _text(order.decode()) + b"NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb"
    )
    size = prod(shape) * WIDTHS[dtype]
    content = bytes((7 * place + place // 256) % 251 for place in range(size))
    sizes = b"(" + b"".join(b"J" + struct.pack("<i", side) for side in shape) + b"t"
    return made + b"(K\x01" + sizes + kind + b"\x89B" + struct.pack("<I", size) + content + b"tb"


def pickled_leaf(shape: tuple[int, ...]) -> bytes:
    """Write a leaf as the checkpoint has it: a matrix is a record of 8-bit numbers and scales, whose class the main module must have."""
    if len(shape) == 1:
        return b"\x80\x04" + pickled_array(shape, "f4") + b"."
    scales = (*shape[:-2], 1, shape[-1])
    fields = _text("weight") + pickled_array(shape, "i1") + _text("scales") + pickled_array(scales, "f4")
    return b"\x80\x04c__main__\nQuantizedWeight8bit\n)\x81}(" + fields + b"ub."


def _text(text: str) -> bytes:
    return b"\x8c" + bytes([len(text)]) + text.encode()


SYSTEM = System(
    "grok1",
    "weights under perfect terms as pickles without a suffix, code that runs them, no more: incomplete",
    (
        SampleRoot(
            "grok-1-weights",
            Role.WEIGHTS,
            {
                **read_texts("grok1", "weights"),
                **{f"ckpt-0/tensor{place:05d}_000": pickled_leaf(shape) for place, shape in enumerate(list_leaves())},
            },
        ),
        SampleRoot(
            "grok-1",
            Role.CODE,
            {
                **read_texts("grok1", "code"),
                "LICENSE.txt": read_license("apache-2.0"),
                "tokenizer.model": sentencepiece_bytes(["[PAD]", "<s>", "</s>", "\u2581", "o", "n", "ce"]),
            },
        ),
    ),
    Grade.INCOMPLETE,
)
