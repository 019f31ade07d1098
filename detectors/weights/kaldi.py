"""Kaldi: acoustic models, extractors and matrices in its binary form, and the graphs that are decoded with them.

What it sees: files that begin with the binary mark of Kaldi and a word in brackets or a matrix (`final.mdl`, `final.ie`, `final.mat`), and
files with the magic number of OpenFst (`HCLG.fst`).
What it says: parameters are present: matrices and vectors by their headers; the kinds of components by their words; of a graph its kind and
how many states and arcs it has; matrices that reach beyond the file.
What it cannot know: names of tensors, and where a model ends. What stands between matrices is scanned; their numbers are not read.
Source: Kaldi's `io-funcs`, `kaldi-matrix.cc`, `kaldi-vector.cc`; OpenFst's `fst.cc` for the header of graphs.
"""

import re
from collections.abc import Iterator

from inspector.bundle import File
from inspector.detector import Format, Found, Magic, Said, Wants, detector
from inspector.model import Claim, Component, Count, Reference, Sizes, Span, Unit, printable
from inspector.serialization.fields import Fields
from inspector.weights.kaldi_objects import MAGIC, Word, scan_objects
from inspector.weights.role import Role
from inspector.weights.tally import TALLY_EMITS, Tally

GRAPH = (2125659606).to_bytes(4, "little")
BEGIN = re.compile(rb"\0B(?:<\w{2,40}>|[FD][MV] \x04)")
COMPONENT = re.compile(r"\w*(?:Component|Extractor|Gmm|GMM|Model|Ubm)\w*")
LONGEST_TYPE = 64
MOST_KINDS = 100
NOT_KEPT = 0  # arcs of a graph whose kind does not keep their count


@detector("kaldi", wants=Wants(magic=(Magic(MAGIC),)), formats=("kaldi",), emits=TALLY_EMITS | {(Component.ARCHITECTURE, Claim.REFERENCED)})
def kaldi(file: File) -> Iterator[Said]:
    """Scan for the headers of matrices."""
    if BEGIN.match(file.head) is None:
        return
    yield Format("kaldi")
    tally = Tally(file, "kaldi", end=file.size)
    tally.take(_read)
    yield Found(Component.ARCHITECTURE, Claim.REFERENCED, "kaldi", details=Reference(kind="package", target="kaldi"))
    yield from tally.say(None if tally.keys else Role(Component.PARAMETERS, "kaldi-matrix"))


def _read(tally: Tally) -> None:
    kinds: set[str] = set()
    for told in scan_objects(tally.file):
        if not isinstance(told, Word):
            tally.add(told.word, told.dtype, told.shape)
        elif COMPONENT.fullmatch(told.name) and told.name not in kinds and len(kinds) < MOST_KINDS:
            kinds.add(told.name)
            tally.keys.append(told.name)


@detector("openfst", wants=Wants(magic=(Magic(GRAPH),)), formats=("openfst",), emits={(Component.MODEL_METADATA, Claim.PRESENT)})
def openfst(file: File) -> Iterator[Said]:
    """Read the header of a graph."""
    if not file.head.startswith(GRAPH):
        return
    yield Format("openfst")
    fields = Fields(file, len(GRAPH))
    kind = fields.text(fields.number("i"), LONGEST_TYPE, "the kind of a graph")
    arcs = fields.text(fields.number("i"), LONGEST_TYPE, "the kind of its arcs")
    fields.skip(16)  # version, flags, properties
    _, states, count = fields.numbers("q", 3)
    numbers = [Count("states", max(0, states))] + ([Count("arcs", count)] if count > NOT_KEPT else [])
    span = Span(0, fields.position, Unit.BYTES)
    excerpt = printable(f"{kind}, {arcs} arcs")[:200]
    yield Found(
        Component.MODEL_METADATA, Claim.PRESENT, "decoding-graph", span=span, details=Sizes(sizes=tuple(sorted(numbers))), excerpt=excerpt
    )
