"""Cards: which kind of card a document is, and what every kind says in the same way: training data, papers, repositories."""

import re
from collections.abc import Iterator
from enum import StrEnum

from inspector.bundle import File
from inspector.data_information.signals import is_excluded, read_signals
from inspector.detector import Found
from inspector.documents.document import Block, Document, Section
from inspector.documents.prose import Link, excerpt, sentences
from inspector.model import CODE, Certainty, Claim, Component, Constructs, Reference, Role, Span

MAX_REFERENCES = 50
MODEL_KEYS = frozenset(
    {
        "base_model",
        "base_model_relation",
        "co2_eq_emissions",
        "datasets",
        "inference",
        "library_name",
        "metrics",
        "model-index",
        "model_name",
        "new_version",
        "pipeline_tag",
        "quantized_by",
        "widget",
    }
)
DATA_KEYS = frozenset(
    {
        "annotations_creators",
        "configs",
        "dataset_info",
        "language_creators",
        "multilinguality",
        "paperswithcode_id",
        "pretty_name",
        "size_categories",
        "source_datasets",
        "task_categories",
        "task_ids",
        "viewer",
    }
)
HUB_KEYS = frozenset(
    {"language", "languages", "license", "licenses", "license_link", "license_name", "tags", "extra_gated_prompt", "thumbnail"}
)
MODEL_TITLE = re.compile(r"\bmodel[ _-]?card\b", re.I)
DATA_TITLE = re.compile(r"\bdata[ -]?(set )?(card|sheet|statement)\b", re.I)
MODEL_HEADINGS = re.compile(
    r"^\W*(model (details|description|summary|sources|card authors|date|type|version|architecture)"
    r"|intended uses?|out-of-scope use|training (data|details|procedure)"
    r"|evaluation( results| data)?|ethical considerations.*|bias, risks,? and limitations|environmental impact|how to get started.*)\W*$",
    re.I,
)
NO_CARD = re.compile(r"^(licen[cs]e|copying|notice|unlicen[cs]e|.*use[_-]policy)", re.I)
PAPER = re.compile(
    r"(arxiv\.org/(abs|pdf|html)/|^arxiv:)(?P<arxiv>\d{4}\.\d{4,5}|[a-z-]+/\d{7})|doi\.org/(?P<doi>10\.\d{4,9}/[^\s?#]+)", re.I
)
REPOSITORY = re.compile(r"github\.com/([\w.-]{1,100})/([\w.-]{1,100})", re.I)
TRAINING_CODE = re.compile(
    r"\b(training (code|scripts?|library|framework|codebase|repo(sitory)?|readme)|trained (with|using)( the)? (library|code|framework|\S+)"
    r"|(code|library|framework) (used )?(for|to) (pre-?)?train(ing)?|used to train|replicating training)\b",
    re.I,
)
ANY_CODE = re.compile(r"\b(code ?base|source code|(the|our|model|all) code|code (is|for|and|of)|code repository|repository:)", re.I)
OWN_PAPER = re.compile(
    r"\b(our|the|this|accompanying|associated|see)\b.{0,60}\b(paper|preprint|technical report|data ?sheet)\b|\bpaper\b\W{0,3}$|^paper:",
    re.I,
)


class Kind(StrEnum):
    """What a document describes."""

    MODEL = "model"
    DATA = "data"
    OTHER = "other"


# What every document can say: `tell_data`, `tell_named_sets`, `tell_references` and the statements of terms in its prose.
TELLS = frozenset(
    {
        (Component.DATASETS, Claim.DESCRIBED),
        (Component.DATASETS, Claim.MENTIONED),
        (Component.DATASETS, Claim.WITHHELD),
        (Component.DATASETS, Claim.NAMED),
        (Component.RESEARCH_PAPER, Claim.REFERENCED),
        (Component.TRAINING, Claim.REFERENCED),
        (Component.SUPPORTING, Claim.REFERENCED),
        *((part, Claim.LICENSED) for part in (*CODE, Component.PARAMETERS, Component.DATASETS, Component.TOKENIZER, Component.UNSPECIFIED)),
    }
)


