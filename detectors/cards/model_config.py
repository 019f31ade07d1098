"""Model settings: the JSON files that name a model's architecture and sizes.

What it sees: config.json, generation_config.json, params.json of the original releases of Llama and Mistral, adapter_config.json, model_index.json.
What it says: the architecture's class and the library or code it comes from; code that would run on loading; how the weights are quantized; the model
an adapter is for, its rank and what it changes; a declared licence; that the settings are there.
What it cannot know: whether the class named is the one that the weights were trained with.
Source: the documentation of transformers, peft and diffusers on their configuration files.
"""

from collections.abc import Iterator
from dataclasses import replace

from inspector.bundle import File
from inspector.detector import Format, Found, Said, Wants, detector
from inspector.errors import Malformed
from inspector.hazards.auto_map import read_auto_map
from inspector.licensing.metadata_terms import declare_metadata
from inspector.model import Claim, Component, Issue, Location, Reference, Scope, Severity, Sizes
from inspector.serialization.strict_json import Json, read_json, texts
from inspector.weights.adapter import tell_adapter
from inspector.weights.pipeline_parts import is_library
from inspector.weights.quantization import tell_quantization
from inspector.weights.sizes import pick_sizes

MODEL = frozenset(
    {"architectures", "model_type", "auto_map", "_class_name", "architecture", "model_cfg", "transformers_version", "pretrained_cfg"}
)
ORIGINAL = frozenset({"dim", "n_layers", "n_heads", "vocab_size", "norm_eps", "multiple_of", "head_dim", "hidden_dim", "n_kv_heads"})
MAX_PARTS = 64


@detector(
    "model-config",
    wants=Wants(names=("config.json", "generation_config.json", "params.json", "adapter_config.json", "model_index.json")),
    formats=("model-config", "generation-config", "original-params", "adapter-config", "pipeline-config"),
    emits={
        (Component.ARCHITECTURE, Claim.REFERENCED),
        (Component.MODEL_METADATA, Claim.PRESENT),
        (Component.PARAMETERS, Claim.DERIVED),
        (Component.PARAMETERS, Claim.REFERENCED),
        (Component.PARAMETERS, Claim.LICENSED),
        (Component.PARAMETERS, Claim.DESCRIBED),
    },
    version=2,
)
def model_config(file: File) -> Iterator[Said]:
    """Read the settings strictly, each kind of file by its own keys."""
    name = file.name.casefold()
    if not file.head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return
    settings = read_json(file)
    kind = _kind(name, settings)
    if kind is None:
        return
    yield Format(kind)
    yield Found(Component.MODEL_METADATA, Claim.PRESENT, kind, details=_sizes(settings))
    yield from _own_name(settings)
    for inside, holder in (("", settings), ("/pretrained_cfg", settings.get("pretrained_cfg"))):
        for said in declare_metadata(_texts(holder), Scope.ROOT):
            yield replace(said, pointer=f"{inside}/{said.pointer}")
    if kind == "adapter-config":
        yield from _base(settings)
        yield from tell_adapter(settings)
    elif kind == "pipeline-config":
        yield from _pipeline(file, settings)
    elif kind == "model-config":
        yield from _architecture(settings)
    yield from tell_quantization(settings)
    yield from read_auto_map(file, settings, Component.ARCHITECTURE)


def _kind(name: str, settings: dict[str, Json]) -> str | None:
    """Name the format by the keys, or say that the file is something else; a name that no other program uses must have its keys."""
    keys = settings.keys()
    if name == "config.json":
        return "model-config" if keys & MODEL else None
    if name == "params.json":
        return "original-params" if len(keys & ORIGINAL) >= 3 else None
    if name == "generation_config.json":
        return "generation-config"
    if name == "model_index.json":
        if "_class_name" not in keys:
            raise Malformed("model_index.json without _class_name")
        return "pipeline-config"
    if "peft_type" not in keys and "base_model_name_or_path" not in keys:
        raise Malformed("adapter_config.json with neither peft_type nor base_model_name_or_path")
    return "adapter-config"


def _sizes(settings: dict[str, Json]) -> Sizes | None:
    """Read the sizes under the names that model families give them."""
    inner = settings.get("text_config")
    sizes = pick_sizes([*settings.items(), *(inner.items() if isinstance(inner, dict) else ())])
    return Sizes(sizes=sizes) if sizes else None


def _own_name(settings: dict[str, Json]) -> Iterator[Found]:
    """Give the name that the settings were saved under: often that of the model they were made from."""
    for text in texts(settings.get("_name_or_path"))[:1]:
        if name := text.strip()[:300]:
            details = Reference(kind="name", target=name)
            yield Found(Component.PARAMETERS, Claim.REFERENCED, name[:200], pointer="/_name_or_path", details=details)


def _texts(holder: Json) -> dict[str, str]:
    """Take the values that are texts; of a list of texts all, joined."""
    found = {key: ", ".join(texts(value)) for key, value in holder.items()} if isinstance(holder, dict) else {}
    return {key: text for key, text in found.items() if text}


def _base(settings: dict[str, Json]) -> Iterator[Found]:
    for text in texts(settings.get("base_model_name_or_path")):
        details = Reference(kind="model", target=text[:300])
        yield Found(Component.PARAMETERS, Claim.DERIVED, text[:300], pointer="/base_model_name_or_path", details=details)


def _architecture(settings: dict[str, Json]) -> Iterator[Found]:
    """Name the class and the library that has it; where `auto_map` brings the code, that is said instead."""
    if "auto_map" in settings:
        return
    if "_class_name" in settings:
        yield from _classes(settings, "_class_name", "diffusers")
    elif texts(settings.get("architectures")):
        yield from _classes(settings, "architectures", "transformers")
    elif texts(settings.get("model_type")):
        yield from _classes(settings, "model_type", "transformers")
    else:
        yield from _classes(settings, "architecture", "timm")


def _classes(settings: dict[str, Json], key: str, library: str) -> Iterator[Found]:
    for name in texts(settings.get(key))[:MAX_PARTS]:
        yield Found(
            Component.ARCHITECTURE, Claim.REFERENCED, name[:200], pointer=f"/{key}", details=Reference(kind="package", target=library)
        )


def _pipeline(file: File, settings: dict[str, Json]) -> Iterator[Found | Issue]:
    """Name the class of each part; a part whose library is none of the known ones is code that the bundle brings along."""
    yield from _classes(settings, "_class_name", "diffusers")
    for key, value in list(settings.items())[:MAX_PARTS]:
        if key.startswith("_") or not isinstance(value, list) or len(value) != 2:
            continue
        library, name = value
        if not isinstance(library, str) or not isinstance(name, str):
            continue
        known = is_library(library)
        details = Reference(kind="package", target=library) if known else Reference(kind="file", target=f"{key}/{library}.py"[:300])
        yield Found(Component.ARCHITECTURE, Claim.REFERENCED, name[:200], pointer=f"/{key}", details=details)
        if not known:
            yield Issue(
                rule="config.remote-code",
                severity=Severity.MEDIUM,
                message=f"loading the pipeline runs Python code of this bundle for its part {key[:100]!r}: {library[:100]}.{name[:100]}",
                locations=(Location(root=file.root.name, path=file.path, pointer=f"/{key}"),),
                settle="Read that code before the pipeline is loaded.",
            )
