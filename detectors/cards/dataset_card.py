"""Data-set card: the README of a data set's repository.

What it sees: Markdown whose front matter has a data set's keys (`task_categories`, `dataset_info`, `annotations_creators`...), or whose title says
that it is a data card; a README in a root that was given as data, if it describes data.
What it says: there is a data card, and of which set; the licence ids declared for the data; the data sets it was made from, and those that the text
names; sizes and annotation as far as the front matter gives them; what the text describes, only mentions or withholds; sentences of terms.
What it cannot know: whether the data was used for training, and whether what is said of it is true.
Source: the model hub's documentation of data-set cards; Pushkarna et al., Data Cards, arXiv:2204.01075.
"""

from collections.abc import Iterator

from inspector.bundle import File
from inspector.cards.card import NO_CARD, TELLS, Kind, kind_of, tell_data, tell_references
from inspector.data_information.named_sets import tell_named_sets
from inspector.data_information.set_cards import found_card
from inspector.detector import Format, Found, Said, Wants, detector
from inspector.documents.document import read_document
from inspector.documents.front_matter import FrontMatter, Leaf
from inspector.errors import Malformed
from inspector.licensing.front_terms import declare_front_terms
from inspector.licensing.prose_terms import read_terms
from inspector.licensing.restrictions import read_restrictions
from inspector.model import Certainty, Claim, Component, Reference, Span
from inspector.sources.named_files import uses_of_document

ORIGINAL = frozenset({"original", "extended", "unknown", ""})
COUNTS = ("/num_examples", "/num_bytes", "/dataset_size")


@detector(
    "dataset-card",
    wants=Wants(suffixes=(".md", ".markdown")),
    formats=("dataset-card",),
    emits={
        (Component.DATA_CARD, Claim.PRESENT),
        (Component.DATA_CARD, Claim.MENTIONED),
        (Component.DATASETS, Claim.REFERENCED),
        *TELLS,
    },
)
def dataset_card(file: File) -> Iterator[Said]:
    """Read front matter first, then the text; a card that says nothing of its data is mentioned, not present."""
    if NO_CARD.match(file.name):
        return
    document = read_document(file)
    if kind_of(file, document) is not Kind.DATA:
        return
    yield Format("dataset-card")
    told = tuple(tell_data(document, about_data=True, name=file.root.name))
    speaks = bool(document.front) or any(found.claim is Claim.DESCRIBED for found in told)
    claim = Claim.PRESENT if speaks else Claim.MENTIONED
    certainty = Certainty.READ if document.front else Certainty.MATCHED
    yield Found(Component.DATA_CARD, claim, "front-matter" if document.front else "headings", certainty)
    for block in document.front:
        yield from _front(block)
    yield from told
    if card := found_card(document, file.root.name, file.path):
        yield card
    yield from tell_named_sets(document, file.root.name, file.path, about_data=True, name=file.root.name)
    yield from tell_references(document)
    yield from uses_of_document(document)
    yield from read_terms(document, Component.DATASETS)
    yield from read_restrictions(document)
    if document.broken:
        raise Malformed(document.broken)


def _front(block: FrontMatter) -> Iterator[Said]:
    yield from declare_front_terms(block, Component.DATASETS)
    for leaf in block.values("source_datasets"):
        if leaf.text not in ORIGINAL:
            target = leaf.text.removeprefix("extended|")[:300]
            details = Reference(kind="dataset", target=target)
            yield Found(Component.DATASETS, Claim.REFERENCED, target, span=_line(leaf), pointer=leaf.pointer, details=details)
    yield from _annotation(block)
    yield from _amounts(block)


def _annotation(block: FrontMatter) -> Iterator[Found]:
    creators = block.values("annotations_creators")
    without = [leaf for leaf in creators if leaf.text == "no-annotation"]
    if without and len(without) == len(creators):
        yield _said(without[0], Claim.DESCRIBED, "self-supervised")
    for leaf in creators:
        if leaf not in without:
            yield _said(leaf, Claim.MENTIONED, "labeling")
            return


def _amounts(block: FrontMatter) -> Iterator[Found]:
    counted = next(
        (leaf for leaf in block.leaves if leaf.key == "dataset_info" and leaf.pointer.endswith(COUNTS) and leaf.text.isdigit()), None
    )
    rough = next(iter(block.values("size_categories")), None)
    if counted:
        yield _said(counted, Claim.DESCRIBED, "scope")
    elif rough:
        yield _said(rough, Claim.MENTIONED, "scope")


def _said(leaf: Leaf, claim: Claim, aspect: str) -> Found:
    return Found(Component.DATASETS, claim, aspect, span=_line(leaf), pointer=leaf.pointer, excerpt=f"{leaf.pointer}: {leaf.text}"[:200])


def _line(leaf: Leaf) -> Span:
    return Span(leaf.line, leaf.line)
