"""What an adapter's settings say of it: its kind, its rank, and which parts of the base model it changes. Source: peft, `PeftConfig`."""

from collections.abc import Iterator

from inspector.detector import Found
from inspector.model import Claim, Component, Count, Sizes, printable
from inspector.serialization.strict_json import Json, texts

RANKS = ("r", "rank", "lora_rank")
ALPHAS = ("lora_alpha", "alpha")
VIRTUAL = "num_virtual_tokens"
MOST_NAMED = 12
LARGEST = 2**31


def tell_adapter(settings: dict[str, Json]) -> Iterator[Found]:
    """Say what the adapter is, as `LORA rank 16 alpha 32 on q_proj, v_proj`; nothing where the kind is not given."""
    kind = next(iter(texts(settings.get("peft_type"))), "")
    if not kind:
        return
    rank, alpha, tokens = (_first(settings, keys) for keys in (RANKS, ALPHAS, (VIRTUAL,)))
    targets = texts(settings.get("target_modules"))
    more = f" and {len(targets) - MOST_NAMED} more" if len(targets) > MOST_NAMED else ""
    words = [
        kind[:40],
        f"rank {rank}" if rank else "",
        f"alpha {alpha}" if alpha else "",
        f"{tokens} virtual tokens" if tokens else "",
        f"on {', '.join(sorted(targets)[:MOST_NAMED])[:120]}{more}" if targets else "",
    ]
    sizes = tuple(Count(name, number) for name, number in (("rank", rank), ("alpha", alpha), ("virtual_tokens", tokens)) if number)
    value = printable(" ".join(filter(None, words))[:200])
    yield Found(Component.PARAMETERS, Claim.DESCRIBED, value, pointer="/peft_type", details=Sizes(sizes=sizes) if sizes else None)


def _first(settings: dict[str, Json], keys: tuple[str, ...]) -> int | None:
    values = (settings.get(key) for key in keys)
    return next(
        (int(value) for value in values if isinstance(value, int | float) and type(value) is not bool and 0 < value < LARGEST), None
    )