def kind_of(file: File, document: Document) -> Kind:
    """Tell the card of a model from the card of a data set and from any other document: by front matter, else title, headings, the root's role."""
    data, model = len(document.keys & DATA_KEYS), len(document.keys & MODEL_KEYS)
    if data or model:
        return Kind.DATA if data > model else Kind.MODEL
    if DATA_TITLE.search(document.title) and not MODEL_TITLE.search(document.title):
        return Kind.DATA
    titles = [document.title] + [section.heading for section in document.sections if section.level == 1]
    if any(MODEL_TITLE.search(title) for title in titles):
        return Kind.MODEL
    telling = sum(bool(MODEL_HEADINGS.match(section.heading)) for section in document.sections)
    if telling >= (2 if MODEL_TITLE.search(file.name) else 4):
        return Kind.MODEL
    if not file.name.casefold().startswith("readme."):
        return Kind.OTHER
    if file.root.role is Role.DATA:
        described = any(signal.claim is Claim.DESCRIBED for signal in read_signals(document, about_data=True))
        return Kind.DATA if described or document.keys & HUB_KEYS else Kind.OTHER
    return Kind.MODEL if document.keys & HUB_KEYS else Kind.OTHER


def tell_data(document: Document, *, about_data: bool = False, about_model: bool = False, name: str = "") -> Iterator[Found]:
    """Give what a document says of training data."""
    for signal in read_signals(document, about_data=about_data, about_model=about_model, name=name):
        yield Found(
            Component.DATASETS,
            signal.claim,
            signal.aspect,
            Certainty.MATCHED,
            Span(signal.first, signal.last),
            details=Constructs(seen=signal.seen),
            excerpt=signal.excerpt,
        )


def tell_references(document: Document, *, own_paper_only: bool = False) -> Iterator[Found]:
    """Give the papers a document points to, and the repositories whose purpose it states; at most 50 of them, each once."""
    seen: set[tuple[Component, str]] = set()
    for section in document.sections:
        for link, words in linked_words(section):
            for found in (_paper(section, link, words, own_paper_only), _repository(link, words)):
                if found and (found.component, found.value) not in seen and len(seen) < MAX_REFERENCES:
                    seen.add((found.component, found.value))
                    yield found


def linked_words(section: Section) -> Iterator[tuple[Link, str]]:
    """Pair each link with the sentence it stands in."""
    for block in section.blocks:
        if block.links:
            yield from _in_block(block)


def _in_block(block: Block) -> Iterator[tuple[Link, str]]:
    parts = tuple(sentences(block.text)) or ("",)
    for link in block.links[: 2 * MAX_REFERENCES]:
        sought = link.text or link.target
        yield link, next((part for part in parts if sought in part), parts[0])


def _paper(section: Section, link: Link, words: str, own_only: bool) -> Found | None:
    match = PAPER.search(link.target)
    if not match or is_excluded(section) or (own_only and not OWN_PAPER.search(words)):
        return None
    target = f"arXiv:{match['arxiv']}" if match["arxiv"] else f"doi:{match['doi']}"
    return _refer(Component.RESEARCH_PAPER, "paper", target, link.line, words)


def _repository(link: Link, words: str) -> Found | None:
    match = REPOSITORY.search(link.target)
    if not match or match[1].casefold() in {"orgs", "sponsors", "topics", "features"}:
        return None
    target = f"github.com/{match[1]}/{match[2].removesuffix('.git')}"
    if TRAINING_CODE.search(words):
        return _refer(Component.TRAINING, "repository", target, link.line, words)
    return _refer(Component.SUPPORTING, "repository", target, link.line, words) if ANY_CODE.search(words) else None


def _refer(component: Component, kind: str, target: str, line: int, words: str) -> Found:
    details = Reference(kind=kind, target=target)
    return Found(component, Claim.REFERENCED, target, Certainty.MATCHED, Span(line, line), details=details, excerpt=excerpt(words) or None)
