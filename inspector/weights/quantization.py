"""What configurations say of quantization: the method, the bits of a number, the group that shares a scale.

Source: the `quantization_config` of transformers, `quantize_config.json` of AutoGPTQ, `quant_config.json` of AutoAWQ, `quantization` of MLX,
`hf_quant_config.json` of ModelOpt.
"""

from collections.abc import Iterator

from inspector.detector import Found
from inspector.model import Claim, Component, Quantization, printable
from inspector.serialization.strict_json import Json
from inspector.weights.packing import load_quantization

BITS = ("bits", "w_bit", "num_bits", "weight_bits", "nbits")
GROUPS = ("group_size", "q_group_size")
KINDS = ("bnb_4bit_quant_type", "format", "version", "quant_algo", "mode", "quant_type", "weights")
HOLDERS = ("quantization_config", "compression_config", "quantization")
MOST_BITS = 64
LARGEST_GROUP = 2**20
Settings = dict[str, Json]


def tell_quantization(settings: Settings, method: str = "") -> Iterator[Found]:
    """Say how weights are quantized, once for each place that says so; `method` is that of a file that is for one method only."""
    if method:
        yield _tell(settings, _text(settings, "quant_method") or method, "")
        return
    inner = settings.get("text_config")
    for pointer, holder in (("", settings), ("/text_config", inner)):
        for key in HOLDERS:
            found = holder.get(key) if isinstance(holder, dict) else None
            named = _name(found, key) if isinstance(found, dict) else ""
            if isinstance(found, dict) and named:
                yield _tell(found, named, f"{pointer}/{key}")
                return


def _name(found: Settings, key: str) -> str:
    """Name the method; MLX writes none, and ModelOpt only who produced it."""
    if method := _text(found, "quant_method"):
        return method
    if "quant_algo" in found:
        return "modelopt"
    if "group_size" in found and "bits" in found:
        return "mlx"
    if found.get("load_in_4bit") is True or found.get("load_in_8bit") is True:
        return "bitsandbytes"
    return "compressed-tensors" if key == "compression_config" or "config_groups" in found else ""


def _tell(found: Settings, method: str, pointer: str) -> Found:
    known = {item.id: item for item in load_quantization().method}.get(method.casefold())
    title, bits, group = known.title if known else method, _bits(found) or (known.bits if known else None), _group(found)
    kind = next((text for key in KINDS if (text := _text(found, key))), "")
    blocks = found.get("weight_block_size")
    words = ["quantization", title, f"{bits}-bit" if bits else "", kind, f"group {group}" if group else ""]
    if isinstance(blocks, list) and 0 < len(blocks) <= 4 and all(type(size) is int and 0 < size < LARGEST_GROUP for size in blocks):
        words.append("blocks of " + "x".join(map(str, blocks)))
    value = printable(" ".join(word for word in words if word)[:200])
    details = Quantization(method=printable(method.casefold()[:60]), bits=bits, group=group)
    return Found(Component.PARAMETERS, Claim.DESCRIBED, value, pointer=pointer or None, details=details)


def _bits(found: Settings) -> int | None:
    if found.get("load_in_4bit") is True:
        return 4
    if found.get("load_in_8bit") is True:
        return 8
    algorithm = _text(found, "quant_algo").upper()
    named = next(
        (bits for word, bits in (("FP8", 8), ("FP4", 4), ("W4", 4), ("W8", 8), ("INT8", 8), ("INT4", 4)) if word in algorithm), None
    )
    return next((number for holder in _holders(found) for key in BITS if (number := _number(holder.get(key), MOST_BITS))), named)


def _group(found: Settings) -> int | None:
    return next((number for holder in _holders(found) for key in GROUPS if (number := _number(holder.get(key), LARGEST_GROUP))), None)


def _holders(found: Settings) -> Iterator[Settings]:
    """List the settings themselves and, for compressed-tensors, those of the weights of each group; the first that says something counts."""
    yield found
    groups = found.get("config_groups")
    for group in list(groups.values())[:16] if isinstance(groups, dict) else ():
        weights = group.get("weights") if isinstance(group, dict) else None
        if isinstance(weights, dict):
            yield weights


def _number(value: Json, limit: int) -> int | None:
    return value if type(value) is int and 0 < value <= limit else None


def _text(found: Settings, key: str) -> str:
    value = found.get(key)
    return value.strip()[:60] if isinstance(value, str) else ""
