"""PocketSphinx: acoustic models, as a directory of files.

What it sees: files that begin with the header of CMU Sphinx (`means`, `variances`, `mixture_weights`, `transition_matrices`), or with the
description of dumped weights (`sendump`), and definitions of phones (`mdef`); over all files, which of them stand in one directory.
What it says: parameters are present, by the sizes in each header; how many phones and states there are; which files of a model are missing.
What it cannot know: which language the model is of, and what it was trained on. No number is read.
Source: SphinxBase's `bio.c`; PocketSphinx's readers of these files.
"""

from collections.abc import Iterator
from pathlib import PurePosixPath

from inspector.bundle import File
from inspector.detector import Format, Found, Gathered, Magic, Said, Wants, crosscheck, detector
from inspector.errors import Malformed
from inspector.model import Certainty, Claim, Component, Count, Issue, Location, Reference, Severity, Sizes, Span, Unit
from inspector.serialization.fields import Fields
from inspector.weights.sphinx_model import DEFINITION, DUMP, LONGEST_HEADER, MAGIC, read_definition, read_dump, read_numbers
from inspector.weights.tally import TALLY_EMITS, Tally

LENGTH = len(DUMP).to_bytes(4, "little")
WEIGHTS = "pocketsphinx"
PHONES = "phones"
PARTS = (("mdef",), ("means",), ("variances",), ("sendump", "mixture_weights"), ("transition_matrices",))
SETTLE = "Download the whole directory of the model, and inspect again."


@detector(
    WEIGHTS,
    wants=Wants(magic=(Magic(MAGIC), Magic(LENGTH + DUMP), *map(Magic, DEFINITION))),
    formats=(WEIGHTS, "pocketsphinx-phones"),
    emits=TALLY_EMITS,
)
def pocketsphinx(file: File) -> Iterator[Said]:
    """Read the sizes, never the numbers."""
    head, fields = file.head[:LONGEST_HEADER], Fields(file)
    if head.startswith(DEFINITION):
        yield Format("pocketsphinx-phones")
        counts = read_definition(fields)
        if min(counts.values()) < 0:
            raise Malformed("a definition of negative counts")
        sizes = Sizes(sizes=tuple(Count(name, number) for name, number in sorted(counts.items())))
        span = Span(0, fields.position, Unit.BYTES)
        yield Found(Component.MODEL_METADATA, Claim.PRESENT, PHONES, span=span, details=sizes)
        return
    if not head.startswith(LENGTH + DUMP) and not (head.startswith(MAGIC) and b"version" in head[:200] and b"endhdr" in head):
        return
    yield Format(WEIGHTS)
    tally = Tally(file, WEIGHTS)
    tally.take(lambda tally: _read(tally, fields, head))
    yield from tally.say()


def _read(tally: Tally, fields: Fields, head: bytes) -> None:
    told = read_numbers(fields, head) if head.startswith(MAGIC) else read_dump(fields)
    tally.add(tally.file.name, told.dtype, told.shape)
    tally.header, tally.end = told.start, told.end


@crosscheck("pocketsphinx-parts", emits={(Component.PARAMETERS, Claim.MISSING)})
def pocketsphinx_parts(gathered: Gathered) -> Iterator[Found | Issue]:
    """Hold the files of each directory that has one of a model against those that a model needs."""
    held: dict[tuple[str, str], set[str]] = {}
    for item in gathered.evidence:
        if item.detector == WEIGHTS and item.claim is Claim.PRESENT:
            path = PurePosixPath(item.location.path)
            held.setdefault((item.location.root, str(path.parent)), set()).add(path.name.casefold())
    for (root, directory), names in sorted(held.items()):
        missing = [part[0] for part in PARTS if not names & set(part)]
        place = Location(root=root, path=str(PurePosixPath(directory) / min(names)))
        for name in missing:
            reference = Reference(kind="file", target=str(PurePosixPath(directory) / name))
            yield Found(Component.PARAMETERS, Claim.MISSING, name, Certainty.NAMED, at=place, details=reference)
        if missing:
            message = f"files that an acoustic model needs are not here, or could not be read: {', '.join(missing)}"
            yield Issue(rule="pocketsphinx.missing", severity=Severity.HIGH, message=message, locations=(place,), settle=SETTLE)
