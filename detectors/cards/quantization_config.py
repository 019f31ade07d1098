"""Quantization settings: the files that quantization libraries write beside the weights.

What it sees: quantize_config.json of AutoGPTQ and of transformers.js, quant_config.json of AutoAWQ, hf_quant_config.json of ModelOpt, recipe.yaml of
llm-compressor.
What it says: how the parameters are quantized: method, bits, group.
What it cannot know: whether the tensors are; the crosscheck `quantization` holds them against it.
Source: AutoGPTQ's `BaseQuantizeConfig`, AutoAWQ's `quant_config`, ModelOpt's export for the model hub, the
conversion script of transformers.js, the recipes of llm-compressor.
"""

import re
from collections.abc import Iterator
from itertools import islice

from inspector.bundle import File
from inspector.detector import Format, Found, Said, Wants, detector
from inspector.model import Certainty, Claim, Component, Quantization, Span
from inspector.serialization.strict_json import read_json
from inspector.weights.quantization import tell_quantization

METHODS = {"quantize_config.json": "gptq", "quant_config.json": "awq", "hf_quant_config.json": ""}
RECIPE = "recipe.yaml"
MODIFIER = re.compile(r"^[ \t-]*(\w{2,60}Modifier):", re.MULTILINE)
QUANTIZES = re.compile(r"GPTQ|AWQ|Quantization|FP8|AutoRound", re.IGNORECASE)
SCHEME = re.compile(r"^[ \t]*scheme:[ \t]*[\"']?(\w{1,20})", re.MULTILINE)
BESIDE, MOST = 2_000, 10
# What transformers.js writes beside the ONNX files that it quantized, of older and of newer versions.
ONNX_KEYS, FEWEST = frozenset({"per_channel", "reduce_range", "per_model_config", "modes", "is_symmetric", "block_size", "quant_type"}), 2
KEYS = frozenset({"bits", "group_size", "w_bit", "q_group_size", "quant_method", "damp_percent", "zero_point"})


@detector(
    "quantization-config",
    wants=Wants(names=(*METHODS, RECIPE)),
    formats=("quantization-config", "quantization-recipe"),
    emits={(Component.PARAMETERS, Claim.DESCRIBED)},
)
def quantization_config(file: File) -> Iterator[Said]:
    """Read the settings strictly; of a recipe the kinds of its modifiers."""
    if file.name.casefold() == RECIPE:
        yield from _recipe(file)
        return
    if not file.head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return
    settings, method = read_json(file), METHODS.get(file.name.casefold(), "")
    if method == "gptq" and "bits" not in settings and len(settings.keys() & ONNX_KEYS) >= FEWEST:
        yield Format("quantization-config")
        yield from tell_quantization(settings, "onnx")
        return
    if not (settings.keys() & KEYS if method else isinstance(settings.get("quantization"), dict)):
        return
    yield Format("quantization-config")
    yield from tell_quantization(settings, method)


def _recipe(file: File) -> Iterator[Said]:
    """Name the modifiers that quantize, each with the scheme beside it."""
    text = file.text
    if MODIFIER.search(text) is None:
        return
    yield Format("quantization-recipe")
    for match in islice((match for match in MODIFIER.finditer(text) if QUANTIZES.search(match[1])), MOST):
        scheme = SCHEME.search(text, match.end(), match.end() + BESIDE)
        line = text.count("\n", 0, match.start(1)) + 1
        bits = re.match(r"W(\d{1,2})", scheme[1]) if scheme else None
        details = Quantization(method="llm-compressor", bits=int(bits[1]) if bits else None)
        value = " ".join(filter(None, ("quantization", match[1], scheme[1] if scheme else "")))
        yield Found(Component.PARAMETERS, Claim.DESCRIBED, value, Certainty.MATCHED, span=Span(line, line), details=details)
