"""LightGBM: boosted trees as text.

What it sees: text files whose first line is `tree` and whose next ones are a version or a number of classes.
What it says: parameters are present: each tree as one tensor of its thresholds and leaf values; the objective; the parameters it was trained
with, and the files of training data that they name; where trees contradict their own numbers or the sizes that the header gives, and what
follows the model.
What it cannot know: which data the trees were grown on, where no file is named.
Source: LightGBM's `gbdt_model_text` and `tree` as they write and read versions 2 to 4.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from inspector.bundle import File
from inspector.detector import Format, Found, Magic, Said, Wants, detector
from inspector.errors import Malformed, TooLarge
from inspector.model import Claim, Component, Reference, Severity, Span, Unit, printable
from inspector.sightings import Sightings
from inspector.weights.forest import Forest
from inspector.weights.role import role_of

START = re.compile(rb"tree\r?\n(?:version=v\d{1,3}\r?\n)?num_class=\d")
LARGEST_HEADER = 8 * 2**20  # bytes, of the header and of what follows the trees
LARGEST_TREE = 16 * 2**20  # bytes
MOST_TREES = 1_000_000
MOST_KEYS = 10_000
WORD = re.compile(rb"\S+")
WINDOW = 1 << 12
NEEDED = ("num_class", "label_index", "max_feature_idx", "feature_names", "feature_infos")
FIELDS = re.compile(rb"^(num_leaves|threshold|leaf_value|leaf_const|leaf_coeff)=([^\r\n]*)", re.MULTILINE)
PARAMETERS = re.compile(rb"^parameters:\s*?\n(.*?)^end of parameters\s*?$", re.MULTILINE | re.DOTALL)
DATA = re.compile(rb"^\[(data|valid): ([^\r\n]{1,1000})\]", re.MULTILINE)
AFTER = re.compile(rb"\s*(?:parser:.*?end of parser)?\s*(?:pandas_categorical:[^\n]*)?\s*", re.DOTALL)
SETTLE = "Save the model again with LightGBM, or fetch the file again from its origin and compare digests."


@dataclass(slots=True)
class Layout:
    """The header's keys, where the trees begin, and where they end (bytes)."""

    keys: dict[str, str]
    start: int
    end: int = 0
    forest: Forest = field(default_factory=Forest)


@detector(
    "lightgbm",
    wants=Wants(magic=(Magic(b"tree\n"), Magic(b"tree\r\n"))),
    formats=("lightgbm-text",),
    emits={
        (Component.PARAMETERS, Claim.PRESENT),
        (Component.PARAMETERS, Claim.MISSING),
        (Component.CHECKPOINTS, Claim.PRESENT),
        (Component.MODEL_METADATA, Claim.PRESENT),
        (Component.ARCHITECTURE, Claim.REFERENCED),
        (Component.DATASETS, Claim.REFERENCED),
    },
)
def lightgbm(file: File) -> Iterator[Said]:
    """Read the header, then one tree after another."""
    if START.match(file.head) is None:
        return
    yield Format("lightgbm-text")
    layout, sightings = _read_header(file), Sightings(file)
    fault: Malformed | None = None
    try:
        _read_trees(file, layout)
    except Malformed as error:
        fault = error
    yield from _say_weights(file, layout, sightings)
    if fault is None:
        yield from _say_training(file, layout, sightings)
    yield from sightings.issues(SETTLE)
    if fault is not None:
        broken = "truncated" if str(fault).startswith("truncated") else "damaged"
        yield Found(Component.PARAMETERS, Claim.MISSING, broken, span=Span(file.size, file.size, Unit.BYTES))
        raise fault


def _read_header(file: File) -> Layout:
    """Read the keys before the first tree; raises Malformed when there is no end to them."""
    size = WINDOW
    while True:
        data = file.read(0, min(size, file.size))
        at = data.find(b"\nTree=")
        at = data.find(b"\nend of trees") if at < 0 else at
        if at >= 0:
            break
        if len(data) == file.size:
            raise Malformed(f"truncated: no tree begins before the file ends at byte {file.size}")
        if size > LARGEST_HEADER:
            raise TooLarge(f"a header of more than {LARGEST_HEADER} bytes")
        size *= 8
    if data.count(b"\n", 0, at) > MOST_KEYS:
        raise TooLarge(f"a header of more than {MOST_KEYS} lines")
    pairs = (line.partition("=") for line in data[:at].decode("utf-8", "replace").splitlines())
    keys: dict[str, str] = {}
    for key, _, value in pairs:
        if key in keys and key:
            raise Malformed(f"the key {key[:100]!r} is there twice")
        keys[key] = value
    return Layout(keys, at + 1)


