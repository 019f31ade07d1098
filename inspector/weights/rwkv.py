"""RWKV by the names of its tensors: torch archives of it have no other metadata."""

from collections.abc import Iterable, Iterator

from inspector.detector import Found
from inspector.model import Claim, Component

FIRST = "blocks.0.att."
# A tensor of the first block that only one version has; the last that is there counts. Source: the models in RWKV-LM.
VERSIONS = (("time_first", "4"), ("ln_x.weight", "5"), ("time_maa_x", "6"), ("r_k", "7"))


def name_rwkv(names: Iterable[str]) -> Iterator[Found]:
    """Name the architecture where the tensors are those of RWKV, with its version."""
    first, seen = set[str](), False
    for name in names:
        plain = name.removeprefix("model.")
        if plain.startswith(FIRST):
            first.add(plain.removeprefix(FIRST))
        seen = seen or plain == "blocks.0.ffn.key.weight"
    if seen and "receptance.weight" in first:
        version = next((version for key, version in reversed(VERSIONS) if key in first), None)
        yield Found(Component.ARCHITECTURE, Claim.REFERENCED, f"rwkv-{version}" if version else "rwkv", pointer=FIRST.rstrip("."))
