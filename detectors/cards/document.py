"""Document: prose that is no card of the hub: READMEs of code, documentation, data sheets.

What it sees: Markdown, reStructuredText and README text files that are neither a model card nor a data-set card; other text files that begin with
a title which is underlined.
What it says: there is a document; it is a data sheet if it has the headings of one, or a public summary of training content after the European
template, whose answers by category only mention; what it describes, only mentions or withholds of training data,
where it speaks of that and not of how a library is used; the data sets that it names there, and where it leaves some unnamed; its own paper;
sentences of terms that name what they cover.
What it cannot know: which model a sentence is about if the text speaks of several.
Source: Gebru et al., Datasheets for Datasets, arXiv:1803.09010; Bender and Friedman, Data Statements, doi:10.1162/tacl_a_00041; the
European Commission's template for the public summary of training content, July 2025.
"""

import re
from collections.abc import Iterator

from inspector.bundle import File
from inspector.cards.card import NO_CARD, TELLS, Kind, kind_of, tell_data, tell_references
from inspector.cards.papers import is_data_sheet
from inspector.data_information.named_sets import tell_named_sets
from inspector.data_information.set_cards import found_card
from inspector.data_information.topics import is_about_tool, is_summary
from inspector.detector import Format, Found, Said, Wants, detector
from inspector.documents.document import read_document
from inspector.errors import Malformed
from inspector.licensing.prose_terms import read_terms
from inspector.licensing.restrictions import read_restrictions
from inspector.model import Certainty, Claim, Component, Role
from inspector.sources.named_files import uses_of_document

HOUSEKEEPING = re.compile(
    r"^(change_?log|changes|history|news|contributing|code_of_conduct|security|support|maintainers|authors|governance)\b", re.I
)
EVALUATION = re.compile(r"^(lm[_-])?(evals?|evaluations?|benchmarks?|tests?|leaderboards?)$", re.I)
# Text files that are prose by their name; any other has to begin with a title that is underlined.
TEXT_NAME = re.compile(
    r"^readme|^datasheet|^data_?card|^data_statement|^important|restrict|disclaimer|model.*info|usage|warning|read_me|^terms|^conditions",
    re.I,
)
UNDERLINED = re.compile(rb"\s{0,80}[^\s<{\[#][^\n]{2,120}\n(={3,}|-{3,}|~{3,}|#{3,}|\*{3,})\s*\n")
SHEET_NAME = re.compile(r"data[-_ ]?(sheet|card|statement)", re.I)


@detector(
    "document",
    wants=Wants(
        suffixes=(".md", ".markdown", ".rst", ".txt"),
        globs=(
            *("readme.adoc", "readme.asciidoc", "readme.org", "terms", "conditions", "disclaimer"),
            *("readme", "readme.txt", "readme.html", "readme.htm", "datasheet*", "data_card*", "datacard*", "data_statement*"),
            *(
                "important*.txt",
                "*restrict*.txt",
                "*disclaimer*.txt",
                "*model*info*.txt",
                "*usage*.txt",
                "*warning*.txt",
                "*read_me*.txt",
                "terms*.txt",
            ),
            *("conditions*.txt",),
            *("*training*summary*.txt", "*summary*training*.txt"),
        ),
    ),
    formats=("document",),
    emits={
        (Component.DATA_CARD, Claim.PRESENT),
        (Component.DATA_CARD, Claim.MENTIONED),
        *TELLS,
    },
)
def document(file: File) -> Iterator[Said]:
    """Read the text; change logs and house rules are documents and nothing more."""
    if file.suffix == ".txt" and not (TEXT_NAME.search(file.name) or begins_with_title(file.head)):
        return
    if NO_CARD.match(file.name) or file.suffix in {".pdf", ".json", ".yaml", ".yml", ".csv"} or b"\0" in file.head:
        return
    prose = read_document(file)
    if kind_of(file, prose) is not Kind.OTHER:
        return
    yield Format("document")
    if HOUSEKEEPING.match(file.name) or ".github" in file.path.split("/"):
        return
    sheet = is_data_sheet(prose)
    is_about_model = file.root.role is Role.WEIGHTS and "/" not in file.path and not is_about_tool(prose)
    told = (
        ()
        if _is_of_evaluation(file)
        else tuple(tell_data(prose, about_data=sheet or file.root.role is Role.DATA, about_model=is_about_model, name=file.root.name))
    )
    if sheet or (SHEET_NAME.search(file.name) and any(found.claim is Claim.DESCRIBED for found in told)):
        yield Found(Component.DATA_CARD, Claim.PRESENT, "datasheet", Certainty.MATCHED)
        if card := found_card(prose, file.root.name, file.path):
            yield card
    elif is_summary(prose):
        claim = Claim.PRESENT if any(found.claim is Claim.DESCRIBED for found in told) else Claim.MENTIONED
        yield Found(Component.DATA_CARD, claim, "training-content-summary", Certainty.MATCHED)
    yield from told
    if not _is_of_evaluation(file):
        yield from tell_named_sets(prose, file.root.name, file.path, about_data=sheet, name=file.root.name)
    yield from tell_references(prose, own_paper_only=True)
    yield from uses_of_document(prose)
    yield from read_terms(prose)
    yield from read_restrictions(prose)
    if prose.broken:
        raise Malformed(prose.broken)


def begins_with_title(head: bytes) -> bool:
    """Say whether a text begins with a line that a row of one character underlines."""
    return UNDERLINED.match(head.replace(b"\r\n", b"\n")) is not None


def _is_of_evaluation(file: File) -> bool:
    """Say whether a directory above the file is one for evaluation or tests: the data spoken of there is not training data."""
    return any(EVALUATION.match(part) for part in file.path.split("/")[:-1])
