"""How the tensors of a GGUF file are quantized: the type that its header announces, and the types that they have. Source: ggml's `llama_ftype`."""

import re
from collections.abc import Sequence

from inspector.model import Count

# `Q4_K_M` is a mixture in which `Q4_K` is the commonest by design; names that end otherwise stand for mixtures of several.
ONE_TYPE = re.compile(r"(Q\d_K|Q\d_[01]|F16|BF16|F32|IQ\d_(?:NL|XXS)|MXFP4)(?:_(?:S|M|L|MOE))?")
BITS = re.compile(r"I?Q(\d)|MXFP(4)|NVFP(4)|TQ(\d)")


def name_file_type(number: int) -> str:
    """Name a `general.file_type`, as `Q4_K_M`; a number that is not known is written out."""
    from gguf.constants import LlamaFileType

    try:
        return LlamaFileType(number).name.removeprefix("MOSTLY_").removeprefix("ALL_")
    except ValueError:
        return f"file type {number}"


def find_majority(dtypes: Sequence[Count]) -> str:
    """Name the type that most elements have."""
    return max(dtypes, key=lambda count: (count.number, count.name)).name


def is_elsewhere(announced: str, dtypes: Sequence[Count]) -> bool:
    """Say whether not a single tensor has the type that a header announces; mixtures of several types announce none."""
    match = ONE_TYPE.fullmatch(announced)
    return match is not None and match[1] not in {count.name for count in dtypes}


def read_bits(name: str) -> int | None:
    """Read the bits of a number out of the name of a type."""
    match = BITS.match(name)
    return int(next(filter(None, match.groups()))) if match else None
