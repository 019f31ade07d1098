"""What safetensors files say of themselves, and their indexes of each other: how many bytes there must be. They hold no digests.

A header says where the last tensor ends, so that a file that was cut shows. An index names the parts and the bytes of all tensors together.
Source: the safetensors README, "Format"; the index files of transformers.
"""

import math
from collections.abc import Iterator

import msgspec

from inspector.bundle import Entry, Survey
from inspector.decoding import decode_json
from inspector.errors import Malformed
from inspector.git.lfs import is_pointer
from inspector.model import Issue, Location, Severity
from inspector.verification.integrity import Expected, Said, Trust, join_path, ledger
from inspector.verification.record_reading import LARGEST, place, read_bytes, read_each, refuse_path

HEADERS, INDEXES = "safetensors-header", "safetensors-index"
SUFFIX = ".safetensors"
MOST_HEADER = 100_000_000  # bytes; the format's own limit
MOST_PARTS = 10_000


class Tensor(msgspec.Struct):
    """What is needed of a tensor: where its bytes begin and end."""

    data_offsets: tuple[int, int]


class Totals(msgspec.Struct):
    """What an index says of all its parts."""

    total_size: float | None = None


class Index(msgspec.Struct):
    """What is needed of an index."""

    weight_map: dict[str, str] = {}
    metadata: Totals | None = None


@ledger(HEADERS, title="header of a safetensors file", proves="the file has the number of bytes that its own header needs; no content")
def safetensors_headers(survey: Survey, _: Trust) -> Iterator[Said]:
    """Tell how long each file must be."""
    for entry in (entry for path, entry in survey.entries.items() if path.endswith(SUFFIX)):
        size = measure(entry)
        if size is not None:
            yield Expected(path=entry.path, ledger=HEADERS, record=place(entry), size=size[0])


def measure(entry: Entry) -> tuple[int, int] | None:
    """Give how many bytes a file must have by its header, and how many of them are tensors; none where it has no such header."""
    try:
        with entry.open() as file:
            if file.size < 8 or is_pointer(file):
                return None
            length = int.from_bytes(file.read(0, 8), "little")
            if not 2 <= length <= MOST_HEADER:
                return None
            header = decode_json(file.read(8, length), dict[str, msgspec.Raw])
        header.pop("__metadata__", None)
        ends = [decode_json(raw, Tensor).data_offsets for raw in header.values()]
    except (Malformed, OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    tensors = max((end for _, end in ends), default=0)
    return (8 + length + tensors, sum(end - begin for begin, end in ends)) if tensors >= 0 else None


@ledger(
    INDEXES, title="index of the parts of a model", proves="the parts are here, and their tensors have together as many bytes; no content"
)
def safetensors_indexes(survey: Survey, _: Trust) -> Iterator[Said]:
    """Read which parts there should be."""
    found = (entry for path, entry in survey.entries.items() if path.endswith(".index.json"))
    for entry in found:
        yield from read_each((entry,), Indexes(survey).read)


class Indexes:
    """The indexes of one root."""

    def __init__(self, survey: Survey) -> None:
        self._survey = survey

    def read(self, entry: Entry) -> Iterator[Said]:
        """Say of each part that an index names that it should be here, and of all of them whether their bytes add up."""
        data = read_bytes(entry, LARGEST)
        if b'"weight_map"' not in data:
            return
        try:
            index = decode_json(data, Index)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise Malformed(f"no index of parts: {str(error)[:200]}") from error
        names = sorted(set(index.weight_map.values()))[:MOST_PARTS]
        directory = entry.path.rpartition("/")[0]
        record, paths = place(entry, pointer="/weight_map"), list[str]()
        for name in names:
            path = join_path(f"{directory}/" if directory else "", name)
            if path is None:
                yield refuse_path(record, name)
            else:
                paths.append(path)
                yield Expected(path=path, ledger=INDEXES, record=record)
        total = index.metadata.total_size if index.metadata else None
        if total is not None and math.isfinite(total) and all(path.endswith(SUFFIX) for path in paths):
            yield from self._add(int(total), paths, place(entry, pointer="/metadata/total_size"))

    def _add(self, total: int, paths: list[str], record: Location) -> Iterator[Issue]:
        sizes = [measure(held) if (held := self._survey.entries.get(path)) else None for path in paths]
        known = [size[1] for size in sizes if size is not None]
        if len(known) == len(sizes) and sum(known) != total:
            yield Issue(
                rule="verify.index-total",
                severity=Severity.MEDIUM if sum(known) < total else Severity.LOW,
                message=f"the index announces {total:,} bytes of tensors, its parts have {sum(known):,}",
                locations=(record,),
                settle="Fetch the index and all of its parts again from one revision.",
            )
