"""Quantization settings: the files that quantization libraries write beside the weights.

What it sees: quantize_config.json of AutoGPTQ, quant_config.json of AutoAWQ, hf_quant_config.json of ModelOpt.
What it says: how the parameters are quantized: method, bits, group.
What it cannot know: whether the tensors are; the crosscheck `quantization` holds them against it.
Source: AutoGPTQ's `BaseQuantizeConfig`, AutoAWQ's `quant_config`, ModelOpt's export for the model hub.
"""

from collections.abc import Iterator

from inspector.bundle import File
from inspector.detector import Format, Said, Wants, detector
from inspector.model import Claim, Component
from inspector.serialization.strict_json import read_json
from inspector.weights.quantization import tell_quantization

METHODS = {"quantize_config.json": "gptq", "quant_config.json": "awq", "hf_quant_config.json": ""}
KEYS = frozenset({"bits", "group_size", "w_bit", "q_group_size", "quant_method", "damp_percent", "zero_point"})


@detector(
    "quantization-config",
    wants=Wants(names=tuple(METHODS)),
    formats=("quantization-config",),
    emits={(Component.PARAMETERS, Claim.DESCRIBED)},
)
def quantization_config(file: File) -> Iterator[Said]:
    """Read the settings strictly."""
    if not file.head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return
    settings, method = read_json(file), METHODS.get(file.name.casefold(), "")
    if not (settings.keys() & KEYS if method else isinstance(settings.get("quantization"), dict)):
        return
    yield Format("quantization-config")
    yield from tell_quantization(settings, method)
