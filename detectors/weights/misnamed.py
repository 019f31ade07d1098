"""Names that say another format: files whose suffix promises one thing and whose content is another.

What it sees: the formats that files were recognised as, and their suffixes.
What it says: an issue where a pickle, or an archive of pickles, stands under a name that promises a format without code; and where another
format of weights does.
What it cannot know: why. Suffixes that several formats share (`.bin`, `.model`, `.pt`) promise nothing.
Source: the suffixes that the formats' own documentation gives them.
"""

from collections.abc import Iterator

from inspector.detector import Found, Gathered, crosscheck
from inspector.model import FileRecord, Issue, Location, Severity
from inspector.pure_paths import pure_path

PICKLES = frozenset({"pickle", "compressed-pickle", "torch-zip", "torch-legacy", "torch-tar"})
TEXTS = frozenset({".json", ".txt", ".md", ".csv", ".yaml", ".yml", ".toml", ".xml", ".html", ".tiktoken"})
# suffix -> the formats that it promises
PROMISES = {
    ".safetensors": {"safetensors"},
    ".sft": {"safetensors"},
    ".gguf": {"gguf"},
    ".npy": {"npy"},
    ".npz": {"npz"},
    ".skops": {"skops"},
    ".mnn": {"mnn"},
    ".rknn": {"rknn"},
    ".ftz": {"fasttext"},
    ".pte": {"executorch"},
    ".ptd": {"executorch-data"},
    ".traineddata": {"tesseract"},
    ".pdiparams": {"paddle-params"},
    ".pdmodel": {"paddle-program"},
    ".onnx": {"onnx"},
    ".tflite": {"tflite"},
    ".engine": {"tensorrt"},
}
POINTER = "git-lfs-pointer"
MOST_LOCATIONS = 50
SETTLE = "Ask for the file in the format that its name says, and do not load it by its name alone."


@crosscheck("misnamed")
def misnamed(gathered: Gathered) -> Iterator[Found | Issue]:
    """Hold formats against suffixes."""
    groups: dict[tuple[str, str], list[FileRecord]] = {}
    for record in gathered.files:
        suffix = pure_path(record.path).suffix.casefold()
        promised = PROMISES.get(suffix, set())
        if record.format in {None, POINTER} or record.format in promised or not (promised or suffix in TEXTS):
            continue
        if promised or record.format in PICKLES:
            groups.setdefault((suffix, str(record.format)), []).append(record)
    for (suffix, name), records in sorted(groups.items()):
        hides = name in PICKLES
        message = f"files named {suffix} are {name}" + (": loading them by another reader than the name says can run code" if hides else "")
        places = tuple(Location(root=record.root, path=record.path) for record in records)[:MOST_LOCATIONS]
        severity = Severity.HIGH if hides else Severity.MEDIUM
        yield Issue(rule="weights.misnamed", severity=severity, message=message, locations=places, settle=SETTLE)
