"""Training settings: the files in which the arguments of a run are written.

What it sees: YAML, JSON, TOML and gin files in which at least four families of hyper-parameters are named, two of them of training alone.
What it says: the settings of a training, or of a fine-tuning where keys of adapters, preferences or a base model stand beside them, or a search over
settings; each key with its line; data sets that they name by the ids of a hub. Gin spreads settings over files that include each other: each is a
fragment. Keys whose value states nothing (`auto`, `null`) do not count. The settings of a file that breaks its format are matched line by line, and
the break is reported.
What it cannot know: whether the parameters that are here were trained with these settings.
Source: the configuration of DeepSpeed, Megatron-LM, GPT-NeoX, OLMo, Hugging Face Transformers, axolotl, LLaMA-Factory, torchtune and T5 (gin).
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from inspector.bundle import File
from inspector.data_information.loaded_sets import sets_of_settings
from inspector.detector import Format, Said, Wants, detector
from inspector.errors import Malformed, TooLarge
from inspector.model import Certainty, Claim, Component
from inspector.sources.named_files import uses_of_settings
from inspector.sources.setting_files import read_settings, scan_settings
from inspector.sources.settings import Setting, judge_fragment, judge_settings, names_settings, settings_found
from inspector.sources.signals import has_role
from inspector.sources.source import source_lines

LARGEST = 4 * 2**20
WORDS = re.compile(r"[A-Za-z_][\w-]{1,60}")
# Descriptions of a model, of its tokenizer or of a finished run, which other detectors read.
OTHERS = frozenset(
    {
        "config.json",
        "generation_config.json",
        "tokenizer.json",
        "tokenizer_config.json",
        "vocab.json",
        "adapter_config.json",
        "package.json",
    }
)
# Keys of results, training logs and descriptions of models that repeat settings: they are no settings file.
RUNS = frozenset({"results", "log_history", "transformers_version", "_wandb"})
# A vocabulary can name everything.
MOST_KEYS = 2_000
MOST_SETTINGS = 20_000
FORMATS = {".yaml": "yaml", ".yml": "yaml", ".json": "json", ".toml": "toml", ".gin": "gin"}


@detector(
    "training-config",
    wants=Wants(suffixes=tuple(FORMATS)),
    formats=tuple(sorted(set(FORMATS.values()))),
    emits={(Component.TRAINING, Claim.PRESENT), (Component.SUPPORTING, Claim.PRESENT), (Component.DATASETS, Claim.NAMED)},
)
def training_config(file: File) -> Iterator[Said]:
    """Look for the words of training settings, and only then parse."""
    if file.size > LARGEST or b"\0" in file.head or file.name.casefold() in OTHERS or not has_role(file.path):
        return
    text = file.text
    if file.suffix != ".gin" and not names_settings({match[0] for match in WORDS.finditer(text)}):
        return
    settings, broken = _read(text, file.suffix)
    keys = {item.key for item in settings}
    if len(keys) > MOST_KEYS or keys & RUNS or {"architectures", "model_type"} <= keys:
        return
    judged = judge_settings(settings, file.path)
    if judged is None and file.suffix == ".gin":
        judged = judge_fragment(settings, file.path)
    if judged is not None:
        yield Format(FORMATS[file.suffix])
        yield from uses_of_settings(settings)
        yield from sets_of_settings(settings, file.path)
        found = settings_found(judged, source_lines(text))
        yield found if broken is None else replace(found, certainty=Certainty.MATCHED)
    if broken is not None:
        raise broken


def _read(text: str, suffix: str) -> tuple[list[Setting], Malformed | None]:
    """Read settings; those of a file that breaks its format are looked for line by line, since a person can still read them."""
    try:
        return list(islice(read_settings(text, suffix), MOST_SETTINGS)), None
    except TooLarge:
        raise
    except Malformed as error:
        return list(islice(scan_settings(text), MOST_SETTINGS)), error
