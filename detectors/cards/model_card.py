"""Model card: the README of a model repository, with or without front matter.

What it sees: Markdown whose front matter has a model's keys (`library_name`, `base_model`, `pipeline_tag`...), else whose title or headings are those
of a model card.
What it says: there is a model card; the licence ids that each front-matter block declares for the parameters; data sets, base models, papers
and repositories that it names; whether it holds evaluation results, and on which data; whether it shows outputs; how many parameters
it says that there are; what it describes, only mentions
or withholds of the training data, the data sets that it names for it and where it leaves some unnamed; sentences of terms.
What it cannot know: whether any of it is true, and whether a list of data sets is complete.
Source: the model hub's documentation of model cards and their metadata; Mitchell et al., Model Cards for Model Reporting, arXiv:1810.03993.
"""

import re
from collections.abc import Iterator

from inspector.bundle import File
from inspector.cards.card import MAX_REFERENCES, NO_CARD, TELLS, Kind, kind_of, tell_data, tell_references
from inspector.cards.parameter_claims import tell_parameters
from inspector.cards.sample_outputs import tell_samples
from inspector.data_information.named_sets import tell_named_sets
from inspector.data_information.signals import read_tables
from inspector.detector import Format, Found, Said, Wants, detector
from inspector.documents.document import Document, read_document
from inspector.documents.front_matter import FrontMatter, Leaf
from inspector.errors import Malformed
from inspector.licensing.front_terms import declare_front_terms
from inspector.licensing.prose_terms import read_terms
from inspector.licensing.restrictions import read_restrictions
from inspector.model import Certainty, Claim, Component, Reference, Span
from inspector.sources.named_files import uses_of_document

RESULTS = re.compile(r"\b(evaluations?|results?|benchmarks?|performance|scores?|metrics)\b", re.I)
EVALUATED = re.compile(r"/model-index/\d+/results/\d+/dataset/type")
NUMBER = re.compile(r"(?<!\w)\d+(\.\d+)?\s?%?(?!\w)")


@detector(
    "model-card",
    wants=Wants(suffixes=(".md", ".markdown")),
    formats=("model-card",),
    emits={
        (Component.MODEL_CARD, Claim.PRESENT),
        (Component.EVALUATION_RESULTS, Claim.PRESENT),
        (Component.EVALUATION_DATA, Claim.REFERENCED),
        (Component.SAMPLE_OUTPUTS, Claim.PRESENT),
        (Component.DATASETS, Claim.REFERENCED),
        (Component.PARAMETERS, Claim.DERIVED),
        (Component.PARAMETERS, Claim.MENTIONED),
        *TELLS,
    },
)
def model_card(file: File) -> Iterator[Said]:
    """Read front matter first, then the text."""
    if NO_CARD.match(file.name):
        return
    document = read_document(file)
    if kind_of(file, document) is not Kind.MODEL:
        return
    yield Format("model-card")
    yield Found(Component.MODEL_CARD, Claim.PRESENT, "front-matter" if document.front else "headings", _certainty(document))
    for block in document.front:
        yield from _front(block)
    yield from _results(document)
    yield from _evaluated_on(document)
    yield from tell_samples(document)
    yield from tell_parameters(document)
    yield from tell_data(document, about_model=True, name=file.root.name)
    yield from tell_named_sets(document, file.root.name, file.path, name=file.root.name)
    yield from tell_references(document)
    yield from uses_of_document(document)
    yield from read_terms(document, Component.PARAMETERS)
    yield from read_restrictions(document)
    if document.broken:
        raise Malformed(document.broken)


def _certainty(document: Document) -> Certainty:
    return Certainty.READ if document.front else Certainty.MATCHED


def _front(block: FrontMatter) -> Iterator[Said]:
    yield from declare_front_terms(block, Component.PARAMETERS)
    for leaf in block.values("datasets"):
        yield _named(leaf, Component.DATASETS, Claim.REFERENCED, "dataset")
    for leaf in block.values("base_model"):
        yield _named(leaf, Component.PARAMETERS, Claim.DERIVED, "model")
    for leaf in block.values("tags"):
        if leaf.text.startswith("arxiv:"):
            yield _named(leaf, Component.RESEARCH_PAPER, Claim.REFERENCED, "paper")


def _named(leaf: Leaf, component: Component, claim: Claim, kind: str) -> Found:
    text = leaf.text.replace("arxiv:", "arXiv:", 1)[:300]
    return Found(component, claim, text, span=Span(leaf.line, leaf.line), pointer=leaf.pointer, details=Reference(kind=kind, target=text))


def _evaluated_on(document: Document) -> Iterator[Found]:
    """Name the data that the metrics in the front matter were measured on, each once."""
    first: dict[str, Leaf] = {}
    for block in document.front:
        for leaf in block.leaves:
            if leaf.text and EVALUATED.fullmatch(leaf.pointer):
                first.setdefault(leaf.text, leaf)
    for leaf in list(first.values())[:MAX_REFERENCES]:
        yield _named(leaf, Component.EVALUATION_DATA, Claim.REFERENCED, "dataset")


def _results(document: Document) -> Iterator[Found]:
    """Say once that there are results: metrics in the front matter, else a table with numbers under a heading of results."""
    for block in document.front:
        for leaf in block.leaves:
            if leaf.key == "model-index" and leaf.pointer.endswith("/value"):
                span = Span(leaf.line, leaf.line)
                yield Found(Component.EVALUATION_RESULTS, Claim.PRESENT, "model-index", span=span, pointer=leaf.pointer)
                return
    for section in document.sections:
        if not any(RESULTS.search(heading) for heading in section.path):
            continue
        for head, rows in read_tables(section):
            if any(NUMBER.search(row.text) for row in rows):
                yield Found(Component.EVALUATION_RESULTS, Claim.PRESENT, "table", Certainty.MATCHED, Span(head.first, rows[-1].last))
                return
