"""Subjects of a comparison: a bundle on disk, or the fingerprint that stands in for one; and the known models that a suspect is held against."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np

from inspector.audit import inspect, judge
from inspector.bundle import Entry, open_root, walk
from inspector.decoding import decode_msgpack
from inspector.errors import Malformed, NothingToInspect, UsageError
from inspector.kinship.fingerprint import DENSITY, Fingerprint, make_fingerprint, read_fingerprint, samples_of
from inspector.kinship.known import Bits, find_near, join_signs, signs_of
from inspector.kinship.models import Progress, Side, relate_models, unwatched
from inspector.kinship.relation import Kinship, Whole
from inspector.kinship.samples import Density, density_for, take_samples
from inspector.kinship.surroundings import Difference, Surroundings, describe, hold_surroundings, list_texts
from inspector.layouts import open_layout
from inspector.memo import Memo
from inspector.model import Frozen, Problem
from inspector.tensors.weights import OpenFiles, WeightsOf, gather_weights, open_files

LARGEST = 16 * 2**20  # bytes of a fingerprint
SIGNS = "signs of a fingerprint"
CANDIDATES = 5


class Compared(Frozen, frozen=True):
    """A comparison of two models: the relation of their weights, and what differs beside them."""

    kinship: Kinship
    differences: tuple[Difference, ...]
    problems: tuple[Problem, ...] = ()


class Lineage(Frozen, frozen=True):
    """The known models that are nearest to a suspect, the nearest first, each with its agreement of signs (1 the same, 0 chance).

    `known` counts the fingerprints that were looked at, `unread` names those that could not be.
    """

    suspect: str
    known: int
    nearest: tuple["Nearest", ...]
    unread: tuple[str, ...] = ()


class Nearest(Frozen, frozen=True):
    """A known model: its file, the agreement of signs, and the comparison with its fingerprint."""

    file: str
    agreement: float
    compared: Compared


@dataclass(frozen=True, slots=True)
class Subject:
    """A model to compare: its name, its weights or its fingerprint, and what stands beside them."""

    name: str
    surroundings: Surroundings
    weights: WeightsOf | None = None
    fingerprint: Fingerprint | None = None

    @property
    def tensors(self) -> int:
        """How many tensors the weights have."""
        return len(self.weights.tensors) if self.weights is not None else 0


def load_subject(path: Path, memo: Memo | None = None) -> Subject:
    """Load a bundle, or a fingerprint.

    Raises UsageError when there is neither weights nor a fingerprint at the path.
    """
    if path.suffix == ".json" and path.is_file():
        found = _read_fingerprint(path)
        return Subject(found.name, found.surroundings, fingerprint=found)
    report = judge(inspect([path], digest=False, memo=memo), ())
    entries = [entry for entry in walk(open_layout(path)) if isinstance(entry, Entry)]
    weights, texts = gather_weights(entries), list_texts(report)
    digests = {(entry.root.name, entry.path): _digest(entry) for entry in entries if (entry.root.name, entry.path) in texts}
    if not weights.tensors:
        raise NothingToInspect(f"{path}: no tensors that can be compared: safetensors, GGUF, torch and numpy files are read")
    return Subject(report.inventory.name, describe(report, digests), weights)


def _digest(entry: Entry) -> str:
    """Digest a text; a file that cannot be read has none."""
    try:
        with entry.open() as file:
            return file.sha256() if file.size <= LARGEST else ""
    except (Malformed, OSError):
        return ""


def compare(suspect: Subject, original: Subject, *, exact: bool = False, watch: Progress = unwatched) -> Compared:
    """Hold a suspect against an original; where one is a fingerprint, at the places that it keeps.

    Raises UsageError where the suspect is a fingerprint, or the original is one and all elements are to be compared.
    """
    if suspect.weights is None:
        raise UsageError("the suspect is a fingerprint: give its bundle, or change the two")
    if exact and original.weights is None:
        raise UsageError("the original is a fingerprint: all elements can be compared with the weights themselves only")
    with open_files() as files:
        density = DENSITY if original.fingerprint is not None else density_for(max(suspect.tensors, original.tensors))
        return _compare(suspect, _side(suspect, files, density), original, files, exact=exact, watch=watch)


def _compare(suspect: Subject, side: Side, original: Subject, files: OpenFiles, *, exact: bool, watch: Progress) -> Compared:
    kinship = relate_models(
        side, _side(original, files, DENSITY if original.fingerprint else _density(side)), files, exact=exact, watch=watch
    )
    differences = hold_surroundings(original.surroundings, suspect.surroundings, kinship.whole, original.name)
    problems = tuple(problem for subject in (suspect, original) if subject.weights is not None for problem in subject.weights.problems)
    return Compared(kinship=kinship, differences=differences, problems=problems)


def _density(side: Side) -> Density:
    return density_for(len(side.samples))


def _side(subject: Subject, files: OpenFiles, density: Density) -> Side:
    if subject.fingerprint is not None:
        return Side(subject.name, samples_of(subject.fingerprint))
    if subject.weights is None:
        raise AssertionError  # a subject has one of the two
    samples, unread = take_samples(subject.weights, files, density)
    packing = (subject.weights.container, *sorted(entry.path for entry in subject.weights.files))
    return Side(subject.name, samples, unread, packing)


def fingerprint_of(subject: Subject) -> Fingerprint:
    """Make the fingerprint of a bundle's weights.

    Raises UsageError for a subject that is a fingerprint itself.
    """
    if subject.weights is None:
        raise UsageError("this is a fingerprint already")
    with open_files() as files:
        samples, _ = take_samples(subject.weights, files, DENSITY)
        return make_fingerprint(subject.name, subject.weights.container, samples, subject.surroundings)


def trace(suspect: Subject, directory: Path, memo: Memo, count: int = CANDIDATES) -> Lineage:
    """Find the known models whose fingerprints are nearest to a suspect.

    Raises UsageError when the directory holds no fingerprint.
    """
    if suspect.weights is None:
        raise UsageError("the suspect is a fingerprint: give its bundle")
    entries = [entry for entry in walk(open_root(directory)) if isinstance(entry, Entry) and entry.path.endswith(".json")]
    found = dict(_known_signs(entries, memo))
    known = [entry for entry in entries if entry.path in found]
    unread = tuple(entry.path for entry in entries if entry.path not in found)
    if not known:
        raise UsageError(f"{directory}: no fingerprint among {len(entries)} JSON files; `inspector fingerprint` writes one")
    with open_files() as files:
        side = _side(suspect, files, DENSITY)
        near = find_near(side.samples, join_signs([found[entry.path] for entry in known]), count)
        nearest: list[Nearest] = []
        for item in near:
            original = load_subject(Path(directory, known[item.model].path))
            compared = _compare(suspect, side, original, files, exact=False, watch=unwatched)
            nearest.append(Nearest(file=known[item.model].path, agreement=round(item.agreement, 4), compared=compared))
    nearest.sort(key=lambda item: (item.compared.kinship.whole is Whole.UNRELATED, -item.agreement, item.file))
    return Lineage(suspect=suspect.name, known=len(known), nearest=tuple(nearest), unread=unread)


def _known_signs(entries: Sequence[Entry], memo: Memo) -> Iterator[tuple[str, dict[tuple[int, ...], Bits]]]:
    """Give the signs of every fingerprint by its path; those of one that did not change are remembered."""
    for entry in entries:
        kept = memo.recall_made(SIGNS, entry)
        if kept is None:
            try:
                with entry.open() as file:
                    signs = signs_of(samples_of(read_fingerprint(file.whole(LARGEST))))
            except (Malformed, OSError):
                continue
            kept = msgspec.msgpack.encode([(shape, bits.tobytes()) for shape, bits in signs.items()])
            memo.keep_made(SIGNS, entry, kept)
        rows = decode_msgpack(kept, list[tuple[tuple[int, ...], bytes]])
        yield entry.path, {shape: np.frombuffer(data, np.uint8).reshape(-1, 32) for shape, data in rows}


def _read_fingerprint(path: Path) -> Fingerprint:
    try:
        with next(entry for entry in walk(open_root(path)) if isinstance(entry, Entry)).open() as file:
            return read_fingerprint(file.whole(LARGEST))
    except (Malformed, OSError, StopIteration) as error:
        raise UsageError(f"{path}: it cannot be read as a fingerprint: {error}") from error
