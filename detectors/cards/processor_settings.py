"""Processor settings: the JSON files that say how inputs are prepared for a model, or how a runtime uses it.

What it sees: preprocessor_config.json, video_preprocessor_config.json and feature_extractor_config.json of transformers, scheduler_config.json of
diffusers, genai_config.json of ONNX Runtime, ort_config.json of optimum.
What it says: the settings are there, and the class they are for.
What it cannot know: whether the model was trained on inputs that were prepared like this.
Source: the documentation of transformers, diffusers, optimum and ONNX Runtime on these files.
"""

from collections.abc import Iterator

from inspector.bundle import File
from inspector.detector import Format, Found, Said, Wants, detector
from inspector.model import Claim, Component, printable
from inspector.serialization.strict_json import read_json, texts

# A name, the format, and keys of which one at least stands in such a file.
KINDS = {
    "preprocessor_config.json": (
        "processor-settings",
        ("image_processor_type", "feature_extractor_type", "processor_class", "size", "image_mean", "sampling_rate"),
    ),
    "video_preprocessor_config.json": ("processor-settings", ("video_processor_type", "processor_class", "size", "image_mean")),
    "feature_extractor_config.json": ("processor-settings", ("feature_extractor_type", "sampling_rate", "feature_size")),
    "scheduler_config.json": ("scheduler-settings", ("_class_name", "num_train_timesteps")),
    "genai_config.json": ("runtime-settings", ("model", "search")),
    "ort_config.json": ("runtime-settings", ("optimum_version", "onnxruntime_version", "optimization", "quantization")),
}  # fmt: skip
NAMES = ("image_processor_type", "feature_extractor_type", "video_processor_type", "processor_class", "_class_name")


@detector(
    "processor-settings",
    wants=Wants(names=tuple(KINDS)),
    formats=("processor-settings", "scheduler-settings", "runtime-settings"),
    emits={(Component.MODEL_METADATA, Claim.PRESENT)},
)
def processor_settings(file: File) -> Iterator[Said]:
    """Read the settings strictly; a file without the keys of its kind is something else."""
    if not file.head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return
    settings = read_json(file)
    form, keys = KINDS[file.name.casefold()]
    if settings.keys().isdisjoint(keys):
        return
    yield Format(form)
    key, name = next(((key, text) for key in NAMES for text in texts(settings.get(key))[:1]), ("", ""))
    excerpt = printable(f"{key}: {name}")[:200] if name else None
    yield Found(Component.MODEL_METADATA, Claim.PRESENT, form, pointer=f"/{key}" if key else None, excerpt=excerpt)
