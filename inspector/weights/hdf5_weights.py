"""What an HDF5 file amounts to: its datasets as tensors, by what they are for, and what is wrong with it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from math import prod

from inspector.errors import Malformed
from inspector.model import Severity, printable
from inspector.serialization.protobuf import Readable
from inspector.sightings import Sightings
from inspector.weights.census import Census
from inspector.weights.hdf5_file import BEGINNINGS, MAGIC, Hdf5, open_hdf5
from inspector.weights.hdf5_tree import Dataset, Elsewhere, Text, read_root_texts, walk_objects
from inspector.weights.role import is_optimizer_name

OPTIMIZERS = ("optimizer_weights/", "optimizer/")
WEIGHTS = re.compile(
    r"(?:^|[/._])(?:[a-z_]*kernel|bias|weights?|gamma|beta|moving_(?:mean|variance)|running_(?:mean|var)|embeddings?|vars/\d+)(?:[:_]\d+)?$"
)
KERAS = frozenset({"keras_version", "backend", "model_config", "layer_names"})
GROUPS = re.compile(r"^(?:model_weights|_layer_checkpoint_dependencies|layers|optimizer|optimizer_weights|vars)/")
LARGEST_TEXT = 16 * 2**20  # bytes


@dataclass(slots=True)
class Hdf5Weights:
    """What was found so far: tensors of the model, of its optimizer, all that look like weights, the root's texts, where it ends (bytes)."""

    model: Census = field(default_factory=Census)
    optimizer: Census = field(default_factory=Census)
    named: int = 0
    texts: list[Text] = field(default_factory=list)
    begin: int = 0
    end: int = 0
    keras: bool = False

    @property
    def is_weights(self) -> bool:
        """Say whether the datasets are weights: Keras says so, or at least half of them have names that weights have."""
        total = self.model.tensors + self.optimizer.tensors
        return total > 0 and (self.keras or self.named * 2 >= total)


def find_hdf5(file: Readable) -> int | None:
    """Find at which byte an HDF5 file begins; `None` where none does."""
    return next((at for at in BEGINNINGS if at + 8 <= file.size and file.read(at, 8) == MAGIC), None)


def read_hdf5(file: Readable, begin: int, told: Hdf5Weights, sightings: Sightings, where: str = "") -> None:
    """Walk all objects of a file; what was found before it breaks is kept in `told`. `where` stands before the names in issues.

    Raises Malformed and TooLarge as the readers do.
    """
    hdf = open_hdf5(file, begin)
    told.begin, told.end = begin, hdf.end
    told.texts += read_root_texts(hdf)
    told.keras = bool(KERAS & {text.name for text in told.texts})
    ranges: list[tuple[int, int, str]] = []
    for item in walk_objects(hdf):
        shown = where + printable(item.path)
        if isinstance(item, Elsewhere):
            _judge_link(item, shown, sightings)
            continue
        _count(item, told)
        _judge_dataset(item, shown, hdf, sightings, ranges)
    _judge_ranges(ranges, sightings)
    if hdf.end > file.size:
        raise Malformed(f"truncated: it should end at byte {hdf.end}, it has {file.size}")


def _count(item: Dataset, told: Hdf5Weights) -> None:
    if item.dtype is None or not item.dtype.is_number:
        return
    told.keras = told.keras or GROUPS.match(item.path) is not None
    told.named += WEIGHTS.search(item.path) is not None
    state = item.path.startswith(OPTIMIZERS) or is_optimizer_name(item.path)
    (told.optimizer if state else told.model).add(item.dtype.name, item.shape)


def _judge_link(item: Elsewhere, shown: str, sightings: Sightings) -> None:
    if item.kind == "external":
        message = f"a link leads into another file, which readers open: {printable(item.target)[:150]!r}"
        sightings.add("hdf5.external-link", Severity.HIGH, message, shown)
    elif item.kind != "soft":
        sightings.add("hdf5.unknown-link", Severity.MEDIUM, f"a {printable(item.kind)}, which only other software can follow", shown)


def _judge_dataset(item: Dataset, shown: str, hdf: Hdf5, sightings: Sightings, ranges: list[tuple[int, int, str]]) -> None:
    extent = item.extent
    if item.outside:
        message = f"the bytes of a dataset are in another file, which readers open: {printable(item.outside)[:150]!r}"
        sightings.add("hdf5.external-storage", Severity.HIGH, message, shown)
    if extent.kind == "virtual":
        sightings.add("hdf5.virtual", Severity.HIGH, "a dataset is put together from other files, which readers open", shown)
    if extent.address is None or extent.size is None or item.outside:
        return
    begin = hdf.base + extent.address
    if begin + extent.size > hdf.file.size:
        raise Malformed(f"truncated: {shown[:100]} reaches to byte {begin + extent.size}, the file has {hdf.file.size}")
    if item.dtype is not None and extent.size != prod(item.shape) // max(1, prod(item.dtype.shape)) * item.dtype.size:
        message = "shape and dtype need another number of bytes than a dataset has"
        sightings.add("hdf5.size-mismatch", Severity.HIGH, message, shown, (begin, begin + extent.size))
    if extent.size:
        ranges.append((begin, begin + extent.size, shown))


def _judge_ranges(ranges: Iterable[tuple[int, int, str]], sightings: Sightings) -> None:
    last = 0
    for begin, end, name in sorted(ranges):
        if begin < last:
            message = "datasets share bytes: writing one changes the other"
            sightings.add("hdf5.overlap", Severity.HIGH, message, name, (begin, min(end, last)))
        last = max(last, end)


def read_text(file: Readable, text: Text, limit: int = LARGEST_TEXT) -> bytes:
    """Read a text of the root, at most 16 MiB; raises Malformed for more."""
    if text.end - text.start > limit or text.end > file.size:
        raise Malformed(f"the attribute {printable(text.name)[:100]!r} has {text.end - text.start} bytes, the limit is {limit}")
    return file.read(text.start, text.end - text.start).rstrip(b"\0")