def _read_trees(file: File, layout: Layout) -> None:
    """Read all trees, by the sizes in the header where there are any; raises Malformed where one does not begin."""
    layout.end = layout.start
    if (sizes := _sizes(layout.keys)) is None:
        while file.read(layout.end, min(5, file.size - layout.end)) == b"Tree=":
            if layout.forest.trees >= MOST_TREES:
                raise TooLarge(f"more than {MOST_TREES} trees")
            _count_tree(_next_tree(file, layout.end), layout)
        return
    layout.forest.announced = len(sizes)
    for size in sizes:
        if size > LARGEST_TREE:
            raise TooLarge(f"a tree of {size} bytes, the limit is {LARGEST_TREE}")
        _count_tree(file.read(layout.end, size), layout)


def _sizes(keys: dict[str, str]) -> list[int] | None:
    if "tree_sizes" not in keys:
        return None
    words = keys["tree_sizes"].split()
    if len(words) > MOST_TREES or any(not (word.isascii() and word.isdigit() and len(word) <= 18) for word in words):
        raise Malformed(f"tree_sizes holds something else than up to {MOST_TREES} sizes")
    return [int(word) for word in words]


def _next_tree(file: File, start: int) -> bytes:
    """Read up to where the next tree begins, or the trees end."""
    size = WINDOW
    while True:
        data = file.read(start, min(size, file.size - start))
        found = re.search(rb"\n(?=Tree=|end of trees|feature.importances:|parameters:)", data)
        if found or len(data) == file.size - start:
            return data[: found.end()] if found else data
        if size > LARGEST_TREE:
            raise TooLarge(f"a tree of more than {LARGEST_TREE} bytes")
        size *= 8


def _count_tree(block: bytes, layout: Layout) -> None:
    """Count a tree's numbers, and hold them against its number of leaves."""
    if not block.startswith(b"Tree="):
        raise Malformed(f"no tree begins at byte {layout.end}, where the header says one does")
    found = dict(FIELDS.findall(block))
    counts = {key: WORD.subn(b"", value)[1] for key, value in found.items()}
    text = found.get(b"num_leaves", b"").strip()
    leaves = int(text) if text.isdigit() and len(text) < 12 else -1
    if leaves < 1 or counts.get(b"leaf_value") != leaves or counts.get(b"threshold", 0) != leaves - 1:
        layout.forest.blame(f"Tree={layout.forest.trees}")
    layout.forest.add_tree("F64", sum(counts.values()) - counts.get(b"num_leaves", 0))
    layout.end += len(block)


def _say_weights(file: File, layout: Layout, sightings: Sightings) -> Iterator[Found]:
    forest, keys = layout.forest, layout.keys
    if forest.census.parameters:
        role = role_of(file.path, (), "lightgbm")
        details = forest.census.weights("lightgbm-text", (key for key in keys if key not in {"", "tree"}))
        yield Found(role.component, Claim.PRESENT, role.value, span=Span(0, layout.end, Unit.BYTES), details=details)
    else:
        sightings.add("lightgbm.no-trees", Severity.LOW, "a model of LightGBM without a single tree")
    name = printable(f"gbdt {keys.get('objective', '')}".strip())[:200]
    yield Found(Component.ARCHITECTURE, Claim.REFERENCED, name, details=Reference(kind="package", target="lightgbm"))
    for name in forest.broken:
        sightings.add("lightgbm.broken-tree", Severity.HIGH, "a tree has other numbers of leaves or thresholds than it announces", name)
    if missing := [key for key in NEEDED if key not in keys]:
        sightings.add("lightgbm.missing-key", Severity.MEDIUM, f"the header lacks {', '.join(missing)}: LightGBM refuses the file")
    elif keys["max_feature_idx"] != str(len(keys["feature_names"].split(" ")) - 1):
        message = "the header names another number of features than it announces: LightGBM refuses the file"
        sightings.add("lightgbm.feature-count", Severity.MEDIUM, message, "max_feature_idx")


def _say_training(file: File, layout: Layout, sightings: Sightings) -> Iterator[Found]:
    """Name what the model was trained with, as far as it is written behind the trees."""
    if file.size - layout.end > LARGEST_HEADER:
        raise TooLarge(f"{file.size - layout.end} bytes behind the trees, the limit is {LARGEST_HEADER}")
    tail = file.read(layout.end, file.size - layout.end)
    if (block := PARAMETERS.search(tail)) is None:
        return
    begin = layout.end + block.start()
    yield Found(
        Component.MODEL_METADATA,
        Claim.PRESENT,
        "training-parameters",
        span=Span(begin, layout.end + block.end(), Unit.BYTES),
        pointer="parameters",
    )
    for match in DATA.finditer(block[1]):
        target = printable(match[2].decode("utf-8", "replace"))
        place = layout.end + block.start(1) + match.start()
        span = Span(place, place + len(match[0]), Unit.BYTES)
        yield Found(
            Component.DATASETS,
            Claim.REFERENCED,
            target[:200],
            span=span,
            pointer=match[1].decode(),
            details=Reference(kind="file", target=target),
        )
    if AFTER.fullmatch(tail, block.end()) is None:
        message = "text behind the model belongs to nothing"
        sightings.add("lightgbm.trailing-bytes", Severity.MEDIUM, message, span=(layout.end + block.end(), file.size))
