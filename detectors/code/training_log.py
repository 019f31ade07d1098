"""What runs leave behind: logs of a training and results of an evaluation.

What it sees: trainer states, summaries of trainings, TensorBoard event files, and JSON results of evaluations, recognised by their structure.
What it says: a training left a log (part of the model's metadata); results of an evaluation are here, with the tasks that they name.
What it cannot know: whether the log is of this model's training; a log is no training code.
Source: Transformers `TrainerState`, TensorFlow's TFRecord framing with event version `brain.Event:2`, Weights & Biases summaries, the result files of
the LM Evaluation Harness.
"""

import re
from collections.abc import Iterator

import msgspec

from inspector.bundle import File, printable
from inspector.decoding import decode_json
from inspector.detector import Format, Found, Said, Wants, detector
from inspector.errors import Malformed, TooLarge
from inspector.model import Claim, Component, Constructs, Count, Span, Unit
from inspector.serialization.strict_json import without_nan
from inspector.sources.signals import has_role

LARGEST = 64 * 2**20
MOST_TASKS = 40
EVENT = b"brain.Event:"
LOG_NAMES = re.compile(r"all_results\.json|train_results\.json|wandb-summary\.json")
RESULT_NAMES = re.compile(r"(?:.*[._-])?(?:results?|eval|evaluation)(?:[._-].*)?\.json")
TRAINED = frozenset({"train_loss", "train_runtime", "train_samples_per_second", "_runtime", "_step", "loss", "train/loss"})
# A description of a model or of an evaluation to be run is not its results.
NOT_RESULTS = frozenset({"architectures", "model_type", "transformers_version", "max_new_tokens", "learning_rate"})
NUMBERS = dict[str, msgspec.Raw]


@detector(
    "training-log",
    wants=Wants(suffixes=(".json",), globs=("*tfevents*",)),
    formats=("tfevents", "trainer-state", "training-summary", "evaluation-results"),
    emits={(Component.MODEL_METADATA, Claim.PRESENT), (Component.EVALUATION_RESULTS, Claim.PRESENT)},
)
def training_log(file: File) -> Iterator[Said]:
    """Recognise event files by their first record, and JSON by its keys."""
    if "tfevents" in file.name.casefold():
        if EVENT in file.head[12:64]:
            yield Format("tfevents")
            yield Found(Component.MODEL_METADATA, Claim.PRESENT, "training-log", span=Span(0, min(file.size, 64), Unit.BYTES))
        return
    name = file.name.casefold()
    if not (name == "trainer_state.json" or b'"results"' in file.head or LOG_NAMES.fullmatch(name) or RESULT_NAMES.fullmatch(name)):
        return
    if file.size > LARGEST:
        raise TooLarge(f"{file.size} bytes, the limit for JSON is {LARGEST}")
    if not has_role(file.path):
        return
    yield from _json(name, file.whole(LARGEST))


def _json(name: str, data: bytes) -> Iterator[Said]:
    text = data.removeprefix(b"\xef\xbb\xbf")
    if text.lstrip()[:1] != b"{":
        return
    try:
        keys = decode_json(without_nan(text), NUMBERS)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Malformed(f"not a JSON object: {error}") from error
    if {"log_history", "global_step"} <= keys.keys():
        yield Format("trainer-state")
        yield Found(Component.MODEL_METADATA, Claim.PRESENT, "training-log", pointer="/log_history")
    elif LOG_NAMES.fullmatch(name) and keys.keys() & TRAINED:
        yield Format("training-summary")
        yield Found(Component.MODEL_METADATA, Claim.PRESENT, "training-log", pointer=f"/{printable(min(keys.keys() & TRAINED))}")
    elif (tasks := _tasks(name, keys)) is not None:
        yield Format("evaluation-results")
        details = Constructs(seen=tuple(Count(printable(task[:120]), 1) for task in tasks[:MOST_TASKS]))
        yield Found(
            Component.EVALUATION_RESULTS, Claim.PRESENT, "results", pointer="/results" if "results" in keys else "/", details=details
        )


def _tasks(name: str, keys: NUMBERS) -> list[str] | None:
    """List what was evaluated: the tasks of a harness, or the measures of a file that its name calls results. None when it is neither."""
    if "results" in keys and keys.keys() & {"versions", "config", "configs", "config_general", "n-shot"}:
        try:
            return sorted(decode_json(keys["results"], NUMBERS))
        except (msgspec.DecodeError, RecursionError):
            return None
    measures = sorted(key for key, value in keys.items() if re.fullmatch(rb"-?[0-9.eE+-]+", bytes(value)))
    return measures if RESULT_NAMES.fullmatch(name) and measures and keys.keys().isdisjoint(NOT_RESULTS) else None
